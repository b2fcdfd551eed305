#!/usr/bin/env python3
"""inside.py BUILD RESULTS all|brief|figures: what is tested in one virtual machine. RESULTS.json gets it in the form of meson's
test log, RESULTS.facts what docs/kernels.md says of this kernel. brief: without what takes minutes; figures: the agent's figures
alone."""
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

BUILD, RESULTS, WHAT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
sys.argv[1:] = [str(BUILD / "src/app/hostmeter")]
TESTS = pathlib.Path(__file__).parent.parent
# The initial RAM disk is the root here, and no container can make another of it: dockerd is to do without.
os.environ |= {"HOSTMETER_TEST_DISK": "/data", "HOSTMETER_TEST_PATIENCE": "10", "DOCKER_RAMDISK": "yes"}
sys.path.insert(0, str(TESTS / "vm"))
import agreement  # noqa: E402
import ending  # noqa: E402
import expected  # noqa: E402

LIMIT = 1800  # s, of one program


def record(name, result, said=""):
    print(f"--- {name}: {result}, {pathlib.Path('/proc/uptime').read_text().split()[0]} s", flush=True)
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
        """MODULE/TEST, also where setting up its class failed."""
        module, *_, name = test.id().removeprefix("setUpClass (").rstrip(")").split(".")
        return f"{module}/{name.removeprefix('test_')}"


def run_program(name, *command):
    """What it prints is in the log."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired as error:
        print((error.stdout or b"").decode(errors="replace"))
        record(name, "FAIL", f"not done within {LIMIT} s")
        return
    said = done.stdout.decode(errors="replace")
    print(said)
    record(name, {0: "OK", 77: "SKIP"}.get(done.returncode, "FAIL"), said[-1000:])


for module in (["loop"], ["scsi_debug", "dev_size_mb=8", "delay=0"], ["sd_mod"]):
    subprocess.run(["modprobe", *module], check=False)
# Found by a thread of the kernel's own; tests/bpf wants it.
for _ in range(100):
    if list(pathlib.Path("/sys/block").glob("sd*")):
        break
    time.sleep(0.1)
print(f"{os.uname().release}, up {pathlib.Path('/proc/uptime').read_text().split()[0]} s", flush=True)
for module in (agreement, ending):
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    unittest.TextTestRunner(stream=sys.stdout, verbosity=0, resultclass=Recorded).run(suite)
if WHAT == "figures":
    sys.exit()
programs = [] if expected.machine() in expected.NO_PROGRAMS else sorted(BUILD.glob("tests/bpf_*_test"))
for program in programs:
    run_program("bpf/" + program.name.removeprefix("bpf_").removesuffix("_test"), program, "--duration")
os.environ["ATTACK"] = str((BUILD / "tests/script_attack").resolve())
for name in expected.SANDBOX:
    run_program("script/" + name.removeprefix("source_script_").removeprefix("script_"), BUILD / f"tests/{name}_test", "--duration")
run_program("e2e/life", TESTS / "e2e/life.py", sys.argv[1])

# What takes minutes.
LONG = {"refused": [], "churn": ["1000"]} | ({"telegraf_docker": []} if expected.machine() in expected.DOCKER else {})
for name, arguments in LONG.items():
    if WHAT == "brief":
        record(f"e2e/{name}", "SKIP", "takes minutes: not in brief")
    else:
        run_program(f"e2e/{name}", TESTS / f"e2e/{name}.py", sys.argv[1], *arguments)

# Of a machine that came to its end.
facts = {"what": WHAT, "release": os.uname().release, "modes": agreement.MODES, "agreements": agreement.AGREEMENTS,
         "features": agreement.FEATURES, "walk": agreement.WALK}
pathlib.Path(f"{RESULTS}.facts").write_text(json.dumps(facts), encoding="utf-8")
