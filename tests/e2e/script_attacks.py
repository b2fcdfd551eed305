#!/usr/bin/env python3
"""Scripts that mean harm, run by the whole agent: no tick is lost, others are served, and nothing is left behind."""
import collections
import os
import pathlib
import subprocess
import time
import unittest

import agent
from agent import PATIENCE, Agent, wait_for
from scripts import Folder, value

SECONDS = 20
# Names, what they do, and as what they have to be counted: one of these.
ATTACKS = {
    "bomb": (["b() { b | b & }; b; sleep 60"], {"timeout", "exit", "signal"}),
    "flood": (["head -c 10G /dev/zero | tr '\\0' 'x'"], {"output"}),
    "lines": (["yes 'a_metric{a=\"b\"} 1'"], {"output"}),
    "hangs": (["trap '' TERM; (setsid sh -c 'trap \"\" TERM; sleep 600' &); sleep 600"], {"timeout"}),
    "memory": (["exec tail /dev/zero"], {"signal", "exit", "timeout"}),
    "disk": (["dd if=/dev/zero of=/tmp/full bs=1M count=1000 2>/dev/null; exit 1"], {"exit"}),
    "labels": (["i=0; while [ $i -lt 3000 ]; do echo \"m{l=\\\"$i\\\"} 1\"; i=$((i+1)); done"], {"output", "timeout"}),
    "garbage": (["head -c 100000 /dev/urandom"], {"parse", "output"}),
    "fails": (["echo lost 1; exit 1"], {"exit"}),
    "kills": (["kill -9 -1; kill -9 $$"], {"signal"}),
}


def traces(mark):
    """Processes, mounts and cgroups of scripts."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append(f"process {process.name} {(process / 'comm').read_text().strip()}")
        except OSError:
            pass
    found += [line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if "hostmeter-script " in line]
    return found


def cgroups():
    """Of runs, of whatever agent."""
    return set(subprocess.run(["find", "/sys/fs/cgroup", "-type", "d", "-path", "*/hostmeter-scripts/*"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.split())


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


class Attacks(unittest.TestCase):
    def test_none_costs_a_tick_or_leaves_anything(self):
        mark = f"SCRIPT_ATTACK={os.getpid()}"
        folder = self.enterContext(Folder())
        cgroups_before = cgroups()
        folder.add("good.sh", "echo good 1")
        folder.configure('timeout = "2s"')
        with Agent("--config", str(folder.config)) as running:
            def result_of(scrape, script, result):
                return value(scrape, "hostmeter_script_runs_total", script=script, result=result) or 0
            wait_for("the good one", lambda: value(running.scrape(), "good") == 1, 30)
            before, began = running.scrape(), time.monotonic()
            files = descriptors(running.process.pid)
            for name, (lines, _) in ATTACKS.items():
                folder.add(f"{name}.sh", f"export {mark}", *lines)
            ages = collections.Counter()
            pending = set(ATTACKS)
            while pending or time.monotonic() < began + SECONDS:
                self.assertLess(time.monotonic(), began + 120 * PATIENCE, f"not as expected: {pending}\n{running.scrape('?collect[]=script').text}")
                scrape = running.scrape()
                ages[int(scrape.one("hostmeter_snapshot_age_seconds") * 10)] += 1
                pending = {name for name in pending if not any(result_of(scrape, name, result) for result in ATTACKS[name][1])}
                time.sleep(0.1)
            after = running.scrape()
            print("age of what was served, and how often:")
            for tenth in sorted(ages):
                print(f"  {tenth / 10:.1f} s {ages[tenth]:5} {'#' * min(ages[tenth], 80)}")
            for result in ("complete", "skipped", "abandoned"):
                print(f"ticks {result}: {after.one('hostmeter_ticks_total', result=result) - before.one('hostmeter_ticks_total', result=result):.0f}")
            self.assertEqual(before.one("hostmeter_ticks_total", result="abandoned"), after.one("hostmeter_ticks_total", result="abandoned"))
            self.assertEqual(1, after.one("hostmeter_script_supervisor_up"))
            self.assertGreater(result_of(after, "good", "ok"), result_of(before, "good", "ok"))
            self.assertFalse(after.all("lost"))
            for name in ATTACKS:
                (folder.scripts / f"{name}.sh").unlink()
            wait_for("their series to be gone", lambda: not [
                has for has, _ in running.scrape().all("hostmeter_script_runs_total") if has["script"] in ATTACKS], 30)
            wait_for("processes and mounts to be gone", lambda: not traces(mark), 30)
            wait_for("descriptors to be closed", lambda: descriptors(running.process.pid) <= files + 8, 30)
        self.assertEqual([], traces(mark))
        wait_for("cgroups to be gone", lambda: cgroups() <= cgroups_before, 30)


if __name__ == "__main__":
    agent.need(root=True)
    agent.main()
