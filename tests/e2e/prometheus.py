#!/usr/bin/env python3
"""A real Prometheus scrapes the agent for some intervals and finds nothing wrong."""
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import agent
from agent import Agent, Scrape

SCRAPES = 5


class Prometheus:
    """Debian's Prometheus with one target, on a free loopback port; use as a context. how: more of its scrape_config."""

    def __init__(self, target, how=""):
        self.folder = tempfile.TemporaryDirectory(prefix="hostmeter-prometheus-")
        self.url = f"http://127.0.0.1:{agent.free_port()}"
        config = pathlib.Path(self.folder.name) / "prometheus.yml"
        config.write_text(f"""global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs: [{{job_name: hostmeter, static_configs: [{{targets: ['{target}']}}]{how}}}]
""")
        self.log = open(f"{self.folder.name}/log", "w")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}"], stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        self.folder.cleanup()

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def query(self, expression):
        """The value of the only series of the answer, or None."""
        answer = self.get("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        result = json.loads(answer)["data"]["result"] if answer else []
        return float(result[0]["value"][1]) if len(result) == 1 else None


class Scraped(unittest.TestCase):
    def test_without_errors(self):
        with Agent() as running, Prometheus(f"127.0.0.1:{running.port}") as prometheus:
            agent.wait_for("some scrapes", lambda: (prometheus.query("count_over_time(up[1m])") or 0) >= SCRAPES, 45)
            self.assertEqual(1, prometheus.query("min_over_time(up[1m])"))
            target = json.loads(prometheus.get("/api/v1/targets"))["data"]["activeTargets"][0]
            self.assertEqual(("up", ""), (target["health"], target["lastError"]))
            self.assertGreater(prometheus.query("min_over_time(scrape_samples_scraped[1m])"), 100)
            self.assertEqual(1, prometheus.query("count(node_load1)"))
            own = Scrape(prometheus.get("/metrics"))
            refused = {name: value for name, _, value in own.samples
                       if name.startswith(("prometheus_target_scrapes_sample_", "prometheus_target_scrapes_exceeded_"))}
            self.assertTrue(refused)
            self.assertEqual({}, {name: value for name, value in refused.items() if value})


class Certificates:
    """A CA, and what it signed, as files of a folder of their own; use as a context."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hostmeter-certificates-")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
        for name in "server", "scraper":
            self.sign(name, name)
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def path(self, name):
        return f"{self.folder.name}/{name}"

    def sign(self, name, subject):
        """NAME.key and NAME.pem, each put in its place in one step."""
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={subject}",
                     "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "new.key", "-out", "new.csr")
        self.openssl("x509", "-req", "-in", "new.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "1", "-CAcreateserial",
                     "-copy_extensions", "copy", "-out", "new.pem")
        for kind in "key", "pem":
            os.rename(self.path(f"new.{kind}"), self.path(f"{name}.{kind}"))

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.folder.name, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")
        return done.stdout

    def subject_at(self, port):
        """Of the certificate that the server at this port shows."""
        tls = ssl.create_default_context(cafile=self.path("ca.pem"))
        tls.load_cert_chain(self.path("scraper.pem"), self.path("scraper.key"))
        with socket.create_connection(("127.0.0.1", port), 10) as plain, \
                tls.wrap_socket(plain, server_hostname="127.0.0.1") as encrypted:
            return dict(pair[0] for pair in encrypted.getpeercert()["subject"])["commonName"]


class Guarded(unittest.TestCase):
    """A listener that speaks TLS, wants a certificate, and asks for a user."""

    def test_by_prometheus(self):
        with Certificates() as made:
            users = pathlib.Path(made.path("users"))
            users.write_text("prometheus:" + made.openssl("passwd", "-6", "secret"))
            port = agent.free_port()
            settings = f"""[[listener]]
[[listener]]
address = "127.0.0.1:{port}"
tls_certificate = "{made.path("server.pem")}"
tls_key = "{made.path("server.key")}"
tls_client_ca = "{made.path("ca.pem")}"
users_file = "{users}"
allow = ["127.0.0.0/8"]
"""
            how = f""", scheme: https, basic_auth: {{username: prometheus, password: secret}},
    tls_config: {{ca_file: {made.path("ca.pem")}, cert_file: {made.path("scraper.pem")}, key_file: {made.path("scraper.key")}}}"""
            with agent.configuration(settings) as file, Agent("--config", file) as running, \
                    Prometheus(f"127.0.0.1:{port}", how) as prometheus:
                agent.wait_for("some scrapes", lambda: (prometheus.query("count_over_time(up[1m])") or 0) >= SCRAPES, 45)
                self.assertEqual(1, prometheus.query("min_over_time(up[1m])"), prometheus.get("/api/v1/targets"))
                self.check_who_is_refused(made, port)
                self.assertEqual("server", made.subject_at(port))
                made.sign("server", "renewed")
                self.assertEqual("renewed", made.subject_at(port))
                users.write_text("someone:" + made.openssl("passwd", "-6", "else"))
                agent.wait_for("a refused scrape", lambda: prometheus.query("up") == 0)
                self.assertEqual(0, running.stop())

    def check_who_is_refused(self, made, port):
        def status(*more):
            done = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", made.path("ca.pem"),
                                   *more, f"https://127.0.0.1:{port}/metrics"], capture_output=True, text=True)
            return done.stdout
        certificate = ["--cert", made.path("scraper.pem"), "--key", made.path("scraper.key")]
        self.assertEqual("200", status(*certificate, "-u", "prometheus:secret"))
        self.assertEqual("401", status(*certificate, "-u", "prometheus:guess"))
        self.assertEqual("401", status(*certificate))
        self.assertEqual("000", status("-u", "prometheus:secret"))
        self.assertEqual("000", status(*certificate, "-u", "prometheus:secret", "--tls-max", "1.1"))


if __name__ == "__main__":
    agent.need("prometheus", "openssl", "curl")
    agent.main()
