#!/usr/bin/env python3
"""inside.py BUILD RESULTS: all that is tested in one virtual machine. RESULTS.json gets it in the form of meson's test log,
RESULTS.facts what docs/kernels.md says of this kernel."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

BUILD, RESULTS = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
sys.argv[1] = str(BUILD / "src/app/hostmeter")
os.environ |= {"HOSTMETER_TEST_DISK": "/data", "HOSTMETER_TEST_PATIENCE": "8"}
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import agreement  # noqa: E402

LIMIT = 300  # s, of one program


def record(name, result, said=""):
    print(f"--- {name}: {result}", flush=True)
    with open(f"{RESULTS}.json", "a", encoding="utf-8") as out:
        out.write(json.dumps({"name": f"{RESULTS.name}/{name}", "result": result, "stdout": said}) + "\n")


class Recorded(unittest.TextTestResult):
    """Each test on its own."""

    def addSuccess(self, test):
        super().addSuccess(test)
        record(self.name_of(test), "OK")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        record(self.name_of(test), "FAIL")

    def addError(self, test, err):
        super().addError(test, err)
        record(self.name_of(test), "FAIL")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        record(self.name_of(test), "SKIP", reason)

    @staticmethod
    def name_of(test):
        return test.id().removeprefix("agreement.").replace(".test_", "/").replace("Agreement", "agreement")


def run_program(path):
    """A test of tests/bpf; what it prints is in the log."""
    name = "bpf/" + path.name.removeprefix("bpf_").removesuffix("_test")
    try:
        done = subprocess.run([path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired as error:
        print((error.stdout or b"").decode(errors="replace"))
        record(name, "FAIL", f"not done within {LIMIT} s")
        return
    said = done.stdout.decode(errors="replace")
    print(said)
    record(name, {0: "OK", 77: "SKIP"}.get(done.returncode, "FAIL"), said[-1000:])


subprocess.run(["modprobe", "loop"], check=False)
print(f"{os.uname().release}, up {pathlib.Path('/proc/uptime').read_text().split()[0]} s", flush=True)
for program in sorted(BUILD.glob("tests/bpf_*_test")):
    run_program(program)
suite = unittest.defaultTestLoader.loadTestsFromModule(agreement)
unittest.TextTestRunner(stream=sys.stdout, verbosity=0, resultclass=Recorded).run(suite)
facts = {"release": os.uname().release, "modes": agreement.MODES, "agreements": agreement.AGREEMENTS}
pathlib.Path(f"{RESULTS}.facts").write_text(json.dumps(facts), encoding="utf-8")
