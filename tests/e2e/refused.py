#!/usr/bin/env python3
"""All of BPF refused, in each of the ways a host may refuse it: the agent serves what files give, and says what it lost and why."""
import contextlib
import ctypes
import errno
import json
import os
import platform
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from agent import Agent  # noqa: E402
from cgroups import FakeContainers, Sleepers  # noqa: E402

SYS_BPF = {"x86_64": 321, "aarch64": 280}.get(platform.machine())
PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_CAPBSET_DROP = 22, 2, 24
RETURN_ERRNO, ALLOW = 0x00050000, 0x7FFF0000
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF = 21, 38, 39
WITHOUT_BTF = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh"]

libc = ctypes.CDLL(None, use_errno=True)


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction))]


def call(*arguments):
    if libc.prctl(*(ctypes.c_ulong(argument) for argument in arguments)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def refuse_bpf(answer):
    """As the seccomp filter of a container runtime does. For preexec_fn."""
    def enter():
        filter_ = (Instruction * 4)(Instruction(LOAD, 0, 0, 0), Instruction(IF_EQUAL, 0, 1, SYS_BPF),
                                    Instruction(RETURN, 0, 0, RETURN_ERRNO | answer), Instruction(RETURN, 0, 0, ALLOW))
        program = Program(len(filter_), filter_)
        call(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))
    return enter


def drop_rights():
    for capability in (CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF):
        call(PR_CAPBSET_DROP, capability)


def forbidden():
    """What EPERM is taken for although the capabilities are there."""
    with contextlib.suppress(OSError):
        with open("/sys/kernel/security/lockdown", encoding="ascii") as lockdown:
            if "[confidentiality]" in lockdown.read():
                return "lockdown"
    return "bpf() is forbidden although the capabilities are there"


# name: (prefix of the command, what it does before it starts, in the reason that is told)
REFUSALS = {
    "no_btf": (WITHOUT_BTF, None, "BTF"),
    "no_rights": ([], drop_rights, "CAP_BPF"),
    "seccomp_eperm": ([], refuse_bpf(errno.EPERM), forbidden()),
    "seccomp_enosys": ([], refuse_bpf(errno.ENOSYS), "the kernel has no bpf()"),
}


def diagnosis(prefix=(), enter=None, arguments=()):
    done = subprocess.run([*prefix, agent.BINARY, "doctor", "--json", *arguments], preexec_fn=enter, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def by_bpf(reader, mode):
    """Network readers walk by netlink, which nobody refuses."""
    return mode == "bpf" or mode == "walk" and reader not in ("netdev", "cgroup_network")


class Refused(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.containers = cls.enterClassContext(FakeContainers(3))
        cls.enterClassContext(Sleepers(cls.containers))
        config = cls.enterClassContext(agent.configuration("[bpf]\nenabled = false\n"))
        with Agent("--config", config) as switched_off:
            cls.expected = cls.series(switched_off)
        cls.by_bpf = {row["name"] for row in diagnosis()["readers"] if by_bpf(row["name"], row["mode"])}

    @classmethod
    def series(cls, one):
        """(name, labels) of all that the test's containers have."""
        agent.wait_for("every container", lambda: len(one.scrape().all("container_cpu_usage_seconds_total")) >= 3)
        ids = {f"/docker/{name}" for name in cls.containers.names}
        count = [0, 1]
        while count[-1] != count[-2]:  # the first ticks bring more of them
            agent.wait_ticks(one, 3)
            found = {(name, tuple(sorted(has.items()))) for name, has, _ in one.scrape().samples if has.get("id") in ids}
            count.append(len(found))
        return found

    def check(self, name):
        prefix, enter, reason = REFUSALS[name]
        with Agent(prefix=prefix, preexec_fn=enter) as one:
            self.assertEqual(self.expected, self.series(one))
            found = one.scrape().modes()
            self.assertEqual({}, {reader: mode for reader, mode in found.items() if by_bpf(reader, mode)})
            self.assertIn(reason, one.said())
            self.assertIn("BPF", one.said().upper())
            held = [link for link in self.descriptors(one) if "bpf" in link]
            self.assertEqual([], held)
        told = diagnosis(prefix, enter)
        del found["runtime_files"]  # no reader of ticks: doctor has no row for it
        self.assertEqual(found, {row["name"]: row["mode"] for row in told["readers"]})
        without = {row["name"]: row for row in told["features"] if not row["yes"]}
        self.assertTrue(without.keys() & {"BTF", "bpf()"}, without)
        lost = [row for row in told["readers"] if row["name"] in self.by_bpf]
        self.assertEqual(len(self.by_bpf), len(lost))
        for row in [*without.values(), *lost]:
            self.assertTrue(row.get("why") and row.get("mend"), row)
        self.assertEqual([], told["walks"])

    def test_switched_off(self):
        """By the operator, who is told which switch it was."""
        if not self.by_bpf:
            self.skipTest("nothing is read by BPF here")
        switches = ("walk", "blkio", "run_queue", "life")
        with agent.configuration("[bpf]\n" + "".join(f"{name} = false\n" for name in switches)) as config:
            told = {row["name"]: row for row in diagnosis(arguments=["--config", config])["readers"] if row["name"] in self.by_bpf}
        self.assertEqual(self.by_bpf, told.keys())
        for name, row in told.items():
            self.assertRegex(row["mend"], rf"set ({'|'.join(switches)}) = true in \[bpf\]", name)
            self.assertIn(row["mode"], ("file", "off"), name)

    @staticmethod
    def descriptors(one):
        """What each is; one may be closed between two looks."""
        found = []
        for name in os.listdir(f"/proc/{one.process.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                found.append(os.readlink(f"/proc/{one.process.pid}/fd/{name}"))
        return found

    def test_no_btf(self):
        self.check("no_btf")

    def test_no_rights(self):
        self.check("no_rights")

    def test_seccomp_eperm(self):
        self.check("seccomp_eperm")

    def test_seccomp_enosys(self):
        self.check("seccomp_enosys")


if __name__ == "__main__":
    agent.need("unshare", root=True)
    agent.main()
