#!/usr/bin/env python3
"""Real containers that burn CPU, write and send: their figures against the kernel's own."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import agent
from agent import Agent
from engine import HERE, Engine

TICK = 1.0
MEBIBYTE = 1 << 20


class Containers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.disk = tempfile.mkdtemp(prefix="hostmeter-disk-", dir="/var/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.disk)
        start = cls.engine.start
        # There before the agent, and there after it.
        cls.early = start("early")
        cls.hostnet = start("hostnet", flags=("--network", "host"))
        cls.agent = cls.enterClassContext(Agent())
        cls.worker = start("worker", flags=("-v", f"{cls.disk}:/data"))
        cls.peer = start("peer")
        cls.all = [cls.early, cls.hostnet, cls.worker, cls.peer]

    def setUp(self):
        agent.wait_for("every container in the scrape", self.all_there)

    def all_there(self):
        scrape = self.agent.scrape()
        return all(self.of(scrape, "container_cpu_usage_seconds_total", one) for one in self.all)

    @staticmethod
    def of(scrape, name, container, **labels):
        """Samples of the container's own cgroup, not of those below it."""
        return [(has, value) for has, value in scrape.all(name, **labels)
                if has["id"].rstrip("/").removesuffix(".scope").endswith(container.id)]

    def value(self, name, container, **labels):
        return sum(value for has, value in self.of(self.agent.scrape(), name, container, **labels)
                   if has.get("cpu", "total") == "total")

    def test_every_container_has_its_figures(self):
        scrape = self.agent.scrape()
        for one in self.all:
            for name in ("container_cpu_usage_seconds_total", "container_memory_usage_bytes",
                         "container_memory_working_set_bytes", "container_last_seen"):
                self.assertTrue(self.of(scrape, name, one), f"{name} of {one.name}")
            self.assertIn(one.paths.get("memory", one.paths.get("")),
                          {has["id"] for has, _ in self.of(scrape, "container_memory_usage_bytes", one)})

    def test_cpu_while_it_burns(self):
        burn = subprocess.Popen(["docker", "exec", "worker", "timeout", "9", "sh", "-c", "while :; do :; done"],
                                env=self.engine.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        for _ in range(2):
            before = self.worker.cpu_seconds()
            time.sleep(2.5 * TICK)  # the newest snapshot is then younger than `before`
            shown = self.value("container_cpu_usage_seconds_total", self.worker)
            after = self.worker.cpu_seconds()
            self.assertGreater(after - before, 0.1, "the container does not burn")
            self.assertLessEqual(before, shown)
            self.assertLessEqual(shown, after)
        burn.wait(30)
        time.sleep(2.5 * TICK)
        kernel = self.worker.cpu_seconds()
        self.assertGreater(kernel, 1)
        self.assertAlmostEqual(kernel, self.value("container_cpu_usage_seconds_total", self.worker), delta=kernel / 100)

    def test_bytes_written_past_the_page_cache(self):
        modes = {has["reader"]: has["mode"] for has, on in self.agent.scrape().all("hostmeter_reader_mode") if on}
        if not any("blkio" in reader and mode != "off" for reader, mode in modes.items()):
            self.skipTest(f"no source of block I/O here: {modes}")
        count = 64
        file = pathlib.Path(self.disk) / "file"
        # Written once before, so that the disk has every block: later only the data move.
        file.write_bytes(b"0" * (count * MEBIBYTE))
        compiler = shutil.which("gcc") or shutil.which("cc")
        subprocess.run([compiler, "-O1", "-static", "-o", f"{self.disk}/direct_write", HERE / "direct_write.c"], check=True)
        os.sync()
        time.sleep(2 * TICK)
        before = self.value("container_fs_writes_bytes_total", self.worker)
        self.worker.run("/data/direct_write", "/data/file", str(count))
        agent.wait_for("the bytes", lambda: self.value("container_fs_writes_bytes_total", self.worker) > before, 5)
        time.sleep(2 * TICK)
        written = self.value("container_fs_writes_bytes_total", self.worker) - before
        self.assertLessEqual(written, count * MEBIBYTE)
        self.assertGreater(written, 0.95 * count * MEBIBYTE)  # some virtual machines hide a completion now and then

    def test_bytes_on_the_network(self):
        count = 20
        before = self.peer.network()
        self.worker.run("sh", "-c", f"dd if=/dev/zero of=/tmp/sent bs=1M count={count} 2>/dev/null; httpd -p 7000 -h /tmp")
        self.peer.run("wget", "-q", "-O", "/dev/null", f"http://{self.worker.address}:7000/sent")
        self.assertGreater(self.peer.network()[0] - before[0], count * MEBIBYTE)
        for container in (self.worker, self.peer):
            self.assertTrue(self.of(self.agent.scrape(), "container_network_receive_bytes_total", container),
                            f"{container.name} has no network series")
            agent.wait_for(f"{container.name}: the kernel's bytes", lambda one=container: self.same_bytes(one))

    def same_bytes(self, container):
        """Whether a scrape shows just what the kernel counts; a stray packet in between is waited out."""
        before = container.network()
        time.sleep(2.5 * TICK)
        scrape = self.agent.scrape()
        shown = tuple(sum(value for _, value in self.of(scrape, f"container_network_{way}_bytes_total", container,
                                                        interface="eth0")) for way in ("receive", "transmit"))
        return before == container.network() and shown == before

    def test_the_hosts_network_is_nobodys_own(self):
        scrape = self.agent.scrape()
        named = [name for name, has, _ in scrape.samples
                 if name.startswith("container_network_") and self.hostnet.id in has.get("id", "")
                 and not name.endswith("_info")]
        self.assertEqual([], [name for name in named if "bytes" in name or "packets" in name or "errors" in name])

    def test_a_containers_veth_is_shown_once(self):
        veths = {path.parent.name for path in pathlib.Path("/sys/class/net").glob("veth*/master")}
        self.assertTrue(veths)
        shown = {has["device"] for has, _ in self.agent.scrape().all("node_network_receive_bytes_total")}
        self.assertEqual(set(), veths & shown)

    def test_a_container_that_ends_is_gone(self):
        brief = self.engine.start("brief")
        agent.wait_for("brief", lambda: self.of(self.agent.scrape(), "container_cpu_usage_seconds_total", brief))
        self.engine.docker("rm", "-f", "brief")
        agent.wait_for("brief to go", lambda: not self.of(self.agent.scrape(), "container_memory_usage_bytes", brief))
        # What it used is to be seen a while longer.
        self.assertTrue(self.of(self.agent.scrape(), "container_cpu_usage_seconds_total", brief))


if __name__ == "__main__":
    agent.need("dockerd", "docker", "containerd", "runc", "busybox", "ip", root=True)
    agent.main()
