#!/usr/bin/env python3
"""What an operator and a scraper meet without any container: routes, reload, stop, bad starts."""
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import agent
from agent import Agent


def started(*flags):
    """A start that is meant to fail: (status, what it said)."""
    run = subprocess.run([agent.BINARY, "run", *flags], capture_output=True, text=True, timeout=20, check=False)
    return run.returncode, [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent())

    def test_health(self):
        for path in ("/-/healthy", "/-/ready", "/"):
            self.assertEqual(200, self.agent.get(path)[0], path)
        self.assertIn(b"/metrics", self.agent.get("/")[1])
        self.assertEqual(404, self.agent.get("/nowhere")[0])

    def test_the_host_is_there(self):
        scrape = self.agent.scrape()
        for name in ("node_load1", "node_memory_MemTotal_bytes", "node_uname_info", "hostmeter_build_info",
                     "node_boot_time_seconds"):
            self.assertTrue(scrape.all(name), name)
        self.assertTrue(scrape.all("node_cpu_seconds_total", cpu="0", mode="user"))

    def test_gzip_when_asked_for(self):
        status, body, headers = self.agent.get("/metrics", **{"Accept-Encoding": "gzip"})
        self.assertEqual((200, "gzip"), (status, headers["Content-Encoding"]))
        self.assertIn(b"# TYPE node_load1 gauge", agent.unzipped(body))
        for refusal in ({}, {"Accept-Encoding": "gzip;q=0"}):
            status, body, headers = self.agent.get("/metrics", **refusal)
            self.assertIsNone(headers["Content-Encoding"], refusal)
        self.assertIn(b"# TYPE node_load1 gauge", body)

    def test_collect_and_exclude(self):
        only = self.agent.scrape("?collect[]=loadavg")
        self.assertTrue(only.all("node_load1"))
        self.assertFalse(only.all("node_memory_MemTotal_bytes"))
        but = self.agent.scrape("?exclude[]=loadavg")
        self.assertFalse(but.all("node_load1"))
        self.assertTrue(but.all("node_memory_MemTotal_bytes"))

    def test_ticks_go_on(self):
        first = self.agent.scrape().one("node_time_seconds")
        agent.wait_for("a later tick", lambda: self.agent.scrape().one("node_time_seconds") > first, 5)


class Reload(unittest.TestCase):
    def test_good_then_bad_configuration(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            def write(text):
                file.seek(0)
                file.truncate()
                file.write(text)
                file.flush()

            write('[labels]\nsite = "one"\n')
            with Agent("--config", file.name) as running:
                def site():
                    self.assertIsNone(running.process.poll(), "it ended")
                    try:
                        return running.scrape().all("node_load1")[0][0].get("site")
                    except OSError:  # the listener may be on its way back
                        return None

                self.assertEqual("one", site())
                write('[labels]\nsite = "two"\n')
                running.process.send_signal(signal.SIGHUP)
                agent.wait_for("the new label", lambda: site() == "two")

                write('[labels]\nsite = "three"\n[collect]\nintervall = "1s"\n')
                running.process.send_signal(signal.SIGHUP)
                agent.wait_for("a complaint with file and line", lambda: f"{file.name}:4" in running.said())
                time.sleep(1.5)
                self.assertEqual("two", site())
                self.assertEqual(0, running.stop())


class Ends(unittest.TestCase):
    def test_sigterm_and_sigint_are_a_clean_end(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Agent() as running:
                running.process.send_signal(number)
                self.assertEqual(0, running.process.wait(15))

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            status, said = started("--listen", f"127.0.0.1:{port}")
        self.assertNotEqual(0, status)
        self.assertEqual(1, len([line for line in said if str(port) in line]), said)
        self.assertGreater(status, 0, "a signal is no clear line")

    def test_a_bad_configuration(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('[collect]\nintervall = "1s"\n')
            file.flush()
            status, said = started("--config", file.name, "--listen", f"127.0.0.1:{agent.free_port()}")
            check = subprocess.run([agent.BINARY, "check", "--config", file.name], capture_output=True, text=True,
                                   timeout=20, check=False)
        self.assertGreater(status, 0)
        self.assertEqual(1, len(said), said)
        self.assertIn(f"{file.name}:2", said[0])
        self.assertIn("interval", said[0])
        self.assertGreater(check.returncode, 0)
        self.assertIn(f"{file.name}:2", check.stdout + check.stderr)


if __name__ == "__main__":
    agent.need()
    agent.main()
