#!/usr/bin/env python3
"""diff.py HOSTMETER: `hostmeter diff` against the real node_exporter, and over TLS."""
import fnmatch
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import agent  # noqa: E402
from agent import Agent, wait_for  # noqa: E402

KNOWN = pathlib.Path(__file__).resolve().parents[2] / "docs" / "node_exporter.md"
# Figures that stand still, or nearly so.
QUIET = ["node_boot_time_seconds", "node_filefd_maximum", "node_memory_MemTotal_bytes", "node_memory_SwapTotal_bytes", "node_network_mtu_bytes", "node_network_up", "node_os_version",
         "node_uname_info", "node_time_seconds", "node_entropy_pool_size_bits"]


def diff(*words):
    """(status, standard output, standard error)"""
    done = subprocess.run([agent.BINARY, "diff", *words], capture_output=True, text=True, timeout=120 * agent.PATIENCE, check=False)
    return done.returncode, done.stdout, done.stderr


def known_differences():
    rows = re.findall(r"^\| (\w+) \| `(.+?)` \| (.+) \|$", KNOWN.read_text(), re.M)
    if len(rows) < 10:
        raise AssertionError(f"no table in {KNOWN}")
    return [(kind, metric) for kind, metric, _ in rows]


class NodeExporter:
    def __init__(self):
        self.port = agent.free_port()
        self.process = subprocess.Popen(["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{self.port}"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        wait_for("node_exporter", self.answers)
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False


class BesideNodeExporter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = cls.enterClassContext(NodeExporter())
        cls.agent = cls.enterClassContext(Agent())
        agent.wait_ticks(cls.agent, 2)
        cls.urls = [f"http://127.0.0.1:{cls.exporter.port}/metrics", f"http://127.0.0.1:{cls.agent.port}/metrics"]

    def differences(self):
        # A mount point of the machine's own may be hidden from one of them.
        status, out, err = diff(*self.urls, "--only", "node_*", "--ignore", "node_filesystem_[!m]*", "--json",
                                "--times", "2", "--interval", "2s", "--tolerance", "0.8")
        self.assertIn(status, (0, 1), err)
        self.assertEqual(status == 1, bool(json.loads(out)["differences"]))
        return {(row["kind"], row["what"]) for row in json.loads(out)["differences"]}

    def test_only_known_differences(self):
        known = known_differences()

        def unknown():
            return {(kind, what) for kind, what in self.differences() if not any(
                kind == is_kind and fnmatch.fnmatchcase(what, glob) for is_kind, glob in known)}

        # What is by chance is gone the next time.
        left = unknown()
        for _ in range(3):
            if left:
                left &= unknown()
        self.assertEqual(left, set())

    def test_quiet_figures_are_the_same(self):
        only = [word for metric in QUIET for word in ("--only", metric)]
        status, out, err = diff(*self.urls, *only, "--times", "1", "--tolerance", "0.0001")
        self.assertEqual(status, 0, out + err)
        same = int(re.search(r"^(\d+) series are the same", out, re.M)[1])
        self.assertGreater(same, 8)

    def test_an_endpoint_is_as_itself(self):
        status, out, err = diff(self.urls[0], self.urls[0], "--only", "node_filesystem_size_bytes", "--only", "node_uname_info", "--times", "1")
        self.assertEqual(status, 0, out + err)

    def test_what_is_no_endpoint(self):
        status, out, err = diff(f"http://127.0.0.1:{self.exporter.port}/", self.urls[1], "--times", "1")
        self.assertEqual((status, out), (2, ""))
        self.assertIn("HTML", err)


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"g 1\n")

    def log_message(self, *_):
        pass


class OverTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="hostmeter-e2e-")))
        cls.certificate, key = folder / "cert.pem", folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-keyout", key, "-out", cls.certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, capture_output=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url = f"https://127.0.0.1:{server.server_port}/metrics"

    def test_a_certificate_has_to_be_trusted(self):
        status, _, err = diff(self.url, self.url, "--times", "1")
        self.assertEqual(status, 2)
        self.assertIn("--ca", err)
        for trust in (["--ca", self.certificate], ["--insecure"]):
            status, out, err = diff(self.url, self.url, "--times", "1", *trust)
            self.assertEqual(status, 0, out + err)


if __name__ == "__main__":
    agent.need("openssl", "prometheus-node-exporter")
    agent.main()
