#!/usr/bin/env python3
"""churn.py HOSTMETER [COUNT]: cgroups made and removed beside steady ones: the steady ones stay exact, nothing is left behind.

COUNT of them, by default 10,000, which takes a good minute."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent  # noqa: E402
from cgroups import FakeContainers, OwnMemory, hierarchies  # noqa: E402

STEADY, BATCH = 8, 250
LIFE = 1.2  # of a batch: longer than a tick, so that every reader has met it
# What may stay without growing with COUNT: memory that malloc and the kernel's slabs keep for the next time.
MEMORY_SLACK = 6 << 20
# Slabs are shared by the whole machine: others may make some files meanwhile.
SLAB_SLACK = 3000
# Others may start a few cgroups meanwhile. What is leaked of each churned one would be some hundred times as much.
FILE_SLACK, SERIES_SLACK = 30, 200


def slab(name):
    """Objects in use, of the whole machine; None where the kernel merged it into another."""
    for line in pathlib.Path("/proc/slabinfo").read_text().splitlines():
        if line.split()[0] == name:
            return int(line.split()[1])
    return None


class Churn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.steady = cls.enterClassContext(FakeContainers(STEADY, first=10_000_000))
        cls.memory = cls.enterClassContext(OwnMemory("hostmeter-churn"))
        settings = cls.enterClassContext(tempfile.NamedTemporaryFile("w", prefix="hostmeter-churn-", suffix=".toml"))
        settings.write('[collect.cgroups]\nlinger = "1s"\n')
        settings.flush()
        cls.agent = cls.enterClassContext(Agent("--config", settings.name, preexec_fn=cls.memory.enter))
        cls.workers = [cls.work_in(name) for name in cls.steady.names]
        # One round before the comparison: tables and caches then have their size.
        cls.churn(2 * BATCH)
        cls.before = cls.belongings()
        cls.counters_before = cls.agent.scrape()
        cls.churn(COUNT)
        cls.after = cls.belongings()

    @classmethod
    def work_in(cls, name):
        """A process that uses CPU time and memory now and then until it is stopped."""
        code = "import time\nwhile True:\n    x = bytearray(1 << 20)\n    sum(range(200000))\n    time.sleep(0.1)\n"
        work = subprocess.Popen([sys.executable, "-c", code])
        cls.addClassCleanup(lambda: (work.kill(), work.wait()))
        cls.steady.add_process(name, work.pid)
        return work

    @classmethod
    def churn(cls, count):
        for first in range(0, count, BATCH):
            with FakeContainers(min(BATCH, count - first), first):
                time.sleep(LIFE)

    @classmethod
    def belongings(cls):
        """What the agent holds once it has learnt that the last batch is gone and caches are given back."""
        time.sleep(2.5)
        shrink = cls.memory.path / "memory.force_empty"
        if shrink.exists():
            try:
                shrink.write_text("0")
            except OSError:
                pass  # EBUSY: the agent's own pages stay
        # Names and inodes that the kernel only remembers are nobody's; what is left is held.
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("2")
        time.sleep(1)
        folder = pathlib.Path(f"/proc/{cls.agent.process.pid}")
        files = list((folder / "fd").iterdir())
        told = "".join((folder / "fdinfo" / file.name).read_text() for file in files if (folder / "fdinfo" / file.name).exists())
        slabs = {name: slab(name) for name in ("kernfs_node_cache", "inotify_inode_mark", "fsnotify_mark_connector")}
        return {"descriptors": len(files), "watches": told.count("inotify wd:"), "memory": cls.memory.usage(), "slabs": slabs,
                "bpf": {kind: told.count(f"{kind}_id:\t") for kind in ("map", "prog", "link")}}

    def test_nothing_of_the_gone_ones_is_held(self):
        self.assertLessEqual(self.after["descriptors"] - self.before["descriptors"], FILE_SLACK)
        self.assertLessEqual(self.after["watches"] - self.before["watches"], FILE_SLACK)
        self.assertEqual(self.before["bpf"], self.after["bpf"])
        self.assertLessEqual(self.after["memory"] - self.before["memory"], MEMORY_SLACK, (self.before, self.after))
        for name, before in self.before["slabs"].items():
            if before is not None:
                self.assertLessEqual(self.after["slabs"][name] - before, SLAB_SLACK, name)
        print(f"{COUNT} cgroups churned: before {self.before}, after {self.after}")

    def test_no_series_of_the_gone_ones_is_left(self):
        scrape = self.agent.scrape()
        steady = {f"/docker/{name}" for name in self.steady.names}
        ours = {has["id"] for _, has, _ in scrape.samples if f"/docker/{os.getpid():08x}" in has.get("id", "")}
        self.assertEqual(steady, ours)
        self.assertLessEqual(scrape.one("hostmeter_series") - self.counters_before.one("hostmeter_series"), SERIES_SLACK)

    def test_every_tick_was_whole(self):
        scrape = self.agent.scrape()
        self.assertEqual(0, scrape.one("hostmeter_ticks_total", result="abandoned"))
        self.assertEqual(set(), {ring["ring"] for ring, value in scrape.all("hostmeter_ring_dropped_total") if value})
        for name in ("hostmeter_parse_errors_total", "hostmeter_read_errors_total"):
            self.assertEqual([], [has for has, value in scrape.all(name) if value and "cgroup" in has["reader"]], name)

    def test_the_steady_ones_are_exact(self):
        for work in self.workers:
            work.kill()
            work.wait()
        time.sleep(2.5)
        scrape = self.agent.scrape()
        for name in self.steady.names:
            labels = {"id": f"/docker/{name}"}
            was = self.counters_before.one("container_cpu_usage_seconds_total", **labels)
            now = scrape.one("container_cpu_usage_seconds_total", **labels)
            self.assertGreater(now, was)
            self.assertAlmostEqual(self.cpu_seconds(name), now, places=9)
            faults = scrape.one("container_memory_failures_total", failure_type="pgfault", scope="hierarchy", **labels)
            self.assertEqual(self.page_faults(name), faults)

    @staticmethod
    def file_of(name, *candidates):
        """The first of the files that a hierarchy has for this container."""
        for file in candidates:
            for top in hierarchies():
                path = top / "docker" / name / file
                if path.exists():
                    return path.read_text()
        raise AssertionError(f"none of {candidates}")

    def cpu_seconds(self, name):
        text = self.file_of(name, "cpuacct.usage", "cpu.stat")
        if text.strip().isdigit():
            return int(text) / 1e9
        return int(dict(line.split() for line in text.splitlines())["usage_usec"]) / 1e6

    def page_faults(self, name):
        stat = dict(line.split() for line in self.file_of(name, "memory.stat").splitlines())
        return int(stat.get("total_pgfault", stat["pgfault"]))


if __name__ == "__main__":
    agent.need(root=True)
    agent.main()
