#!/usr/bin/env python3
"""check_cert.sh against real TLS servers on loopback, servers that are none, and files."""
import os
import pathlib
import shutil
import socket
import tempfile

import scripts
import tls
from scripts import PATIENCE, SHELLS, Script

NAME = "check_cert.sh"


class CertScript(Script):
    """One authority and its servers for all tests of the file."""
    NAME = NAME

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="hostmeter-certs-", dir="/var/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        cls.own = tls.Authority(cls.shared)
        cls.ca = cls.own.pem("ca")

    @classmethod
    def serve(cls, name, *flags):
        return cls.kept(tls.Server(cls.own, name, *flags))

    @classmethod
    def listen(cls, talk):
        return cls.kept(tls.Listener(talk))

    @classmethod
    def kept(cls, server):
        cls.addClassCleanup(server.close)
        return server.port

    def check(self, *lines, **more):
        """With more time than a busy machine needs, if MORE does not say otherwise."""
        file = self.folder / "list"
        file.write_text("".join(line + "\n" for line in lines))
        output = self.run_script(str(file), **{"CERT_TIME_LIMIT": "40", "CERT_TIMEOUT": "20", **more})
        self.assertEqual(0, output.status, output.errors)
        return output

    def assert_fails(self, output, **reasons):
        for target, reason in reasons.items():
            self.assertEqual(0, output.one("cert_check_success", target=target), target)
            self.assertEqual([reason], output.labels("cert_check_failure_info", "reason", target=target), target)
            for name in ("not_after_timestamp_seconds", "not_before_timestamp_seconds", "chain_valid", "host_match", "info",
                         "tls_info", "chain_not_after_timestamp_seconds"):
                self.assertEqual([], output.all(f"cert_{name}", target=target))

    def assert_chain(self, output, target, *reasons):
        self.assertEqual(1, output.one("cert_check_success", target=target), target)
        self.assertEqual(0 if reasons else 1, output.one("cert_chain_valid", target=target), target)
        self.assertEqual(sorted(reasons), output.labels("cert_chain_failure_info", "reason", target=target), target)


