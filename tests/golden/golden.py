#!/usr/bin/env python3
"""Recorded host -> whole pipeline -> exact scrape, then promtool.

golden.py BINARY NAME               compares the scrape of tests/fixtures/NAME.tree with tests/golden/NAME.prom
golden.py --telegraf BINARY NAME    the same under telegraf.conf, with NAME.telegraf1.prom and NAME.telegraf2.prom for the metric versions
golden.py --rewrite BINARY [PART]   writes the goldens of all fixtures whose name contains PART
"""
import difflib
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
sys.path.insert(0, str(HERE.parent / "support"))
import tree

VERSIONS = ("1", "2")  # of the telegraf contract's metrics

# What depends on the moment, the build or the machine of the test, by name.
VOLATILE = re.compile(r"system_uptime|docker_container_status_uptime_ns|node_time_seconds|container_last_seen|process_\w+|hostmeter_(build_info|memory_\w+|open_fds|\w*_seconds(_total)?|\w*_time_\w+)")


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(77)


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, **more)


def scrape(binary, name, version=None):
    """What `hostmeter once` prints of a recorded host; with a version, under telegraf.conf and without what is said of the agent."""
    # Which container is older is told by the numbers of their directories. A filesystem in memory gives ascending ones, as the
    # kernel's does; one on a disk gives those of files removed before.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="hostmeter-golden-", dir=memory) as root:
        tree.unpack((FIXTURES / f"{name}.tree").read_bytes(), root)
        conf = ["--config", HERE / "telegraf.conf"] if version else []
        once = run([binary, "once", "--root", root, *conf], env={**os.environ, "METRIC_VERSION": version or ""})
    if once.returncode != 0:
        sys.exit(f"hostmeter once --root {name}: status {once.returncode}\n{once.stderr.decode(errors='replace')}")
    text = once.stdout.decode()
    return re.sub(r"^(# (HELP|TYPE) )?(hostmeter|process)_.*\n", "", text, flags=re.M) if version else text


def steady(text):
    """The lines that must be the same at every run, those of a metric sorted: their order is that of directory entries."""
    def name(line):
        return re.match(r"(?:# (?:HELP|TYPE|UNIT) )?(\w*)", line)[1]
    kept = [line for line in text.splitlines(keepends=True) if not VOLATILE.fullmatch(name(line))]
    runs = itertools.groupby(kept, key=lambda line: line.startswith("#"))
    return "".join("".join(run if comments else sorted(run)) for comments, run in runs)


def inherited(binary):
    """Names that break the rules because another agent's users depend on them."""
    catalog = json.loads(run([binary, "catalog", "--json"], check=True).stdout)
    metrics = catalog["metrics"] if isinstance(catalog, dict) else catalog
    return {metric["name"] for metric in metrics if metric["origin"] != "ours"}


def complaints(binary, text):
    """What promtool finds, other than the inherited names."""
    lint = run(["promtool", "check", "metrics"], input=text.encode())
    said = (lint.stderr + lint.stdout).decode().splitlines()
    known = inherited(binary)
    found = [line for line in said if line.strip() and line.split()[0] not in known]
    if lint.returncode not in (0, 3) and not found:
        found = [f"promtool: status {lint.returncode}"] + said
    return found


def reserved(text):
    """Samples with a label whose name begins with __: Prometheus refuses all of a scrape that has one."""
    unquoted = ((line, re.sub(r'"(?:\\.|[^"\\])*"', '""', line)) for line in text.splitlines())
    return [line for line, bare in unquoted if not bare.startswith("#") and re.search("[{,]__", bare)]


def compare(binary, name):
    golden = HERE / f"{name}.prom"
    text = scrape(binary, name)
    wrong = []
    if golden.exists():
        wrong = list(difflib.unified_diff(golden.read_text().splitlines(), steady(text).splitlines(),
                                          golden.name, "scrape", lineterm="", n=1))[:80]
    else:
        wrong = [f"no {golden.name}: make golden, and read it"]
    wrong += reserved(text)
    if shutil.which("promtool"):
        wrong += complaints(binary, text)
    else:
        print("promtool is not installed: names not checked")
    print("\n".join(wrong))
    return 1 if wrong else 0


def compare_telegraf(binary, name):
    """Names are another's there: promtool says only whether the text can be read."""
    wrong = []
    for version in VERSIONS:
        golden = HERE / f"{name}.telegraf{version}.prom"
        text = scrape(binary, name, version)
        known = golden.read_text().splitlines() if golden.exists() else [f"no {golden.name}: make golden, and read it"]
        wrong += list(difflib.unified_diff(known, steady(text).splitlines(), golden.name, "scrape", lineterm="", n=1))[:80]
        wrong += reserved(text)
        if shutil.which("promtool"):
            lint = run(["promtool", "check", "metrics"], input=text.encode())
            wrong += [] if lint.returncode in (0, 3) else lint.stderr.decode().splitlines()
    print("\n".join(wrong))
    return 1 if wrong else 0


def rewrite_telegraf(binary, part):
    for golden in sorted(HERE.glob("*.telegraf?.prom")):
        name, version = golden.name.split(".telegraf")[0], golden.name[-len("1.prom")]
        if part in name:
            golden.write_text(steady(scrape(binary, name, version)))
            print(golden.name)


def rewrite(binary, part):
    for fixture in sorted(FIXTURES.glob("*.tree")):
        if part in fixture.stem:
            (HERE / f"{fixture.stem}.prom").write_text(steady(scrape(binary, fixture.stem)))
            print(f"{fixture.stem}.prom")


def main(args):
    if args[0] == "--rewrite":
        part = args[2] if len(args) > 2 else ""
        rewrite(args[1], part)
        return rewrite_telegraf(args[1], part)
    if args[0] == "--telegraf":
        return compare_telegraf(*args[1:])
    if not pathlib.Path(args[0]).exists():
        skip(f"{args[0]} is not built")
    return compare(*args)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
