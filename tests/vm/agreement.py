#!/usr/bin/env python3
"""agreement.py HOSTMETER: what the agent shows of containers under known loads, against the kernel's own files.

While they work a counter is between what the file said before and after; once they rest every figure is the file's.
Runs on this machine, and in virtual machines of other kernels: `make vm`."""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

here = pathlib.Path(__file__).parent
sys.path[:0] = [str(here.parent / "e2e"), str(here.parent / "support"), str(here)]
import agent  # noqa: E402
import expected  # noqa: E402
import figures  # noqa: E402
import loads  # noqa: E402
from cgroups import FakeContainers  # noqa: E402

PATIENCE = 60  # s, and more where HOSTMETER_TEST_PATIENCE says so
SPUN, THROTTLED = 0.5, 3  # s, periods: the least that is worth comparing
SELDOM = 70  # ticks, after which everything was read again
FRESH = 7  # ticks, after which every counter but that of rare events was read again
TURN = 17  # ticks, after which a network was in which nobody runs
# All that is looked at; an emulated machine takes its time over more.
OURS = "?" + "&".join(f"collect[]={name}" for name in (
    "agent", "cgroup_blkio", "cgroup_blkio_latency", "cgroup_cpu", "cgroup_life",
    "cgroup_run_queue", "cgroup_memory", "cgroup_network", "cgroup_pids", "cgroup_pressure", "cgroup_spec"))
HIDDEN = 0.05  # of a machine's block I/O, at most, where it hides completions from BPF
PRECISION = 2e-6  # s: the kernel's files say microseconds
# The kernel's files count what is written before neighbours are joined, the agent the requests that come of it: they are the
# same only past the page cache.
REQUESTS = ("container_fs_reads_total", "container_fs_writes_total")
NETWORK = [f"container_network_{way}_{what}_total" for way in ("receive", "transmit")
           for what in ("bytes", "packets", "errors", "packets_dropped")]

# For docs/kernels.md: {reader: mode}, {group: figures that agree}, {feature: whether doctor says it is there}, (rung, flush of v2).
MODES, AGREEMENTS, FEATURES, WALK = {}, {}, {}, []
BEGUN = {}  # {container: CPU seconds used before its own work began}


class Kernel:
    """{(group, metric, labels, container): value} as the kernel's files say now."""

    def __init__(self, load):
        figures.file_of.cache_clear()
        v2 = figures.file_of(load.cgroup("spin"), "memory.current") is not None
        self.values = {}
        for container in load.NAMES:
            for group, (_, rows) in figures.GROUPS.items():
                for metric, labels, on_v2, on_v1 in rows:
                    figure = on_v2 if v2 else on_v1
                    value = figure(load.cgroup(container)) if figure else None
                    if value is not None and (container == "disk" or metric not in REQUESTS):
                        self.values[group, metric, tuple(labels.items()), container] = value
        words = pathlib.Path(f"/proc/{load.processes['network'].pid}/net/dev").read_text().partition("eth0:")[2].split()
        for metric, at in zip(NETWORK, (0, 1, 2, 3, 8, 9, 10, 11)):
            self.values["network", metric, (("interface", "eth0"),), "network"] = int(words[at])


def say(what):
    """For whoever reads the log of a slow machine."""
    print(f"{pathlib.Path('/proc/uptime').read_text().split()[0]} s: {what}", flush=True)


def is_counter(metric):
    return metric.endswith("_total")


def precision(key, value):
    """By how much a figure may differ from VALUE, in its unit."""
    _, metric, _, container = key
    if metric in figures.GUESSED:
        # While it starts a program spends its time otherwise than later. What the guess then gave to one side it never takes back,
        # neither in the file nor with us, and each was looked at at other times.
        return value / 20 + 2 * figures.TICK + BEGUN[container]
    return PRECISION if "seconds" in metric else 0


