#!/usr/bin/env python3
"""lxc_names.py HOSTMETER: real containers of LXC, by their names, over their lives."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import agent
from agent import Agent, configuration, wait_for

CPU, INFO = "container_cpu_usage_seconds_total", "hostmeter_container_info"


class Lxc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hostmeter-lxc-", dir="/var/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.create("early")
        if not cls.start("early"):
            agent.skip("LXC does not start containers here: " + (pathlib.Path(cls.folder) / "log").read_text()[-300:])
        cls.agent = cls.enterClassContext(Agent("--config", cls.enterClassContext(configuration(
            f'[runtime.lxc]\ndirectories = ["{cls.folder}"]\n[collect.cgroups]\nlinger = "30s"\n'))))

    @classmethod
    def lxc(cls, action, name, *more):
        return subprocess.run([f"lxc-{action}", "-P", cls.folder, "-n", name, *more], stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)

    @classmethod
    def create(cls, name):
        made = cls.lxc("create", name, "-f", "/dev/null", "-t", "busybox")
        if made.returncode != 0:
            agent.skip("lxc-create makes no container here: " + made.stdout[-300:])

    @classmethod
    def start(cls, name):
        started = cls.lxc("start", name, "-d", "-o", f"{cls.folder}/log")
        cls.addClassCleanup(cls.lxc, "stop", name, "-k")
        return started.returncode == 0

    def who(self, name, metric=CPU):
        return [(has, value) for has, value in self.agent.scrape().all(metric) if has["id"].endswith("lxc.payload." + name)]

    def names(self, name):
        return {has.get("name") for has, _ in self.who(name)}

    def test_one_that_was_there_before(self):
        self.assertEqual({"early"}, self.names("early"))
        has, _ = self.who("early", INFO)[0]
        self.assertEqual(("lxc", "early", "container"), (has["runtime"], has["container_id"], has["kind"]))
        self.assertEqual(1, self.agent.scrape().one("hostmeter_runtime_up", runtime="lxc"))
        self.assertEqual(0, self.who("early", "hostmeter_container_identity_stale")[0][1])

    def test_who_watches_over_it_is_no_container(self):
        monitors = [has for has, _ in self.agent.scrape().all(INFO) if "lxc.monitor" in has["id"]]
        self.assertNotEqual([], monitors)
        self.assertEqual({"other"}, {has["kind"] for has in monitors})
        self.assertEqual([], [has for has in monitors if "name" in has])

    def test_from_birth_to_a_second_life(self):
        self.create("late")
        self.assertTrue(self.start("late"))
        wait_for("late in the scrape", lambda: self.names("late") == {"late"})
        ended = sum(value for _, value in self.agent.scrape().all("hostmeter_ended_containers_total"))
        self.lxc("stop", "late", "-k")
        wait_for("its gauges gone", lambda: not self.who("late", "container_threads"))
        self.assertEqual({"late"}, self.names("late"), "its counters linger")
        wait_for("it is counted", lambda: sum(
            value for _, value in self.agent.scrape().all("hostmeter_ended_containers_total")) == ended + 1)
        self.assertTrue(self.start("late"))
        wait_for("its second life", lambda: self.who("late", "container_threads"))
        self.assertEqual(1, len([has for has, _ in self.who("late") if has.get("cpu", "total") == "total"]))


if __name__ == "__main__":
    agent.need("lxc-create", "lxc-start", "lxc-stop", "busybox", root=True)
    agent.main()