class Servers(CertScript):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.own
        own.sign("valid")
        own.sign("expiring", end=1)
        own.sign("expired", begin=-30, end=-2)
        own.sign("early", begin=2)
        own.sign("elsewhere", names="DNS:other.example")
        own.self_signed("alone")
        own.sign("middle", end=5, names="", extensions="v3_ca")
        own.sign("deep", by="middle", end=20)
        own.sign("odd", subject='a"b\\\\c ü')
        cls.ports = {name: cls.serve(name) for name in ("valid", "expiring", "expired", "early", "elsewhere", "alone", "odd")}
        cls.ports["deep"] = cls.serve("deep", "-cert_chain", own.pem("middle"))
        cls.ports["broken_chain"] = cls.serve("deep")
        cls.ports["old"] = cls.serve("valid", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")
        cls.ports["mutual"] = cls.serve("valid", "-tls1_2", "-Verify", 1, "-CAfile", cls.ca)
        cls.ports["plain"] = cls.listen(tls.plain)
        cls.ports["tarpit"] = cls.listen(tls.silence)
        cls.ports["hang_up"] = cls.listen(tls.hang_up)
        context = tls.context_of(own, "valid")
        for word in (*tls.DIALOGUES, "postgres"):
            cls.ports[word] = cls.listen(tls.starttls(word, context))
            cls.ports[f"no_{word}"] = cls.listen(tls.starttls(word))
        cls.ports["babble"] = cls.listen(tls.babble)

    def line(self, name, *options):
        return " ".join((f"localhost:{self.ports[name]}", f"name={name}", f"ca={self.ca}", *options))

    def test_each_kind_in_each_shell(self):
        names = ("valid", "expiring", "expired", "early", "elsewhere", "deep", "broken_chain", "old", "mutual", "odd")
        for shell in SHELLS:
            with self.subTest(shell=shell):
                output = self.check(*map(self.line, names), f"127.0.0.1:{self.ports['alone']} name=alone", shell=shell)
                self.assertEqual(len(names) + 1, output.one("cert_targets"))
                self.assertEqual([], output.all("cert_check_failure_info"))
                self.check_dates(output)
                for name in ("valid", "expiring", "deep", "old", "mutual", "odd", "elsewhere"):
                    self.assert_chain(output, name)
                self.assert_chain(output, "expired", "expired")
                self.assert_chain(output, "early", "not_yet_valid")
                self.assert_chain(output, "alone", "self_signed")
                self.assert_chain(output, "broken_chain", "unknown_issuer")
                self.assertEqual(["alone", "elsewhere"], sorted(
                    has["target"] for has, value in output.all("cert_host_match") if value == 0))
                self.assertEqual(len(names) + 1, len(output.all("cert_host_match")))
                self.assertEqual([("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")], [
                    (has["protocol"], has["cipher"]) for has, _ in output.all("cert_tls_info", target="old")])
                self.assertEqual(["TLSv1.3"], output.labels("cert_tls_info", "protocol", target="valid"))
                self.assertEqual(["CN=Own CA"], output.labels("cert_info", "issuer", target="valid"))
                self.assertEqual([r'CN=a\\\"b\\\\c \\C3\\BC'], output.labels("cert_info", "subject", target="odd"))

    def check_dates(self, output):
        days = {"valid": (-1, 30), "expiring": (-1, 1), "expired": (-30, -2), "early": (2, 30), "deep": (-1, 20)}
        for name, (begin, end) in days.items():
            self.assertEqual(self.own.at(begin), output.one("cert_not_before_timestamp_seconds", target=name))
            self.assertEqual(self.own.at(end), output.one("cert_not_after_timestamp_seconds", target=name))
        # The intermediate ends first.
        self.assertEqual(self.own.at(5), output.one("cert_chain_not_after_timestamp_seconds", target="deep"))
        self.assertEqual(self.own.at(30), output.one("cert_chain_not_after_timestamp_seconds", target="valid"))

    def test_the_system_does_not_know_our_authority(self):
        output = self.check(f"localhost:{self.ports['valid']}")
        self.assert_chain(output, f"localhost:{self.ports['valid']}", "unknown_issuer")

    def test_the_name_to_look_for(self):
        output = self.check(self.line("elsewhere", "servername=other.example"), self.line("valid", "servername=127.0.0.1"),
                            self.line("expiring", "servername=127.0.0.2"), self.line("old", "servername=::1"))
        self.assertEqual({"elsewhere": 1, "valid": 1, "expiring": 0, "old": 0},
                         {has["target"]: value for has, value in output.all("cert_host_match")})

    def test_starttls(self):
        words = (*tls.DIALOGUES, "postgres")
        output = self.check(*[self.line(word, f"starttls={word}") for word in words])
        for word in words:
            self.assert_chain(output, word)
            self.assertEqual(self.own.at(30), output.one("cert_not_after_timestamp_seconds", target=word))
            self.assertEqual(1, output.one("cert_host_match", target=word))
        # Without it the greeting is no TLS, and none of these offers any.
        output = self.check(self.line("smtp"), *[self.line(f"no_{word}", f"starttls={word}") for word in words])
        self.assert_fails(output, smtp="not_tls", **{f"no_{word}": "no_starttls" for word in words})

    def test_servers_that_are_none(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            for shell in SHELLS:
                with self.subTest(shell=shell):
                    output = self.check(
                        *map(self.line, ("plain", "tarpit", "hang_up")), self.line("babble", "starttls=smtp"), self.line("valid"),
                        f"localhost:{probe.getsockname()[1]} name=closed", "no-such-name.invalid:443 name=nowhere",
                        f"localhost:{self.ports['old']} name=bad_ca ca={self.own.folder}/ca.key",
                        f"localhost:{self.ports['old']} name=no_ca ca=/no/such.pem", shell=shell, CERT_TIMEOUT="4")
                    self.assert_fails(output, plain="not_tls", tarpit="timeout", hang_up="closed", babble="no_starttls",
                                      closed="refused", nowhere="dns", bad_ca="bad_ca", no_ca="bad_ca")
                    self.assert_chain(output, "valid")

    def test_many_within_the_limit(self):
        good = self.listen(tls.secured(tls.context_of(self.own, "valid")))
        tarpits = [self.line("tarpit").replace("name=tarpit", f"name=tarpit{n}") for n in range(10)]
        many = [f"localhost:{good} name=good{n} ca={self.ca}" for n in range(60)]
        output = self.check(*tarpits, *many, CERT_TIMEOUT="5", CERT_TIME_LIMIT="20")
        self.assertLess(output.seconds, 40 * PATIENCE)
        self.assertEqual(["timeout"] * 10, output.labels("cert_check_failure_info", "reason"))
        self.assertEqual(60, sum(value for _, value in output.all("cert_chain_valid")))

    def test_what_is_not_reached_says_so(self):
        lines = [self.line("tarpit").replace("name=tarpit", f"name=tarpit{n}") for n in range(12)]
        output = self.check(*lines, CERT_PARALLEL="2", CERT_TIMEOUT="2", CERT_TIME_LIMIT="5")
        self.assertLess(output.seconds, 20 * PATIENCE)
        reasons = output.labels("cert_check_failure_info", "reason")
        self.assertEqual(12, len(reasons))
        self.assertEqual({"timeout", "not_reached"}, set(reasons))

    def test_a_user_without_rights_on_a_read_only_root(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        self.shared.chmod(0o755)
        script = shutil.copy(scripts.FOLDER / NAME, self.shared)
        file = self.shared / "list"
        file.write_text(self.line("valid") + "\n" + f"{self.own.pem('valid')} ca={self.ca}\n")
        inside = ("mount --bind / / && mount -o remount,ro,bind / && mount -o remount,ro,bind /tmp 2>/dev/null; mount -t tmpfs tmpfs /tmp;"
                  " exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all -- \"$@\"")
        output = self.run_script(str(file), path=script, prefix=["unshare", "-m", "sh", "-c", inside, "sh"], TMPDIR="/tmp")
        self.assertEqual(0, output.status, output.errors)
        self.assert_chain(output, "valid")
        self.assert_chain(output, str(self.own.pem("valid")))


class Files(CertScript):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.own
        own.sign("one", end=40)
        own.sign("late", begin=-20, end=-1)
        own.sign("middle", end=5, names="", extensions="v3_ca")
        own.sign("deep", by="middle", end=20)

    def put(self, name, *parts):
        file = self.folder / name
        file.write_bytes(b"".join(part if isinstance(part, bytes) else part.read_bytes() for part in parts))
        return str(file)

    def test_good_and_bad_ones(self):
        own = self.own
        one = self.put("one.pem", own.pem("one"))
        chain = self.put("chain.pem", own.pem("deep"), own.pem("middle"))
        with_key = self.put("with_key.pem", own.folder / "one.key", own.pem("one"))
        broken = self.put("broken.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", own.pem("one"))
        os.mkfifo(self.folder / "fifo")
        for shell in SHELLS:
            with self.subTest(shell=shell):
                output = self.check(
                    f"{one} name=one ca={self.ca} servername=localhost", f"{chain} name=chain ca={self.ca} servername=nowhere.example",
                    f"{with_key} name=with_key ca={self.ca} servername=127.0.0.1", f"{own.pem('late')} name=late ca={self.ca}",
                    f"{own.pem('deep')} name=half ca={self.ca}", f"{self.ca} name=ca", f"{broken} name=broken",
                    f"{own.folder}/one.key name=key", f"{self.put('text', b'hello')} name=text", f"{self.put('empty')} name=empty",
                    f"{self.folder}/fifo name=fifo", f"{self.folder} name=folder", "/no/such.pem name=none", shell=shell)
                for name in ("one", "chain", "with_key"):
                    self.assert_chain(output, name)
                self.assert_chain(output, "late", "expired")
                self.assert_chain(output, "half", "unknown_issuer")
                self.assert_chain(output, "ca", "self_signed")
                self.assert_fails(output, broken="bad_file", key="bad_file", text="bad_file", empty="bad_file", fifo="unreadable",
                                  folder="unreadable", none="no_file")
                self.assertEqual({"one": 1, "chain": 0, "with_key": 1},
                                 {has["target"]: value for has, value in output.all("cert_host_match")})
                self.assertEqual(own.at(20), output.one("cert_not_after_timestamp_seconds", target="chain"))
                self.assertEqual(own.at(5), output.one("cert_chain_not_after_timestamp_seconds", target="chain"))
                self.assertEqual(own.at(-20), output.one("cert_not_before_timestamp_seconds", target="late"))
                self.assertEqual(["CN=one"], output.labels("cert_info", "subject", target="with_key"))

    def test_globs(self):
        for name in ("a/cert.pem", "b/cert.pem", "with space/cert.pem", "new\nline/cert.pem", "\udcff/cert.pem"):
            (self.folder / name).parent.mkdir()
            self.put(name, self.own.pem("one"))
        for shell in SHELLS:
            with self.subTest(shell=shell):
                output = self.check(f"{self.folder}/*/cert.pem ca={self.ca}", f"{self.folder}/[ab]/cert.pem", f"{self.folder}/*/none.pem",
                                    shell=shell)
                self.assertEqual([f"{self.folder}/{name}" for name in ("?/cert.pem", "a/cert.pem", "b/cert.pem", "with space/cert.pem")],
                                 sorted(has["target"] for has, value in output.all("cert_chain_valid") if value == 1))
                self.assert_fails(output, **{f"{self.folder}/*/none.pem": "no_file"})


class Lists(CertScript):
    def test_a_bad_line_costs_itself(self):
        self.own.sign("fine")
        output = self.check(
            "# a comment", "", f"  {self.own.pem('fine')}\tname=fine # the rest of a comment\r", "no-port", "host:0", "host:65536",
            "host:443 starttls=gopher", "host:443 colour=blue", "host:443 name=", "host:443 name=a name=b", "-connect:443",
            "host$(id):443", "host:443 name=ü", "relative.pem", "/a/*.pem name=all", f"{self.own.pem('fine')} name=fine",
            "host:443 servername=-x", "host:443 ca=relative", "/a starttls=smtp")
        self.assertEqual(16, output.one("cert_list_bad_lines"))
        self.assertEqual(["fine"], output.labels("cert_check_success", "target"))
        self.assertIn("list:4: neither HOST:PORT nor /PATH: no-port", output.errors)
        self.assertIn("list:16: a second target with the name fine", output.errors)

    def test_an_empty_list_is_a_list(self):
        self.assertEqual(0, self.check("# nothing").one("cert_targets"))

    def test_no_more_than_may_be(self):
        output = self.check(*[f"/no/such{n}" for n in range(9)], CERT_MAX_TARGETS="4")
        self.assertEqual((9, 5, 4), (output.one("cert_targets"), output.one("cert_targets_beyond_limit"),
                                     len(output.all("cert_check_success"))))

    def test_the_list_beside_the_script(self):
        script = shutil.copy(scripts.FOLDER / NAME, self.folder)
        (self.folder / "check_cert.list").write_text("/no/such name=beside\n")
        self.assertEqual(["beside"], self.run_script(path=script).labels("cert_check_success", "target"))

    def assert_refuses(self, why, *arguments, **more):
        output = self.run_script(*arguments, **more)
        self.assertEqual((1, "", f"check_cert.sh: {why}\n"), (output.status, output.text, output.errors))

    def test_nothing_can_be_checked(self):
        file = str(self.folder / "list")
        pathlib.Path(file).touch()
        self.assert_refuses("cannot read the list /no/such", "/no/such")
        self.assert_refuses("cannot read the list /", CERT_LIST="/")
        self.assert_refuses("'4.5' is not a whole number from 1 to 999999", file, CERT_TIME_LIMIT="4.5")
        self.assert_refuses("openssl is missing", file, tools=self.tools_without("openssl"))


if __name__ == "__main__":
    scripts.need_scripts("openssl", "awk")
    scripts.main()
