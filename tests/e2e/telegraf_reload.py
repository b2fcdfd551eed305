#!/usr/bin/env python3
"""What SIGHUP changes of a telegraf.conf, and what a wrong file leaves in force."""
import base64
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import agent
from agent import Scrape


class Telegraf(agent.Agent):
    """`hostmeter run` under a telegraf.conf, written anew for each reload; use as a context."""

    def __init__(self, inputs, user=None):
        self.folder = tempfile.TemporaryDirectory(prefix="hostmeter-e2e-", dir="/var/tmp")
        os.chmod(self.folder.name, 0o755)
        self.conf = pathlib.Path(self.folder.name, "telegraf.conf")
        self.port, self.user, self.inputs = agent.free_port(), user, inputs
        self.write(inputs)
        self.log = tempfile.NamedTemporaryFile("w+", prefix="hostmeter-e2e-", suffix=".log")
        self.process = subprocess.Popen([agent.BINARY, "run", "--config", self.conf], stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL)

    def __exit__(self, *failure):
        super().__exit__(*failure)
        self.folder.cleanup()

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"ended with status {self.process.returncode}")
        return self.status() == 200

    def write(self, text, with_output=True):
        name, _, password = (self.user or "").partition(":")
        text = f'[agent]\n  interval = "1s"\n{text}'
        if with_output:
            text += f'[[outputs.prometheus_client]]\n  listen = "127.0.0.1:{self.port}"\n'
        if with_output and self.user:
            text += f'  basic_username = "{name}"\n  basic_password = "{password}"\n'
        self.conf.write_text(text)

    def hang_up(self):
        """Until the agent has answered in its log."""
        def answers():
            return len(re.findall(r"configuration (?:not )?reloaded|configuration in force stays", self.said()))
        before = answers()
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("an answer to SIGHUP", lambda: answers() > before, 30)

    def reload(self, inputs=None):
        self.inputs = inputs or self.inputs
        self.write(self.inputs)
        self.hang_up()

    def wait_for(self, what, condition, seconds=15):
        return agent.wait_for(what, condition, seconds)

    def fetch(self, user=None, port=None):
        """(status, text) for this NAME:PASSWORD; status 0: nobody listens there."""
        request = urllib.request.Request(f"http://127.0.0.1:{port or self.port}/metrics")
        if user or self.user:
            request.add_header("Authorization", "Basic " + base64.b64encode((user or self.user).encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=10 * agent.PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    def status(self, user=None, port=None):
        return self.fetch(user, port)[0]

    def value(self, name, **labels):
        """None or 0: not now."""
        status, text = self.fetch()
        found = Scrape(text).all(name, **labels) if status == 200 else []
        return found[0][1] if found else None

    def shows(self, name):
        return self.value(name) is not None


class Reload(unittest.TestCase):
    def test_inputs_come_and_go(self):
        with Telegraf("[[inputs.mem]]\n") as running:
            running.wait_for("mem", lambda: running.shows("mem_total"))
            self.assertFalse(running.shows("system_load1"))
            running.reload('[[inputs.system]]\n  name_prefix = "new_"\n')
            running.wait_for("system", lambda: running.shows("new_system_load1"))
            self.assertFalse(running.shows("mem_total"))

    def test_users_and_passwords(self):
        with Telegraf("[[inputs.mem]]\n", user="ada:one") as running:
            self.assertEqual([401, 401], [running.status(user=user) for user in ("ada:two", "bob:one")])
            running.user = "ada:two"
            running.reload()
            running.wait_for("the new password", lambda: running.status() == 200)
            self.assertEqual(401, running.status(user="ada:one"))
            running.user = "bob:two"
            running.reload()
            running.wait_for("the new user", lambda: running.status() == 200)
            self.assertEqual(401, running.status(user="ada:two"))

    def test_addresses(self):
        with Telegraf("[[inputs.mem]]\n") as running:
            old, running.port = running.port, agent.free_port()
            running.reload()
            running.wait_for("the new address", lambda: running.shows("mem_total"))
            running.wait_for("the old one's end", lambda: running.status(port=old) == 0)

    def test_a_wrong_file_changes_nothing(self):
        with Telegraf("[[inputs.mem]]\n", user="ada:one") as running:
            for wrong in ("[[inputs.system]\n", "[[outputs.prometheus_client]]\n  basic_password = 7\n"):
                running.write(wrong, with_output=False)
                running.hang_up()
                self.assertEqual(200, running.status())
                self.assertEqual(401, running.status(user="ada:two"))
            running.wait_for("mem", lambda: running.shows("mem_total"))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, for scripts to be run as somebody else")
    def test_timeouts_of_scripts(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="hostmeter-e2e-", dir="/var/tmp"))
        os.chmod(folder, 0o755)
        script = pathlib.Path(folder, "slow.sh")
        script.write_text("#!/bin/sh\nsleep 2\necho 7\n")
        script.chmod(0o755)
        takes = f'[[inputs.exec]]\n  commands = ["{script}"]\n  data_format = "value"\n  interval = "3s"\n'
        with Telegraf(takes + '  timeout = "1s"\n') as running:
            running.wait_for("a run that is stopped",
                             lambda: running.value("hostmeter_script_runs_total", script="slow", result="timeout"), 60)
            self.assertIsNone(running.value("exec"))
            running.reload(takes + '  timeout = "30s"\n')
            running.wait_for("what it printed", lambda: running.value("exec") == 7, 60)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, for scripts to be run as somebody else")
    def test_the_first_script_takes_a_restart(self):
        with Telegraf("[[inputs.mem]]\n") as running:
            running.reload('[[inputs.exec]]\n  commands = ["/bin/true"]\n')
            self.assertIn("takes a restart", running.said())
            running.wait_for("mem as before", lambda: running.shows("mem_total"))


if __name__ == "__main__":
    agent.need()
    agent.main()
