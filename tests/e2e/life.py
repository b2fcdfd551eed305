#!/usr/bin/env python3
"""life.py HOSTMETER: a container that lives 50 ms between two scrapes is in the next one, whole, and then forgotten."""
import mmap
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent, wait_for, wait_ticks  # noqa: E402
from cgroups import FakeContainers, hierarchies  # noqa: E402

LINGER = 12
DIRECT_ROWS = 128
MEMORY, BURN, BLOCK, BLOCKS = 8 << 20, 0.03, 4096, 16


def config():
    file = tempfile.NamedTemporaryFile("w", prefix="hostmeter-life-", suffix=".toml")
    file.write(f'[collect.cgroups]\nlinger = "{LINGER}s"\n[bpf]\nblkio_direct_rows = {DIRECT_ROWS}\n')
    file.flush()
    return file


mmap_block = mmap.mmap(-1, BLOCK)


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.target = cls.enterClassContext(tempfile.NamedTemporaryFile(dir=os.environ.get("HOSTMETER_TEST_DISK")))
        cls.target.write(b"\1" * BLOCK * BLOCKS)
        cls.target.flush()
        os.fsync(cls.target.fileno())
        cls.config = cls.enterClassContext(config())
        cls.agent = cls.enterClassContext(Agent("--config", cls.config.name))
        if cls.agent.scrape().one("hostmeter_reader_mode", reader="cgroup_life", mode="bpf") != 1:
            cls.agent.stop()
            agent.skip("the kernel does not let the agent listen: " + cls.agent.said())

    def live(self, first):
        """A container that lives and dies; what its files said at its end."""
        with FakeContainers(1, first) as made:
            name = made.names[0]
            pid = os.fork()
            if pid == 0:
                made.add_process(name, os.getpid())
                file = os.open(self.target.name, os.O_WRONLY | os.O_DIRECT)
                end = time.process_time() + BURN
                while time.process_time() < end:
                    pass
                memory = mmap.mmap(-1, MEMORY)
                for at in range(0, MEMORY, 4096):
                    memory[at] = 1
                for block in range(BLOCKS):
                    os.pwrite(file, mmap_block, block * BLOCK)
                os._exit(0)
            os.waitpid(pid, 0)
            said = {}
            for top in hierarchies():
                for file in ("cpuacct.usage", "cpu.stat", "memory.max_usage_in_bytes", "memory.peak"):
                    path = top / "docker" / name / file
                    if path.exists():
                        said.setdefault(file, path.read_text())
        return name, said

    @staticmethod
    def usage(said):
        """CPU seconds, by its file."""
        if "cpuacct.usage" in said:
            return int(said["cpuacct.usage"]) / 1e9
        return int(dict(line.split() for line in said["cpu.stat"].splitlines())["usage_usec"]) / 1e6

    def live_unseen(self):
        """One that lived between two ticks: on a busy machine some are met by one."""
        for attempt in range(10, 20):
            before = self.agent.scrape().one("hostmeter_cgroups_unseen_total")
            time.sleep(1.1 - time.time() % 1)
            started = time.monotonic()
            name, said = self.live(attempt)
            wait_ticks(self.agent, 3)  # the counter is a tick behind
            if self.agent.scrape().one("hostmeter_cgroups_unseen_total") > before:
                return name, said, started
        raise AssertionError("a tick met every container")

    def test_it_is_counted_whole_and_forgotten(self):
        name, said, started = self.live_unseen()
        labels = {"id": f"/docker/{name}"}
        scrape = wait_for("the next reading", lambda: next(
            (s for s in [self.agent.scrape()] if s.all("container_cpu_usage_seconds_total", **labels)
             and not s.all("container_memory_usage_bytes", **labels)), None))
        cpu = scrape.one("container_cpu_usage_seconds_total", **labels)
        self.assertAlmostEqual(self.usage(said), cpu, delta=1e-9 if "cpuacct.usage" in said else 1e-6)
        self.assertGreaterEqual(cpu, BURN)
        peak = scrape.one("container_memory_max_usage_bytes", **labels)
        self.assertGreaterEqual(peak, MEMORY)
        for file in ("memory.max_usage_in_bytes", "memory.peak"):
            if file in said:
                self.assertEqual(int(said[file]), peak)
        self.assertEqual(1, scrape.one("container_process_exits_total", **labels))
        info = scrape.all("hostmeter_container_info", **labels)
        self.assertEqual([(name, "docker")], [(has["container_id"], has["runtime"]) for has, _ in info])
        self.assertEqual([], scrape.all("container_memory_usage_bytes", **labels))
        if os.major(os.stat(self.target.name).st_dev) and scrape.one("hostmeter_reader_mode", reader="cgroup_blkio", mode="bpf"):
            def written():
                return sum(value for _, value in self.agent.scrape().all("container_fs_writes_bytes_total", **labels))
            # Some virtual machines hide a completion now and then.
            wait_for("its block I/O", lambda: 0.85 * BLOCK * BLOCKS <= written() <= BLOCK * BLOCKS)

        wait_for("it is forgotten", lambda: not self.agent.scrape().all("container_cpu_usage_seconds_total", **labels),
                 LINGER + 10)
        self.assertGreaterEqual(time.monotonic() - started, LINGER)
        self.assertEqual([], [has for _, has, _ in self.agent.scrape().samples if has.get("id") == labels["id"]])

    def test_direct_rows_are_as_many_as_the_configuration_says(self):
        scrape = self.agent.scrape()
        if scrape.one("hostmeter_reader_mode", reader="cgroup_blkio", mode="bpf") != 1:
            self.skipTest("block I/O is not counted by BPF")
        with open("/sys/devices/system/cpu/possible", encoding="ascii") as file:
            cpus = int(file.read().replace(",", "-").split("-")[-1]) + 1
        self.assertEqual(DIRECT_ROWS * cpus, scrape.one("hostmeter_bpf_map_max_entries", map="blkio_direct"))
        self.assertLessEqual(scrape.one("hostmeter_bpf_map_entries", map="blkio_direct"), DIRECT_ROWS * cpus)

    def test_a_path_that_is_used_again_is_one_series(self):
        used = []
        for _ in range(3):
            name, said = self.live(1)
            used.append(name)
            wait_ticks(self.agent, 2)
            scrape = self.agent.scrape()
            self.assertEqual(1, len(scrape.all("container_cpu_usage_seconds_total", id=f"/docker/{name}")))
            # The last one's alone: counters begin anew.
            self.assertLess(scrape.one("container_cpu_usage_seconds_total", id=f"/docker/{name}"), self.usage(said) + 1e-5)
        self.assertEqual(1, len(set(used)))


if __name__ == "__main__":
    agent.need(root=True)
    agent.main()