class Agreement(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(agent.Agent())
        say("the agent serves")
        containers = cls.enterClassContext(FakeContainers(len(loads.Loads.NAMES)))
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(dir=os.environ.get("HOSTMETER_TEST_DISK", "/var/tmp")))
        disk = os.stat(folder).st_dev
        for name in containers.names:
            figures.wake_v1_blkio(f"docker/{name}", f"{os.major(disk)}:{os.minor(disk)}")
        cls.load = cls.enterClassContext(loads.Loads(containers, folder))
        say("every load has begun")
        for (_, metric, _, container), value in Kernel(cls.load).values.items():
            if metric == "container_cpu_usage_seconds_total":
                BEGUN[container] = value
        agent.wait_ticks(cls.agent, 3)
        agent.wait_for("some work to be done", cls.has_worked, PATIENCE)
        networks = {key: value for key, value in Kernel(cls.load).values.items() if key[0] == "network"}
        agent.wait_ticks(cls.agent, TURN - FRESH)
        cls.moving = [Kernel(cls.load).values | networks]
        agent.wait_ticks(cls.agent, FRESH)
        cls.moving.insert(1, cls.agent.scrape(OURS))
        cls.moving.append(Kernel(cls.load).values)
        say("figures are taken while they work")
        cls.load.finish(PATIENCE * agent.PATIENCE)
        say("they rest")
        cls.settle()
        say("figures are taken while they rest")

    @classmethod
    def has_worked(cls):
        values = Kernel(cls.load).values
        return (values["cpu", "container_cpu_usage_seconds_total", (), "spin"] > SPUN and
                values["throttling", "container_cpu_cfs_throttled_periods_total", (), "quota"] > THROTTLED)

    @classmethod
    def settle(cls):
        """Until nothing disagrees any more: what is read seldom comes last."""
        ticks = "hostmeter_ticks_total"
        end = cls.agent.scrape(OURS).one(ticks, result="complete") + SELDOM
        while True:
            before = Kernel(cls.load).values
            cls.resting = cls.agent.scrape(OURS)
            cls.kernel = Kernel(cls.load).values
            if before == cls.kernel and not cls.disagreeing() or cls.resting.one(ticks, result="complete") > end:
                return
            time.sleep(1)

    @classmethod
    def shown(cls, scrape, key):
        """Summed over devices; None where the scrape has nothing of it."""
        _, metric, labels, container = key
        found = scrape.all(metric, id="/" + cls.load.cgroup(container), **dict(labels))
        return sum(value for _, value in found) if found else None

    @classmethod
    def disagreeing(cls):
        return [f"{key[1]}{dict(key[2]) or ''} of {key[3]}: shown {shown}, the kernel says {value}"
                for key, value in cls.kernel.items() if not cls.agrees(shown := cls.shown(cls.resting, key), value, key)]

    @classmethod
    def agrees(cls, shown, value, key):
        group, metric, *_ = key
        if shown is None and metric in figures.ONLY_WALKED:
            return cls.modes().get(figures.GROUPS[group][0]) != "walk"
        if shown is None:
            # A device that was not used has no figures yet.
            return value == 0 and metric.startswith("container_fs_")
        if group == "block I/O" and not expected.machine() and shown < value:
            # Those of the matrix hide none: docs/adr/0004-ways-to-read.md.
            return shown >= value * (1 - HIDDEN)
        return math.isclose(shown, value, rel_tol=1e-9, abs_tol=precision(key, value))

    def check(self, group):
        of_group = [key for key in self.kernel if key[0] == group]
        self.assertTrue(of_group, f"the kernel has no figure of {group}")
        before, scrape, after = self.moving
        for key in of_group:
            shown = self.shown(scrape, key)
            if is_counter(key[1]) and shown is not None and key in before and key in after:
                self.assertLessEqual(shown, after[key] + precision(key, after[key]), key)
                if "events" not in key[1]:
                    self.assertGreaterEqual(shown, before[key] - precision(key, before[key]), key)
        wrong = [line for line in self.disagreeing() if any(line.startswith(key[1]) for key in of_group)]
        self.assertEqual([], wrong)
        AGREEMENTS[group] = len({key[1:3] for key in of_group})

    def value(self, metric, container, **labels):
        return self.shown(self.resting, ("", metric, tuple(labels.items()), container))

    @classmethod
    def modes(cls, scrape=None):
        """Of the readers of ticks; what follows the runtimes' files has no row in doctor's table."""
        modes = (scrape or cls.resting).modes()
        return {reader: mode for reader, mode in modes.items() if reader != "runtime_files"}

    def need(self, reader):
        if self.modes().get(reader, "off") == "off":
            self.skipTest(f"{reader} is off here")

    def test_cpu(self):
        self.check("cpu")
        # Of a guess each side may differ; together they are what was used. v1's files have them in ticks.
        if figures.file_of(self.load.cgroup("spin"), "cpuacct.stat") is None:
            for scrape in (self.moving[1], self.resting):
                for container in self.load.NAMES:
                    usage, *sides = (self.shown(scrape, ("cpu", metric, (), container))
                                     for metric in ("container_cpu_usage_seconds_total", *figures.GUESSED))
                    self.assertAlmostEqual(usage, sum(sides), delta=2 * PRECISION, msg=container)
        self.assertGreater(self.value("container_cpu_usage_seconds_total", "spin"), SPUN)

    def test_throttling(self):
        self.check("throttling")
        self.assertGreater(self.value("container_cpu_cfs_throttled_periods_total", "quota"), THROTTLED)
        self.assertIsNone(self.value("container_cpu_cfs_periods_total", "spin"))

    def test_memory(self):
        self.check("memory")
        # Of what it took; each CPU keeps a part for itself before it counts.
        for metric, least in (("rss", 32), ("cache", 8), ("mapped_file", 4)):
            self.assertGreater(self.value(f"container_memory_{metric}", "memory"), least // 2 * loads.MEBIBYTE, metric)
        self.assertEqual(1, self.value("container_oom_events_total", "greedy"))

    def test_threads(self):
        self.check("threads")
        self.assertEqual(loads.THREADS_MAX, self.value("container_threads", "threads"))

    def test_tasks(self):
        self.check("tasks")
        self.assertEqual(1, self.value("container_populated", "spin"))
        self.assertGreater(self.value("container_pids_events_max_total", "threads"), 0)

    def test_pressure(self):
        self.check("pressure")
        self.assertGreater(self.value("container_pressure_cpu_waiting_seconds_total", "quota"), 0)

    def test_block_io(self):
        self.check("block I/O")
        # A few more, where the file system looks for the file's blocks.
        reads, written = self.value("container_fs_reads_total", "disk"), self.value("container_fs_writes_bytes_total", "disk")
        if expected.machine():
            self.assertIn(reads - loads.READS, range(8))
            self.assertEqual(loads.WRITES * loads.BLOCK, written)
        self.assertGreater(reads, loads.READS * (1 - HIDDEN))
        self.assertGreater(written, loads.WRITES * loads.BLOCK * (1 - HIDDEN))

    def test_block_io_latency(self):
        self.need("cgroup_blkio_latency")
        for operation, count in (("Read", loads.READS), ("Write", loads.WRITES)):
            timed = self.value("container_blkio_latency_seconds_count", "disk", operation=operation)
            self.assertGreater(timed, count * (1 - HIDDEN))
            self.assertEqual(self.value(f"container_fs_{operation.lower()}s_total", "disk"), timed)
            self.assertGreater(self.value("container_blkio_latency_seconds_sum", "disk", operation=operation), 0)

    def test_run_queue(self):
        self.need("cgroup_run_queue")
        wait = "container_cpu_run_queue_long_wait_seconds"
        waits, waited = self.value(f"{wait}_count", "spin"), self.value(f"{wait}_sum", "spin")
        self.assertGreater(waits, 0)
        self.assertGreaterEqual(waited, waits * self.agent.scrape().one("hostmeter_run_queue_threshold_seconds"))

    def test_lives(self):
        self.need("cgroup_life")
        self.assertEqual(1, self.value("container_process_execs_total", "spin"))
        self.assertEqual(2, self.value("container_process_execs_total", "network"))  # unshare, and then python
        self.assertEqual(1, self.value("container_process_exits_total", "greedy"))
        self.assertEqual(0, self.value("container_process_exits_total", "spin"))

    def test_network(self):
        self.check("network")
        self.assertGreaterEqual(self.value("container_network_transmit_packets_total", "network"), loads.SENT)

    def test_limits(self):
        self.check("limits")
        self.assertEqual(loads.QUOTA_US, self.value("container_spec_cpu_quota", "quota"))

    def test_nothing_was_refused(self):
        for name in ("hostmeter_parse_errors_total", "hostmeter_read_errors_total"):
            self.assertEqual([], [has for has, value in self.resting.all(name) if value], name)

    def test_modes(self):
        MODES.update(self.modes())
        print("\n".join(line for line in self.agent.said().splitlines() if " warning " in line))
        here = expected.machine()
        if not here:
            self.skipTest("not a machine of the matrix")
        for reader, mode in expected.MODES[here].items():
            self.assertEqual(mode, MODES.get(reader), reader)

    def test_doctor(self):
        told = json.loads(subprocess.run([agent.BINARY, "doctor", "--json"], check=True, stdout=subprocess.PIPE).stdout)
        modes = {row["name"]: row["mode"] for row in told["readers"]}
        # One that found nothing but zeros at first compares again every ten ticks.
        agent.wait_for(f"the agent to read as doctor says: {modes}", lambda: self.modes(self.agent.scrape(OURS)) == modes, PATIENCE)
        why = {row["name"]: row.get("why", "") for row in told["readers"]}
        if (expected.machine() or "").endswith("lockdown"):
            for name in expected.WALKED:
                if modes[name] == "file":
                    self.assertIn("lockdown", why[name], name)
        FEATURES.update({row["name"]: row["yes"] for row in told["features"]})
        rungs = {row["rung"] for row in told["walks"]}
        v2 = next((row for row in told["walks"] if row["name"].endswith("/unified")), next(iter(told["walks"]), {}))
        WALK.extend((*sorted(rungs), v2.get("flush", "none")))
        if here := expected.machine():
            self.assertEqual([*expected.WALKS[here]], WALK)
            self.assertEqual([], [row["name"] for row in told["rights"] if not row["yes"]])
            self.assertEqual(expected.LACKING[here], {name for name, yes in FEATURES.items() if not yes})


if __name__ == "__main__":
    agent.need("ip", "unshare", "nsenter", root=True)
    agent.main()
