#!/usr/bin/env python3
"""Counts the results of meson's testlog.json files and of checks recorded in their form.

count.py LOG...              prints why each skipped test was skipped, which failed, and a last line of totals
count.py --record LOG NAME COMMAND...   runs a check and appends its result to LOG; exit 77 means skipped
"""
import json
import subprocess
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def reason(test):
    """The last line a skipped test printed: by agreement it says why."""
    for stream in ("stdout", "stderr"):
        lines = [line.strip() for line in (test.get(stream) or "").splitlines() if line.strip()]
        if lines:
            return lines[-1].removeprefix("SKIP: ")
    return "no reason given"


def tests_of(paths):
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                if line.strip():
                    yield json.loads(line)


def report(paths):
    passed = failed = skipped = 0
    for test in tests_of(paths):
        name, result = test["name"], test["result"]
        if result in PASSED:
            passed += 1
        elif result in SKIPPED:
            skipped += 1
            print(f"skipped: {name}: {reason(test)}")
        else:
            failed += 1
            print(f"failed: {name}: {result}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed + skipped else 0


def record(log, name, command):
    print(f"--- {name}: {' '.join(command)}", flush=True)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    last = ""
    for line in run.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        last = line if line.strip() else last
    result = {0: "OK", 77: "SKIP"}.get(run.wait(), "FAIL")
    with open(log, "a", encoding="utf-8") as out:
        out.write(json.dumps({"name": name, "result": result, "stdout": last}) + "\n")
    return 0 if result != "FAIL" else 1


if __name__ == "__main__":
    if len(sys.argv) > 4 and sys.argv[1] == "--record":
        sys.exit(record(sys.argv[2], sys.argv[3], sys.argv[4:]))
    sys.exit(report(sys.argv[1:]))
