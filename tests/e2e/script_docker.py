#!/usr/bin/env python3
"""check_docker.sh in its sandbox, against a real Docker engine: with what it is allowed, and with less."""
import os
import pathlib
import subprocess
import unittest

import agent
from agent import Agent, Scrape, wait_for
from engine import Engine
from scripts import EXEC_SCRIPTS, Folder, value

GROUP = 4711  # of nobody


class Docker(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.socket = cls.engine.environment["DOCKER_HOST"].removeprefix("unix://")
        os.chown(cls.socket, 0, GROUP)
        os.chmod(cls.socket, 0o660)
        cls.engine.start("well")

    def setUp(self):
        self.folder = self.enterContext(Folder())

    def configure(self, more):
        self.folder.configure(more=f'''[[script]]
run = "{EXEC_SCRIPTS}/check_docker.sh"
name = "docker"
environment = ["DOCKER_SOCKET={self.socket}", "DOCKER_TIME_LIMIT=40", "DOCKER_TIMEOUT=20"]
interval = "2s"
timeout = "60s"
{more}
[runtime.docker]
endpoint = "{self.socket}"
''')

    def check(self):
        run = self.folder.command("script", "run", "docker")
        self.assertEqual(0, run.returncode, run.stderr)
        for what in (Scrape(run.stdout), None):
            if what is None:
                with Agent("--config", str(self.folder.config)) as running:
                    wait_for("the engine's answer", lambda: value(running.scrape(), "docker_up") == 1, 60)
                    what = running.scrape()
            self.assertEqual(1, what.one("docker_up"))
            self.assertEqual(1, what.one("docker_containers", state="running"))
            self.assertEqual(1, what.one("docker_container_running", name="well"))
            self.assertEqual([], what.all("docker_check_failure_info"))

    def test_the_socket_and_its_group_are_what_it_needs(self):
        self.configure(f'[script.allow]\nsockets = ["{self.socket}"]\ngroups = ["{GROUP}"]')
        self.check()

    def test_the_profile_telegraf_gives_both(self):
        self.configure('profile = "telegraf"')
        self.check()

    def test_without_them_it_says_so_and_the_command_says_what_to_allow(self):
        for allowed, mend in (("", f'sockets = ["{self.socket}"] and groups = ["{GROUP}"]'),
                              (f'[script.allow]\nsockets = ["{self.socket}"]', f'groups = ["{GROUP}"]')):
            with self.subTest(allowed=allowed):
                self.configure(allowed)
                run = self.folder.command("script", "run", "docker")
                self.assertEqual(0, Scrape(run.stdout).one("docker_up"))
                self.assertIn(f"-> {mend} in [script.allow]", run.stderr)


if __name__ == "__main__":
    agent.need("dockerd", "docker", "curl", "jq", root=True)
    agent.main()
