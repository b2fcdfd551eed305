#!/usr/bin/env python3
"""walk.py HOSTMETER: figures found by walking are the kernel's files' own, and the same without the walk."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent, wait_for, wait_ticks  # noqa: E402
from cgroups import FakeContainers, hierarchies  # noqa: E402

GROUPS = ("cgroup_cpu", "cgroup_memory", "cgroup_pids", "cgroup_pressure", "cgroup_spec")
# CPU time in user space and in the kernel, memory that stays, threads; then still, so that files and scrape can be compared.
WORK = """
import os, signal, threading, time
x = bytearray(24 << 20)
for i in range(3):
    threading.Thread(target=signal.pause, daemon=True).start()
end = time.process_time() + 1.5
while time.process_time() < end:
    sum(range(20000))
    os.stat("/")
signal.pause()
"""


def parsed(text):
    return {words[0]: int(words[1]) for words in map(str.split, text.splitlines()) if len(words) == 2}


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.boxes = cls.enterClassContext(FakeContainers(4, first=20_000_000))
        cls.busy, cls.idle = cls.boxes.names[:2]
        work = subprocess.Popen([sys.executable, "-c", WORK])
        cls.addClassCleanup(lambda: (work.kill(), work.wait()))
        cls.boxes.add_process(cls.busy, work.pid)
        cls.set_limits(cls.busy)
        config = cls.enterClassContext(tempfile.NamedTemporaryFile("w", suffix=".toml"))
        config.write("[bpf]\nwalk = false\n")
        config.flush()
        cls.walking = cls.enterClassContext(Agent())
        cls.reading = cls.enterClassContext(Agent("--config", config.name))
        if not cls.walking.scrape().one("hostmeter_reader_mode", reader="cgroup_walk", mode="walk"):
            agent.skip("cgroups cannot be walked here: hostmeter doctor says why")
        wait_for("the work's end", lambda: pathlib.Path(f"/proc/{work.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "S"
                 and cls.cpu_ns(cls.busy) >= 1_500_000_000, 60)
        # A tick after the kernel's own sums, which are up to 2 s old, and after the slow files.
        wait_ticks(cls.walking, 10)
        wait_ticks(cls.reading, 35)

    @classmethod
    def file_of(cls, name, *candidates):
        for folder in cls.boxes.folders(name):
            for file in candidates:
                if (folder / file).exists():
                    return (folder / file).read_text()
        return None

    @classmethod
    def set_limits(cls, name):
        for folder in cls.boxes.folders(name):
            for file, value in (("pids.max", "77"), ("memory.max", str(256 << 20)),
                                ("memory.limit_in_bytes", str(256 << 20)), ("cpu.max", "150000 100000"),
                                ("cpu.cfs_quota_us", "150000")):
                if (folder / file).exists():
                    (folder / file).write_text(value)

    @classmethod
    def cpu_ns(cls, name):
        text = cls.file_of(name, "cpuacct.usage")
        return int(text) if text else parsed(cls.file_of(name, "cpu.stat"))["usage_usec"] * 1000

    def value(self, scrape, metric, name, **more):
        return scrape.one(metric, id=f"/docker/{name}", **more)

    def test_all_that_can_be_is_walked(self):
        scrape = self.walking.scrape()
        for group in GROUPS:
            self.assertEqual(1, scrape.one("hostmeter_reader_mode", reader=group, mode="walk"), group)
        scrape = self.reading.scrape()
        self.assertEqual(1, scrape.one("hostmeter_reader_mode", reader="cgroup_walk", mode="off"))
        for group in GROUPS:
            self.assertEqual(1, scrape.one("hostmeter_reader_mode", reader=group, mode="file"), group)

    def test_figures_are_those_of_the_files(self):
        for name in self.busy, self.idle:
            scrape = self.walking.scrape()
            self.assertAlmostEqual(self.cpu_ns(name) / 1e9, self.value(scrape, "container_cpu_usage_seconds_total", name),
                                   delta=self.cpu_ns(name) / 1e11 + 1e-6)
            usage = self.file_of(name, "memory.usage_in_bytes", "memory.current")
            if usage is not None:
                self.assertEqual(int(usage), self.value(scrape, "container_memory_usage_bytes", name))
                stat = parsed(self.file_of(name, "memory.stat"))
                self.assertEqual(stat.get("total_rss", stat.get("anon")), self.value(scrape, "container_memory_rss", name))
                self.assertEqual(stat.get("total_pgfault", stat["pgfault"]),
                                 self.value(scrape, "container_memory_failures_total", name, failure_type="pgfault",
                                            scope="hierarchy"))
            tasks = self.file_of(name, "pids.current")
            if tasks is not None:
                self.assertEqual(int(tasks), self.value(scrape, "container_threads", name))
                self.assertEqual(int(tasks), self.value(scrape, "container_own_threads", name))
            self.assertEqual(float(name == self.busy), self.value(scrape, "container_populated", name))

    def test_limits_are_those_that_were_written(self):
        scrape = self.walking.scrape()
        if self.file_of(self.busy, "pids.max") is not None:
            self.assertEqual(77, self.value(scrape, "container_threads_max", self.busy))
            self.assertEqual(0, self.value(scrape, "container_threads_max", self.idle))
        if self.file_of(self.busy, "memory.max", "memory.limit_in_bytes") is not None:
            self.assertEqual(256 << 20, self.value(scrape, "container_spec_memory_limit_bytes", self.busy))
            self.assertEqual(0, self.value(scrape, "container_spec_memory_limit_bytes", self.idle))
        if self.file_of(self.busy, "cpu.max", "cpu.cfs_quota_us") is not None:
            self.assertEqual(150_000, self.value(scrape, "container_spec_cpu_quota", self.busy))
            self.assertEqual(1, len(scrape.all("container_cpu_cfs_periods_total", id=f"/docker/{self.busy}")))
            self.assertEqual([], scrape.all("container_cpu_cfs_periods_total", id=f"/docker/{self.idle}"))

    def test_both_ways_serve_the_same(self):
        """Every series of the still containers, but for what only one of them knows and for what the readings themselves move."""
        def figures(scrape):
            return {(at, tuple(sorted(has.items()))): value for at, has, value in scrape.samples
                    if has.get("id") in (f"/docker/{self.busy}", f"/docker/{self.idle}")
                    and at not in ("container_last_seen", "container_own_threads", "container_populated")
                    and not at.startswith("container_pressure") and "fs_" not in at and "blkio" not in at
                    and "run_queue" not in at}  # each agent counts waits since its own start
        walked, read = figures(self.walking.scrape()), figures(self.reading.scrape())
        self.assertEqual(sorted(set(read) - set(walked)), [])
        for series, value in read.items():
            slack = 0.02 * value + 0.02 if "cpu_user" in series[0] or "cpu_system" in series[0] else 1e-6
            self.assertAlmostEqual(value, walked[series], delta=slack, msg=series)

    def test_user_and_system_are_the_usage(self):
        scrape = self.walking.scrape()
        parts = [self.value(scrape, f"container_cpu_{part}_seconds_total", self.busy) for part in ("user", "system")]
        self.assertAlmostEqual(self.value(scrape, "container_cpu_usage_seconds_total", self.busy), sum(parts), places=6)
        self.assertGreater(min(parts), 0)

    def test_a_young_container_is_found_and_an_old_one_is_not_mistaken_for_it(self):
        with FakeContainers(1, first=30_000_000) as young:
            wait_for("the young one", lambda: self.walking.scrape().all("container_cpu_usage_seconds_total",
                                                                        id=f"/docker/{young.names[0]}"))
            self.assertEqual(0, self.value(self.walking.scrape(), "container_cpu_usage_seconds_total", young.names[0]))
        time.sleep(2.5)
        self.assertEqual([], self.walking.scrape().all("container_memory_usage_bytes", id=f"/docker/{young.names[0]}"))

    def test_a_container_that_leaves_one_hierarchy_loses_what_that_one_told(self):
        memory = next((top for top in hierarchies() if (top / "memory.usage_in_bytes").exists()), None)
        if memory is None:
            self.skipTest("v2 alone: there is one hierarchy")
        with FakeContainers(1, first=40_000_000) as boxes:
            name, = boxes.names
            folder = memory / "docker" / name

            def has_memory(of):
                return bool(of.scrape().all("container_memory_usage_bytes", id=f"/docker/{name}"))
            for of in self.walking, self.reading:
                wait_for("its memory", lambda: has_memory(of))
            folder.rmdir()
            for of in self.walking, self.reading:
                wait_for("its memory to be absent", lambda: not has_memory(of))
                self.assertEqual(0, self.value(of.scrape(), "container_cpu_usage_seconds_total", name))
                self.assertEqual(0, self.value(of.scrape(), "container_threads", name))
            folder.mkdir()
            for of in self.walking, self.reading:
                wait_for("its memory again", lambda: has_memory(of))


if __name__ == "__main__":
    agent.need(root=True)
    agent.main()
