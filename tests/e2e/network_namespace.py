#!/usr/bin/env python3
"""The agent in a network namespace of its own, with the host's process 1 before its eyes: it shows the host's network."""
import os
import pathlib
import subprocess
import unittest

import agent
from agent import Scrape

NETNS_OF_HOST = "/proc/1/ns/net"


def is_readable():
    try:
        return bool(os.readlink(NETNS_OF_HOST))
    except OSError:
        return False


def devices():
    """{device: bytes received}, of the host."""
    lines = pathlib.Path("/proc/net/dev").read_text().splitlines()[2:]
    return {name.strip(): int(figures.split()[0]) for name, figures in (line.split(":") for line in lines)}


class OwnNetwork(unittest.TestCase):
    def check_devices_of_host(self, *command):
        """Runs `hostmeter once` by the command; its scrape."""
        before = devices()
        once = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        scrape, after = Scrape(once.stdout), devices()
        shown = {has["device"]: value for has, value in scrape.all("node_network_receive_bytes_total")}
        for name in set(before) & set(after) & set(shown):
            self.assertLessEqual(before[name], shown[name], name)
            self.assertLessEqual(shown[name], after[name], name)
        # A new namespace has a loopback alone, which has never had a packet.
        self.assertLessEqual({name for name in before if not name.startswith("veth")} & set(after), set(shown))
        self.assertTrue(any(shown.values()))
        return scrape

    def test_the_devices_of_the_host_are_shown(self):
        scrape = self.check_devices_of_host("unshare", "-n", agent.BINARY, "once")
        if not is_readable():
            self.skipTest("/proc/1/ns cannot be read here, as root neither: only files were tried")
        self.assertEqual(1, scrape.one("hostmeter_reader_mode", reader="netdev", mode="walk"))

    def test_by_netlink_where_process_1_shows_its_network(self):
        """A process 1 of our own, which stays in the host's network."""
        scrape = self.check_devices_of_host("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c",
                                            'unshare -n "$0" once; exit $?', agent.BINARY)
        self.assertEqual(1, scrape.one("hostmeter_reader_mode", reader="netdev", mode="walk"))


if __name__ == "__main__":
    agent.need("unshare", root=True)
    agent.main()
