#!/usr/bin/env python3
"""Kernels whose types are not as we know them: each costs the one subject that reads them, and says so; all else is as before.

By a copy of the kernel's BTF in which one name is another. All agents watch the same containers, from before they were made."""
import contextlib
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent  # noqa: E402
from cgroups import FakeContainers  # noqa: E402

BTF = pathlib.Path("/sys/kernel/btf/vmlinux")
WITH_BTF = ["unshare", "--mount", "sh", "-c", f'mount --bind "$1" {BTF} && shift && exec "$@"', "sh"]
WALKED = ("cgroup_walk", "cgroup_spec", "cgroup_cpu", "cgroup_memory", "cgroup_pids", "cgroup_pressure")
# While all their figures are 0 there is nothing to hold a walk against.
MAY_DOUBT = {"cgroup_pids": {"file", "walk"}, "cgroup_pressure": {"file", "walk"}}
ONLY_WALKED = "container_own_threads"
PAGE, WRITES = 4096, 16

# case: (name in the kernel, another, {reader: its modes then}, in the reason that is told, series that may be absent)
CASES = {
    "blkio": ("bi_blkg", "bi_blkX", {"cgroup_blkio": {"file", "off"}, "cgroup_blkio_latency": {"off"}},
              "block I/O is read from cgroup files, not counted by BPF", ("container_fs_", "container_blkio_")),
    "latency": ("io_start_time_ns", "io_start_time_nX", {"cgroup_blkio_latency": {"off"}},
                "latencies of block I/O are absent, and it is counted when it is issued", ("container_fs_", "container_blkio_")),
    "run_queue": ("last_queued", "last_queueX", {"cgroup_run_queue": {"off"}},
                  "waits for a CPU are absent", ("container_cpu_run_queue_",)),
    "walk": ("nr_descendants", "nr_descendantX", {reader: {"file", "off"} for reader in WALKED},
             "are read from files, not walked, for the kernel's verifier refused the program", (ONLY_WALKED,)),
    "life": ("comm", "comX", {"cgroup_life": {"off"}},
             "containers that live for less than an interval are not seen", ("container_process_",)),
}
# Each agent's programs look at the clock themselves.
OWN_CLOCK = ("container_blkio_latency_seconds_sum", "container_blkio_latency_seconds_bucket", "container_last_seen")
# cpuacct.stat and old cpu.stat are in hundredths of a second, the walk is not.
COARSE = {"container_cpu_user_seconds_total": 0.02, "container_cpu_system_seconds_total": 0.02}


def changed_types(name, other):
    """The kernel's BTF with OTHER in the place of NAME in its strings."""
    types = BTF.read_bytes()
    header, _, _, strings, size = struct.unpack("=IIIII", types[4:24])
    begin = header + strings
    at = types.find(b"\0" + name.encode() + b"\0", begin, begin + size) + 1
    if at == 0 or len(name) != len(other):
        raise AssertionError(f"{name} cannot be {other}")
    return types[:at] + other.encode() + types[at + len(name):]


def work(folder):
    """What leaves something in the figures of every subject, then nothing more."""
    held = bytearray(os.urandom(1 << 20) * 8)
    page = mmap.mmap(-1, PAGE)
    page.write(bytes(PAGE))
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        with contextlib.suppress(OSError):  # no disk is below
            direct = os.open(file.name, os.O_RDWR | os.O_DIRECT)
            for i in range(WRITES):
                os.pwrite(direct, page, i * PAGE)
            os.preadv(direct, [page], 0)
        subprocess.run(["true"], check=True)
        sum(range(5_000_000))
        done = pathlib.Path(folder, f"done-{os.getpid()}")
    done.touch()
    signal.pause()
    return held


class ChangedKernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="hostmeter-changed-")))
        cls.whole = cls.enterClassContext(Agent())
        has = cls.whole.scrape().modes()
        cls.agents = {}
        for case, (name, other, readers, *_) in CASES.items():
            if has[next(iter(readers))] not in ("bpf", "walk"):
                continue
            (cls.folder / case).write_bytes(changed_types(name, other))
            cls.agents[case] = cls.enterClassContext(Agent(prefix=[*WITH_BTF, str(cls.folder / case)]))
        cls.containers = cls.enterClassContext(FakeContainers(3))
        for name in cls.containers.names:
            cls.work_in(name)
        agent.wait_for("everyone's work", cls.have_worked)
        agent.wait_ticks(cls.whole, 4)  # of all: they tick by the clock

    @classmethod
    def work_in(cls, name):
        ready, go = os.pipe()
        pid = os.fork()
        if pid == 0:  # nothing of unittest's goes on here
            try:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                os.close(go)
                if os.read(ready, 1):
                    work(cls.folder)
            finally:
                os._exit(1)
        cls.addClassCleanup(lambda: (os.kill(pid, signal.SIGKILL), os.waitpid(pid, 0)))
        cls.containers.add_process(name, pid)
        os.write(go, b".")
        os.close(go)
        os.close(ready)

    @classmethod
    def have_worked(cls):
        return len(list(cls.folder.glob("done-*"))) == len(cls.containers.names)

    @classmethod
    def figures(cls, one):
        """{(name, labels): value} of all that the containers have."""
        ids = {f"/docker/{name}" for name in cls.containers.names}
        return {(name, tuple(sorted(has.items()))): value for name, has, value in one.scrape().samples if has.get("id") in ids}

    @staticmethod
    def wrong(expected, found, may_lack):
        """Where files stand in for a subject, its figures are those of its own test: io.stat counts other things."""
        return {at: (expected.get(at), value) for at, value in found.items()
                if at[0] not in OWN_CLOCK and not at[0].startswith(may_lack) and abs(value - expected.get(at, value if at[0] == ONLY_WALKED else float("inf")))
                > COARSE.get(at[0], 0)}

    def check(self, case):
        *_, readers, reason, may_lack = CASES[case]
        if case not in self.agents:
            self.skipTest("no BPF program of it is loaded here")
        one = self.agents[case]
        self.assertIn(reason, one.said())
        self.check_modes(one, readers)
        for _ in range(5):  # no two agents have read at the same time
            expected, found = self.figures(self.whole), self.figures(one)
            if not self.wrong(expected, found, may_lack):
                break
            agent.wait_ticks(one, 1)
        self.assertEqual({}, self.wrong(expected, found, may_lack))
        lacking = {name for name, _ in expected.keys() - found.keys()}
        self.assertEqual(set(), {name for name in lacking if not name.startswith((*may_lack, ONLY_WALKED))})
        self.assertEqual(self.names_of_host(self.whole), self.names_of_host(one))
        self.assertIsNone(one.process.poll())
        if case != "walk" and not any(value > 0 for (name, _), value in expected.items() if name.startswith(may_lack)):
            self.skipTest(f"nothing to lose: {may_lack}")

    def check_modes(self, one, lost):
        """The walk is compared with files until it is held right, by each agent for itself."""
        def differing():
            whole, changed = self.whole.scrape().modes(), one.scrape().modes()
            pairs = {reader: (mode, changed[reader]) for reader, mode in whole.items()
                     if reader not in lost and changed[reader] != mode}
            return {reader: pair for reader, pair in pairs.items() if not set(pair) <= MAY_DOUBT.get(reader, set())}
        for _ in range(10):
            if not differing():
                break
            agent.wait_ticks(one, 1)
        self.assertEqual({}, differing())
        found = one.scrape().modes()
        for reader, allowed in lost.items():
            self.assertIn(found[reader], allowed, reader)

    @staticmethod
    def names_of_host(one):
        return {name for name, _, _ in one.scrape().samples if name.startswith("node_")}

    def test_blkio(self):
        self.check("blkio")
        if "blkio" in self.agents:
            self.assertNotIn("counted when it is issued", self.agents["blkio"].said())

    def test_latency(self):
        """Then block I/O is counted when it is issued, when nothing is hidden of it: docs/adr/0004-ways-to-read.md."""
        self.check("latency")
        at_completion, at_issue = self.figures(self.whole), self.figures(self.agents["latency"])
        for at, value in at_issue.items():
            if at[0].startswith("container_fs_"):
                self.assertLessEqual(at_completion.get(at, 0), value, at)
                self.assertGreaterEqual(at_completion.get(at, 0), 0.8 * value, at)

    def test_run_queue(self):
        self.check("run_queue")

    def test_walk(self):
        self.check("walk")

    def test_life(self):
        self.check("life")


if __name__ == "__main__":
    agent.need("unshare", root=True)
    if not BTF.exists():
        agent.skip("the kernel has no BTF")
    with Agent() as any_agent:
        if "bpf" not in any_agent.scrape().modes().values():
            agent.skip("no BPF program can be loaded here")
    agent.main()
