#!/usr/bin/env python3
"""Scripts that are dropped into a folder, named by the configuration, changed, refused and run by hand."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "exec-scripts"))

import agent  # noqa: E402
from agent import BINARY, PATIENCE, Agent, Scrape, wait_for  # noqa: E402
from tls import Authority, Server  # noqa: E402

EXEC_SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "exec-scripts"


class Folder:
    """A scripts.d, and a configuration that names it; use as a context."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="hostmeter-scripts-", dir="/var/tmp"))
        self.path.chmod(0o755)
        self.scripts = self.path / "scripts.d"
        self.scripts.mkdir()
        self.config = self.path / "hostmeter.toml"
        self.configure()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def configure(self, of_all="", more=""):
        self.config.write_text(f'[scripts]\ndirectories = ["{self.scripts}"]\ninterval = "1s"\n{of_all}\n{more}')

    def add(self, name, *lines, mode=0o755):
        """As an operator does it: whole, by a rename."""
        new = self.scripts / f".{name}"
        new.write_text("\n".join(("#!/bin/sh", *lines, "")))
        new.chmod(mode)
        return new.rename(self.scripts / name)

    def command(self, *words):
        return subprocess.run([BINARY, *words, "--config", self.config], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60 * PATIENCE)


def value(scrape, name, **labels):
    found = scrape.all(name, **labels)
    return found[0][1] if len(found) == 1 else None


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(Folder())

    def wait_for_value(self, running, name, wanted, **labels):
        wait_for(f"{name} {labels} to be {wanted}", lambda: value(running.scrape(), name, **labels) == wanted, 30)

    def reload(self, running):
        before = running.said().count("configuration reloaded")
        running.process.send_signal(signal.SIGHUP)
        wait_for("the reload", lambda: running.said().count("configuration reloaded") > before)

    def test_a_new_script_is_served_without_a_restart_and_a_removed_one_is_not(self):
        with Agent("--config", str(self.folder.config)) as running:
            self.wait_for_value(running, "hostmeter_script_supervisor_up", 1)
            self.folder.add("one.sh", "echo one 1")
            self.wait_for_value(running, "one", 1)
            self.folder.add("one.sh", "echo one 2")
            self.wait_for_value(running, "one", 2)
            self.folder.add("open.sh", "echo open 1", mode=0o777)
            self.wait_for_value(running, "hostmeter_script_refused", 1, script="open")
            self.assertIsNone(value(running.scrape(), "open"))
            (self.folder.scripts / "one.sh").unlink()
            self.wait_for_value(running, "one", None)
        self.assertIn("open is not run: others can write to it", running.said())

    def test_what_hangs_costs_no_tick_and_leaves_no_process(self):
        self.folder.configure('timeout = "500ms"')
        mark = f"86{os.getpid()}"
        self.folder.add("hangs.sh", f"trap '' TERM; setsid sleep {mark} & sleep {mark}")
        self.folder.add("floods.sh", "yes 'flood 1'")
        self.folder.add("good.sh", "echo good 1")
        with Agent("--config", str(self.folder.config)) as running:
            self.wait_for_value(running, "good", 1)
            wait_for("a timeout", lambda: value(running.scrape(), "hostmeter_script_runs_total", script="hangs", result="timeout"))
            wait_for("a flood", lambda: value(running.scrape(), "hostmeter_script_runs_total", script="floods", result="output"))
            before = running.scrape()
            time.sleep(3)
            after = running.scrape()
            self.assertEqual(0, after.one("hostmeter_ticks_total", result="abandoned") - before.one("hostmeter_ticks_total", result="abandoned"))
            self.assertGreater(after.one("hostmeter_ticks_total", result="complete"), before.one("hostmeter_ticks_total", result="complete"))
        wait_for("its processes to be gone", lambda: subprocess.run(
            ["pgrep", "-f", f"sleep {mark}"], stdout=subprocess.DEVNULL).returncode == 1)

    def test_runs_have_no_series_of_their_own_and_what_is_above_them_has_their_sums(self):
        self.folder.add("one.sh", "date +'one %s'")
        self.folder.add("two.sh", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo two 2")

        def scripts(scrape):
            return {labels["id"]: value for labels, value in scrape.all("container_cpu_usage_seconds_total")
                    if labels["id"].endswith("/hostmeter-scripts")}

        with Agent("--config", str(self.folder.config)) as running:
            self.wait_for_value(running, "two", 2)
            if value(running.scrape(), "hostmeter_script_sandbox", feature="cpu") != 1:
                self.skipTest("no cgroup of its own can be made here")
            before = scripts(running.scrape())
            wait_for("more runs", lambda: value(running.scrape(), "hostmeter_script_runs_total", script="two", result="ok") >= 6, 60)
            wait_for("their CPU time", lambda: sum(scripts(running.scrape()).values()) > sum(before.values()))
            runs = {labels["id"] for name, labels, _ in running.scrape().samples if "/run-" in labels.get("id", "")}
        self.assertEqual(set(), runs)

    def test_settings_change_without_a_restart_but_those_of_the_supervisor(self):
        self.folder.add("one.sh", "echo one{a=\\\"${A:-none}\\\"} 1")
        with Agent("--config", str(self.folder.config)) as running:
            self.wait_for_value(running, "one", 1, a="none")
            supervisor = subprocess.run(["pgrep", "-P", str(running.process.pid)], text=True, stdout=subprocess.PIPE).stdout
            self.folder.configure(more=f'[[script]]\nrun = "{self.folder.scripts}/one.sh"\ninterval = "1s"\nenvironment = ["A=b"]')
            self.reload(running)
            self.wait_for_value(running, "one", 1, a="b")
            self.assertEqual(supervisor, subprocess.run(["pgrep", "-P", str(running.process.pid)], text=True,
                                                        stdout=subprocess.PIPE).stdout)
            self.folder.configure("most = 3")
            running.process.send_signal(signal.SIGHUP)
            wait_for("a refusal", lambda: "a change of scripts.most takes a restart" in running.said())
            self.wait_for_value(running, "one", 1, a="b")

    def test_no_scrape_across_a_reload_lacks_what_is_known(self):
        self.folder.configure('timeout = "3s"')
        for name in ("one", "two"):
            self.folder.add(f"{name}.sh", f"echo {name} 1")
        self.folder.add("slow.sh", "sleep 2; echo slow 1")
        with Agent("--config", str(self.folder.config)) as running:
            for name in ("one", "two", "slow"):
                self.wait_for_value(running, name, 1)
            keys, runs = set(), {}

            def look():
                scrape = running.scrape()
                shown = {(name, *sorted(labels.items())) for name, labels, _ in scrape.samples
                         if name.startswith("hostmeter_script_") or name in ("one", "two", "slow")}
                self.assertEqual(set(), keys - shown)
                keys.update(shown)
                for labels, count in scrape.all("hostmeter_script_runs_total"):
                    key = tuple(sorted(labels.items()))
                    self.assertGreaterEqual(count, runs.get(key, 0), key)
                    runs[key] = count

            look()
            for interval in ("", "2s"):
                if interval:  # for the first alone: the others go on as they are
                    self.folder.configure('timeout = "3s"', f'[[script]]\nrun = "{self.folder.scripts}/one.sh"\ninterval = "{interval}"')
                before = running.said().count("configuration reloaded")
                running.process.send_signal(signal.SIGHUP)
                until = time.monotonic() + 4
                while time.monotonic() < until or running.said().count("configuration reloaded") == before:
                    look()
                    time.sleep(0.05)
            seen = dict(runs)
            wait_for("more runs", lambda: (look(), sum(runs.values()) > sum(seen.values()))[1], 30)
            self.assertEqual(0, sum(count for key, count in runs.items() if dict(key)["result"] in ("signal", "timeout")))

    def test_commands_tell_of_scripts(self):
        good = self.folder.add("good.sh", "echo good 1")
        self.folder.add("open.sh", "echo open 1", mode=0o777)
        self.folder.add("reads.sh", f"cat {self.folder.config}")
        listed = self.folder.command("script", "list")
        self.assertIn(f"good   every 1s  {good}\n", listed.stdout)
        self.assertIn("NOT RUN: others can write to it", listed.stdout)
        run = self.folder.command("script", "run", "good")
        self.assertEqual((0, "# TYPE good untyped\ngood 1\n"), (run.returncode, run.stdout))
        denied = self.folder.command("script", "run", "reads")
        self.assertEqual(1, denied.returncode)
        self.assertIn(f'read = ["{self.folder.config}"]', denied.stderr)
        checked = self.folder.command("check", "--listen", f"127.0.0.1:{agent.free_port()}")
        self.assertEqual(0, checked.returncode)
        self.assertIn(f"would run the script good: {good}\n", checked.stdout)
        self.assertIn("remark: the script open is not run: others can write to it", checked.stdout)
        self.assertIn("Sandbox of scripts\n  pid_namespace", self.folder.command("doctor").stdout)

    def test_certificates_are_checked_in_the_sandbox(self):
        authority = Authority(self.folder.path)
        authority.sign("good")
        server = Server(authority, "good")
        self.addCleanup(server.close)
        target = f"127.0.0.1:{server.port}"
        (self.folder.path / "certs.list").write_text(f"{target} ca={authority.pem('ca')}\n{authority.pem('good')}\n")
        self.folder.configure(more=f'''[[script]]
run = "{EXEC_SCRIPTS}/check_cert.sh"
name = "certs"
arguments = ["{self.folder.path}/certs.list"]
environment = ["CERT_TIME_LIMIT=20", "CERT_TIMEOUT=15"]
interval = "2s"
timeout = "30s"
[script.allow]
network = true
read = ["{self.folder.path}"]
''')
        expected = authority.at(30)
        run = self.folder.command("script", "run", "certs")
        self.assertEqual(0, run.returncode, run.stderr)
        shown = Scrape(run.stdout)
        with Agent("--config", str(self.folder.config)) as running:
            self.wait_for_value(running, "cert_targets", 2)
            for scrape in (shown, running.scrape()):
                for name in (target, str(authority.pem("good"))):
                    self.assertEqual(expected, scrape.one("cert_not_after_timestamp_seconds", target=name))
                self.assertEqual(1, scrape.one("cert_chain_valid", target=target))
                self.assertEqual(1, scrape.one("cert_host_match", target=target))


if __name__ == "__main__":
    agent.need("openssl", root=True)
    agent.main()
