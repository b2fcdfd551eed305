#!/usr/bin/env python3
"""capped.py HOSTMETER: more containers than are shown: none of what they use is lost, also when they end."""
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent, wait_for  # noqa: E402
from cgroups import FakeContainers, hierarchies, sweep  # noqa: E402

SHOWN, MADE, BURN = 2, 5, 0.05
OVERFLOW = {"id": "overflow", "name": "overflow", "image": "overflow"}
CPU, THREADS = "container_cpu_usage_seconds_total", "container_threads"


def config(others=0):
    return agent.configuration(f'[limits]\nshown_containers = {others + SHOWN}\n[collect.cgroups]\nlinger = "3s"\n')


def usage(name):
    """CPU seconds, by its file."""
    for top in hierarchies():
        folder = top / "docker" / name
        if (folder / "cpuacct.usage").exists():
            return int((folder / "cpuacct.usage").read_text()) / 1e9
        if "usage_usec" in ((folder / "cpu.stat").read_text() if (folder / "cpu.stat").exists() else ""):
            return int(dict(line.split() for line in (folder / "cpu.stat").read_text().splitlines())["usage_usec"]) / 1e6
    raise AssertionError("no CPU accounting")


class Capped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sweep()
        with config() as file, Agent("--config", file) as first:
            scrape = first.scrape()
            cls.others = int(scrape.one("hostmeter_containers_shown") + scrape.one("hostmeter_containers_overflow"))
        # They come first, and each has a place of its own.
        cls.agent = cls.enterClassContext(Agent("--config", cls.enterClassContext(config(cls.others))))

    def start(self, made, name):
        """A process that uses some CPU time and then waits to be killed."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            made.add_process(name, os.getpid())
            end = time.process_time() + BURN
            while time.process_time() < end:
                pass
            os.write(writer, b".")
            signal.pause()
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        self.addCleanup(self.kill, pid)
        return pid

    @staticmethod
    def kill(pid):
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def shown(self):
        ours = f"/docker/{os.getpid():08x}"
        return {has["id"] for has, _ in self.agent.scrape().all(CPU) if has["id"].startswith(ours)}

    def overflow(self, metric):
        found = [value for has, value in self.agent.scrape().all(metric, id="overflow") if has.get("cpu", "total") == "total"]
        return found[0] if found else None

    def test_the_rest_is_summed(self):
        before = self.agent.scrape()
        ended = sum(value for _, value in before.all("hostmeter_ended_containers_total"))
        with FakeContainers(MADE, 50) as made:
            pids = {name: self.start(made, name) for name in made.names}
            wait_for("all are seen", lambda: self.agent.scrape().one("hostmeter_containers_overflow") == MADE - SHOWN)
            wait_for("those that are shown", lambda: len(self.shown()) == SHOWN)
            shown, scrape = self.shown(), self.agent.scrape()
            rest = [name for name in made.names if f"/docker/{name}" not in shown]
            self.assertEqual(MADE - SHOWN, len(rest))
            self.assertEqual(self.others + SHOWN, scrape.one("hostmeter_containers_shown"))
            self.assertEqual([OVERFLOW], [{k: has[k] for k in OVERFLOW} for has, _ in scrape.all(CPU, **OVERFLOW)])
            want = sum(usage(name) for name in rest)
            self.assertGreaterEqual(want, BURN * len(rest))
            wait_for("their CPU time", lambda: abs(self.overflow(CPU) - want) < 1e-4)
            wait_for("their tasks", lambda: self.overflow(THREADS) == len(rest))

            self.kill(pids[rest[0]])
            last = usage(rest[0])
            for folder in made.folders(rest[0]):
                folder.rmdir()
            wait_for("one is gone", lambda: self.overflow(THREADS) == len(rest) - 1)
            self.assertGreaterEqual(self.overflow(CPU), want)
            wait_for("it is counted", lambda: sum(
                value for _, value in self.agent.scrape().all("hostmeter_ended_containers_total")) == ended + 1, 20)
            scrape = self.agent.scrape()
            self.assertAlmostEqual(last, sum(value for _, value in scrape.all("hostmeter_ended_container_cpu_seconds_total")),
                                   delta=0.01)
            self.assertGreaterEqual(self.overflow(CPU), want)
            for pid in pids.values():
                self.kill(pid)
        wait_for("all are gone", lambda: self.agent.scrape().one("hostmeter_containers_overflow") == 0)
        self.assertGreaterEqual(self.overflow(CPU), want)
        self.assertIsNone(self.overflow(THREADS))
        wait_for("they are forgotten", lambda: self.agent.scrape().one("hostmeter_containers_shown") == self.others)
        self.assertEqual(MADE - SHOWN, self.agent.scrape().one("hostmeter_containers_overflowed_total"))
        self.assertEqual([], self.agent.scrape().all(CPU, id=f"/docker/{rest[0]}"))


if __name__ == "__main__":
    agent.need(root=True)
    agent.main()
