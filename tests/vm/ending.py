#!/usr/bin/env python3
"""ending.py HOSTMETER: an agent that ends, by itself or killed, leaves no BPF program, map or link in the kernel.

For a virtual machine of its own, where nobody else has any."""
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
import agent  # noqa: E402


def objects():
    """{kind: ids} of the whole machine."""
    return {kind: {one["id"] for one in json.loads(subprocess.run(["bpftool", "--json", kind, "show"], check=True,
                                                                  stdout=subprocess.PIPE).stdout)}
            for kind in ("prog", "map", "link")}


class Ending(unittest.TestCase):
    def setUp(self):
        self.before = objects()

    def check_nothing_is_left(self):
        agent.wait_for("the kernel to have what it had", lambda: objects() == self.before)

    def test_stopped(self):
        with agent.Agent() as one:
            agent.wait_ticks(one, 2)
            self.assertNotEqual(self.before, objects())
        self.check_nothing_is_left()

    def test_killed(self):
        with agent.Agent() as one:
            agent.wait_ticks(one, 2)
            one.process.kill()
        self.check_nothing_is_left()


if __name__ == "__main__":
    agent.need("bpftool", root=True)
    agent.main()
