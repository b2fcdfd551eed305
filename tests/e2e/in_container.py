#!/usr/bin/env python3
"""The agent inside a container: with the host mounted it shows the host and its other containers, without it says what it cannot see."""
import os
import pathlib
import subprocess
import time
import unittest

import agent
from agent import Scrape, wait_for
from engine import Engine

PORT = 9273
# CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON, which not every engine knows. --privileged would ask for more than there
# may be here.
IN_HOST = ["--pid", "host", "--cgroupns", "host", "--security-opt", "seccomp=unconfined", "--cap-drop", "ALL",
           *(f"--cap-add={right}" for right in ("DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"))]


def is_readable(link):
    try:
        return bool(os.readlink(link))
    except OSError:
        return False


def host_mount():
    """The whole host, and what it mounts later where the kernel lets that be passed on."""
    root = next(line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if line.split()[4] == "/")
    is_passed_on = "shared:" in root or "master:" in root
    return ["-v", "/:/host:ro,rslave" if is_passed_on else "/:/host:ro"]


def program():
    """The binary, and the libraries it was linked with."""
    flags = ["-v", f"{agent.BINARY}:/hostmeter:ro"]
    for folder in ("/lib", "/lib64", "/usr/lib"):
        if os.path.isdir(folder):
            flags += ["-v", f"{os.path.realpath(folder)}:{folder}:ro"]
    return flags


def devices():
    """{device: bytes received}, of the host."""
    lines = pathlib.Path("/proc/net/dev").read_text().splitlines()[2:]
    return {name.strip(): int(figures.split()[0]) for name, figures in (line.split(":") for line in lines)}


class Inside:
    """The agent in a container of its own, which is scraped from within."""

    def __init__(self, engine, name, *flags, arguments=(), port=PORT):
        self.engine, self.name, self.port = engine, name, port
        self.container = engine.start(name, "/hostmeter", "run", "--listen", f"127.0.0.1:{port}", *arguments,
                                      flags=[*program(), *flags])
        wait_for(f"{name} is ready", self.is_ready, 30)

    def fetch(self, path):
        return self.engine.docker("exec", self.name, "wget", "-q", "-O", "-", f"http://127.0.0.1:{self.port}{path}",
                                  stderr=subprocess.DEVNULL)

    def is_ready(self):
        try:
            return "ready" in self.fetch("/-/ready")
        except subprocess.CalledProcessError:
            if self.engine.docker("inspect", "-f", "{{.State.Running}}", self.name) != "true":
                raise AssertionError(f"it ended: {self.said()}") from None
            return False

    def scrape(self):
        return Scrape(self.fetch("/metrics"))

    def said(self):
        logs = subprocess.run(["docker", "logs", self.name], env=self.engine.environment, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return logs.stdout


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.sibling = cls.engine.start("sibling", "sh", "-c", "while :; do :; done", flags=["--cpus", "0.2"])
        cls.quiet = cls.engine.start("quiet")

    @staticmethod
    def of(scrape, name, container, **labels):
        return [value for has, value in scrape.all(name, **labels)
                if has["id"].rstrip("/").removesuffix(".scope").endswith(container.id)
                and has.get("cpu", "total") == "total"]

    def check_host(self, scrape):
        memory = dict(line.split(":") for line in pathlib.Path("/proc/meminfo").read_text().splitlines())
        self.assertEqual(int(memory["MemTotal"].split()[0]) * 1024, scrape.one("node_memory_MemTotal_bytes"))
        root = os.statvfs("/")
        self.assertIn(root.f_blocks * root.f_frsize,
                      [value for _, value in scrape.all("node_filesystem_size_bytes", mountpoint="/")])

    def check_devices_of_host(self, before, scrape):
        shown = {has["device"]: value for has, value in scrape.all("node_network_receive_bytes_total")}
        # What is a container's own is shown under it.
        wanted = {name for name in before if not name.startswith("veth")} & set(devices())
        self.assertLessEqual(wanted, set(shown))
        for name in wanted:
            self.assertLessEqual(before[name], shown[name], name)
            self.assertLessEqual(shown[name], devices()[name], name)

    def check_sibling(self, inside):
        before = self.sibling.cpu_seconds()
        time.sleep(2.5)
        shown = self.of(inside.scrape(), "container_cpu_usage_seconds_total", self.sibling)
        self.assertEqual(1, len(shown))
        self.assertLessEqual(before, shown[0])
        self.assertLessEqual(shown[0], self.sibling.cpu_seconds())
        self.assertTrue(self.of(inside.scrape(), "container_memory_usage_bytes", self.sibling))

    def is_network_exact(self, inside):
        before = self.quiet.network()
        time.sleep(2.5)
        scrape = inside.scrape()
        shown = [self.of(scrape, f"container_network_{way}_bytes_total", self.quiet, interface="eth0")
                 for way in ("receive", "transmit")]
        return before == self.quiet.network() and shown == [[before[0]], [before[1]]]


class WithTheHost(Case):
    """As a DaemonSet runs it."""

    def test_it_shows_the_host_and_its_containers(self):
        before = devices()
        inside = Inside(self.engine, "agent", *IN_HOST, "--network", "host", *host_mount(),
                        arguments=["--root", "/host"], port=agent.free_port())
        wait_for("filesystems", lambda: inside.scrape().all("node_filesystem_size_bytes", mountpoint="/"))
        self.check_host(inside.scrape())
        self.check_devices_of_host(before, inside.scrape())
        self.check_sibling(inside)
        wait_for("the sibling's bytes on the network", lambda: self.is_network_exact(inside), 40)
        self.assertTrue(self.of(inside.scrape(), "container_cpu_usage_seconds_total", inside.container))
        self.assertEqual(1, inside.scrape().one("hostmeter_cgroup_tree_whole"))
        for hidden in ("is a container's", "cgroup namespace", "network namespace", "part of the cgroup tree"):
            self.assertNotIn(hidden, inside.said())

    def test_in_a_network_of_its_own_the_hosts_is_shown_and_that_is_said(self):
        before = devices()
        inside = Inside(self.engine, "apart", *IN_HOST, *host_mount(), arguments=["--root", "/host"])
        self.check_devices_of_host(before, inside.scrape())
        self.assertIn("we are in a network namespace of our own", inside.said())
        self.check_sibling(inside)
        if not is_readable("/proc/1/ns/net"):
            self.skipTest("/proc/1/ns cannot be read here: netlink inside the host's network was not tried")
        self.assertEqual(1, inside.scrape().one("hostmeter_reader_mode", reader="netdev", mode="walk"))
        wait_for("the sibling's bytes on the network", lambda: self.is_network_exact(inside), 40)


class Alone(Case):
    def test_it_says_what_it_cannot_see(self):
        inside = Inside(self.engine, "alone", "--cgroupns", "private")
        said = inside.said()
        for mend in ("--pid=host", "--cgroupns=host", "--root"):
            self.assertIn(mend, said)
        self.assertIn("the /proc that is read is a container's", said)
        self.assertIn("we are in a cgroup namespace", said)
        self.assertIn("block I/O is read from cgroup files, not counted by BPF", said)
        scrape = inside.scrape()
        self.assertEqual(0, scrape.one("hostmeter_cgroup_tree_whole"))
        self.assertTrue(scrape.all("node_load1"))
        for other in (self.sibling, self.quiet):
            self.assertNotIn(other.id, scrape.text)


if __name__ == "__main__":
    agent.need("dockerd", "docker", "containerd", "runc", "busybox", "ip", root=True)
    agent.main()
