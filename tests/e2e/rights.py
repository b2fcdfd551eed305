#!/usr/bin/env python3
"""What the agent may do while it serves: nothing between calls, nothing at all once locked, and every figure is there that a right buys."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent, wait_for  # noqa: E402
from cgroups import FakeContainers, hierarchies  # noqa: E402

NOBODY = 65534
BITS = {"CAP_DAC_OVERRIDE": 1, "CAP_DAC_READ_SEARCH": 2, "CAP_NET_ADMIN": 12, "CAP_SYS_PTRACE": 19, "CAP_BPF": 39}
MASKS = {name: 1 << bit for name, bit in BITS.items()}
# What a steady tick may raise for the time of a call.
MAY_BE_RAISED = MASKS["CAP_DAC_READ_SEARCH"] | MASKS["CAP_NET_ADMIN"] | MASKS["CAP_SYS_PTRACE"] | MASKS["CAP_BPF"]


def capabilities(pid):
    """{thread: (effective, permitted)}"""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            lines = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
        except OSError:
            continue  # it ended
        found[int(task.name)] = (int(lines["CapEff"], 16), int(lines["CapPrm"], 16))
    return found


OWN = capabilities(os.getpid())[os.getpid()][1]


class Lab:
    """A container with a network of its own, one that is closed to us, and a closed mount point; use as a context."""

    def __enter__(self):
        self.undo = []
        try:
            self.containers = FakeContainers(2, first=20_000_000)
            self.containers.__enter__()
            self.undo.append(self.containers.__exit__)
            self.networked, self.closed = self.containers.names
            self.pid = self.process(self.networked, "unshare", "-n", "sleep", "86400")
            self.process(self.closed, "sleep", "86400")
            self.give_network()
            self.close()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        while self.undo:
            self.undo.pop()()

    def process(self, container, *command):
        process = subprocess.Popen(command)
        self.undo.append(lambda: (process.kill(), process.wait()))
        self.containers.add_process(container, process.pid)
        return process.pid

    def give_network(self):
        own = os.readlink("/proc/self/ns/net")
        wait_for("a network of its own", lambda: os.readlink(f"/proc/{self.pid}/ns/net") != own)
        host_end = f"hmr{os.getpid()}"[:15]
        subprocess.run(["ip", "link", "add", host_end, "type", "veth", "peer", "name", "eth0", "netns", str(self.pid)],
                       check=True)
        self.undo.append(lambda: subprocess.run(["ip", "link", "del", host_end], check=False))
        subprocess.run(["ip", "link", "set", host_end, "up"], check=True)
        subprocess.run(["nsenter", "-t", str(self.pid), "-n", "ip", "link", "set", "eth0", "up"], check=True)

    def close(self):
        for top in hierarchies():
            directory = top / "docker" / self.closed
            os.chown(directory, NOBODY, NOBODY)
            directory.chmod(0o700)
        closed = tempfile.mkdtemp(prefix="hostmeter-closed-", dir="/var/tmp")
        self.undo.append(lambda: shutil.rmtree(closed))
        self.mount_point = f"{closed}/mount"
        os.mkdir(self.mount_point)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "hostmeter-test", self.mount_point], check=True)
        self.undo.append(lambda: subprocess.run(["umount", self.mount_point], check=True))
        os.chown(closed, NOBODY, NOBODY)
        os.chmod(closed, 0o700)

    def network(self):
        """Bytes (received, sent) in the container, as the kernel counts them."""
        for line in pathlib.Path(f"/proc/{self.pid}/net/dev").read_text().splitlines():
            name, _, figures = line.partition(":")
            if name.strip() == "eth0":
                return int(figures.split()[0]), int(figures.split()[8])
        raise AssertionError("no eth0")


class Case(unittest.TestCase):
    flags, prefix, settings = (), (), ""

    @classmethod
    def setUpClass(cls):
        if cls is Case:
            raise unittest.SkipTest("what the others share")
        cls.lab = cls.enterClassContext(Lab())
        file = cls.enterClassContext(tempfile.NamedTemporaryFile("w", suffix=".toml"))
        file.write(cls.settings)
        file.flush()
        cls.agent = cls.enterClassContext(Agent("--config", file.name, prefix=cls.prefix))
        time.sleep(2)

    def threads(self, seconds=2.0):
        """What each thread was seen with, again and again."""
        end, seen = time.monotonic() + seconds, []
        while time.monotonic() < end:
            seen.append(capabilities(self.agent.process.pid))
            time.sleep(0.01)
        return seen

    def mode(self, reader):
        return next(has["mode"] for has, on in self.agent.scrape().all("hostmeter_reader_mode", reader=reader) if on)

    def is_network_exact(self):
        before = self.lab.network()
        time.sleep(2.5)
        scrape = self.agent.scrape()
        shown = tuple(sum(value for _, value in scrape.all(f"container_network_{way}_bytes_total",
                                                           id=f"/docker/{self.lab.networked}", interface="eth0"))
                      for way in ("receive", "transmit"))
        return before == self.lab.network() and shown == before

    def check_network(self):
        wait_for("the kernel's bytes", self.is_network_exact, 30)
        errors = self.agent.scrape().all("container_network_receive_errors_total", id=f"/docker/{self.lab.networked}")
        self.assertTrue(errors)

    def has_no_network(self):
        return not [has for name, has, _ in self.agent.scrape().samples
                    if name.startswith("container_network_") and has.get("id") == f"/docker/{self.lab.networked}"]

    def closed_filesystem(self, name):
        return [value for _, value in self.agent.scrape().all(name, mountpoint=self.lab.mount_point)]

    def check_block_io_as_before_the_start(self):
        if "block I/O is read from cgroup files" in self.agent.said():
            self.skipTest("no BPF here: " + self.agent.said())
        self.assertEqual("bpf", self.mode("cgroup_blkio"))
        self.assertTrue(self.agent.scrape().all("hostmeter_bpf_map_entries"))
        errors = self.agent.scrape().one("hostmeter_read_errors_total", reader="cgroup_blkio")
        self.assertEqual(0, errors)


class Raised(Case):
    def test_between_calls_nothing_is_effective(self):
        seen = self.threads()
        main = self.agent.process.pid
        self.assertEqual({0}, {at[main][0] for at in seen})
        raised = [at for at in seen if any(effective for effective, _ in at.values())]
        self.assertLess(len(raised), len(seen) / 5)
        for at in raised:
            for effective, _ in at.values():
                self.assertEqual(0, effective & ~MAY_BE_RAISED, f"{effective:x}")

    def test_permitted_stays_what_it_was_but_for_threads_that_need_none(self):
        threads = capabilities(self.agent.process.pid)
        self.assertEqual(OWN, threads[self.agent.process.pid][1])
        # Those that follow files keep the right to read them.
        self.assertEqual({0, MASKS["CAP_DAC_READ_SEARCH"], OWN}, {permitted for _, permitted in threads.values()})
        # The pump, and of the listener the one that accepts and the two that answer.
        self.assertGreaterEqual(len([1 for _, permitted in threads.values() if permitted == 0]), 4)

    def test_every_figure_that_takes_a_right_is_there(self):
        self.check_network()
        wait_for("the closed mount point", lambda: self.closed_filesystem("node_filesystem_size_bytes") == [1 << 20])
        self.assertTrue(self.agent.scrape().all("container_cpu_usage_seconds_total", id=f"/docker/{self.lab.closed}"))

    def test_block_io(self):
        self.check_block_io_as_before_the_start()

    def test_it_is_said(self):
        self.assertIn("each raised only around the calls that need it", self.agent.said())


class Locked(Case):
    settings = "[rights]\nlock = true\n"

    def test_nothing_is_left_to_any_thread(self):
        for at in self.threads():
            self.assertEqual({(0, 0)}, set(at.values()))

    def test_it_is_said_and_what_it_costs(self):
        said = self.agent.said()
        self.assertIn("rights: locked, none is left", said)
        for right in ("CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_DAC_READ_SEARCH"):
            self.assertEqual(1, said.count(f'add "{right}" to rights.keep'), said)

    def test_what_takes_a_right_is_absent(self):
        self.assertTrue(self.has_no_network())
        self.assertEqual("off", self.mode("cgroup_network"))
        wait_for("the refusal", lambda: self.closed_filesystem("node_filesystem_device_error") == [1])
        self.assertEqual([], self.closed_filesystem("node_filesystem_size_bytes"))
        scrape = self.agent.scrape()
        # The walk opens no file of a cgroup.
        self.assertEqual(self.mode("cgroup_cpu") == "walk",
                         bool(scrape.all("container_cpu_usage_seconds_total", id=f"/docker/{self.lab.closed}")))
        self.assertTrue(scrape.all("container_cpu_usage_seconds_total", id=f"/docker/{self.lab.networked}"))

    def test_block_io_is_counted_by_what_was_loaded_before(self):
        self.check_block_io_as_before_the_start()

    def test_a_reload_is_refused_for_it_would_lose_what_is_loaded(self):
        self.agent.process.send_signal(signal.SIGHUP)
        wait_for("the refusal", lambda: "rights are locked" in self.agent.said().partition("not reloaded")[2])
        time.sleep(1.5)
        self.assertNotEqual("off", self.mode("cgroup_blkio"))


class Unlocked(unittest.TestCase):
    def test_a_reload_that_changes_rights_is_refused_and_costs_none(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            with Agent("--config", file.name) as running:
                before = capabilities(running.process.pid)[running.process.pid]
                file.write('[rights]\nlock = true\n[labels]\nsite = "locked"\n')
                file.flush()
                running.process.send_signal(signal.SIGHUP)
                wait_for("the refusal", lambda: "not reloaded: a change of [rights] takes a restart" in running.said())
                self.assertEqual(before, capabilities(running.process.pid)[running.process.pid])
                self.assertNotIn("site", running.scrape().all("node_load1")[0][0])

                file.seek(0)
                file.truncate()
                file.write('[labels]\nsite = "reloaded"\n')
                file.flush()
                running.process.send_signal(signal.SIGHUP)
                wait_for("the reload", lambda: running.scrape().all("node_load1", site="reloaded"))


class Kept(Case):
    settings = '[rights]\nlock = true\nkeep = ["CAP_SYS_PTRACE", "CAP_NET_ADMIN"]\n'

    def test_what_was_kept_is_raised_and_serves(self):
        kept = MASKS["CAP_SYS_PTRACE"] | MASKS["CAP_NET_ADMIN"]
        for at in self.threads():
            for effective, permitted in at.values():
                self.assertIn(permitted, (0, kept))
                self.assertEqual(0, effective & ~kept)
        self.check_network()


class Without(Case):
    prefix = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")

    def test_it_runs_on_and_says_what_it_lacks(self):
        self.assertEqual({(0, 0)}, set(capabilities(self.agent.process.pid).values()))
        said = self.agent.said()
        self.assertIn("rights: none", said)
        for right in ("CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_DAC_READ_SEARCH"):
            self.assertEqual(1, said.count(f"without {right} "), said)
        self.assertIn("block I/O is read from cgroup files, not counted by BPF", said)

    def test_the_rest_is_there(self):
        scrape = self.agent.scrape()
        for name in ("node_load1", "node_network_receive_bytes_total", "node_memory_MemTotal_bytes"):
            self.assertTrue(scrape.all(name), name)
        self.assertTrue(scrape.all("container_cpu_usage_seconds_total", id=f"/docker/{self.lab.networked}"))
        self.assertTrue(self.has_no_network())


if __name__ == "__main__":
    agent.need("ip", "unshare", "nsenter", "setpriv", "mount", root=True)
    if any(OWN & mask == 0 for mask in MASKS.values()):
        agent.skip("needs " + ", ".join(MASKS))
    agent.main()
