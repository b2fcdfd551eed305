#!/usr/bin/env python3
"""system_calls.py BENCH_TICK [COUNT]: system calls of a steady tick over COUNT cgroups, counted by strace."""
import os
import shutil
import subprocess
import sys
import tempfile

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 200
FEW, MANY = 120, 180  # both past the warm-up; files are read every 1st to 60th tick


def calls(ticks):
    """{name: how often} in a run of so many ticks, making and removing its cgroups included."""
    with tempfile.NamedTemporaryFile("r") as table:
        subprocess.run(["strace", "-f", "-c", "-U", "name,calls", "-o", table.name, sys.argv[1], str(COUNT), "only",
                        str(ticks)], check=True, stdout=subprocess.DEVNULL)
        rows = (line.split() for line in table.read().splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit() and row[0] != "total"}


def main():
    for reason in [] if os.geteuid() == 0 else ["needs root"]:
        print(f"SKIP: {reason}")
        return 77
    if not shutil.which("strace"):
        print("SKIP: strace is not installed")
        return 77
    few, many = calls(FEW), calls(MANY)
    steady = {name: (many[name] - few.get(name, 0)) / (MANY - FEW) for name in many}
    print(f"system calls: {COUNT} idle cgroups, file mode; mean of a cycle of {MANY - FEW} steady ticks")
    print(f"  {sum(steady.values()):.1f} in a tick, {sum(steady.values()) / COUNT:.2f} for each cgroup")
    for name, number in sorted(steady.items(), key=lambda row: -row[1]):
        if number > 0.01:
            print(f"    {name:<16} {number:9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
