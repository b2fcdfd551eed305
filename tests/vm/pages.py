"""docs/kernels.md, from what the matrix found."""
import json
import pathlib

import expected
import figures

PAGE = pathlib.Path(__file__).parent.parent.parent / "docs/kernels.md"
HEAD = """# Kernels

What `make vm` found in a virtual machine of each kernel: Debian's, with cgroup v2; "hybrid" with v1 controllers beside a v2 tree;
"lockdown" with `lockdown=confidentiality`.

## How each group of figures is read, and whether it is right

The agent is scraped while containers use CPU time up to a quota, read and write a disk past the page cache, fill memory until a
process is killed, send packets and start threads up to a limit. A cell says how the agent read (the mode in `hostmeter_reader_mode`)
and how many figures of the group agree with the kernel's own files. While the load runs a counter is between what the file said
before the scrape and after it; once it rests every figure is the file's. The walk's rung, and what makes the kernel sum up its
counters before it, are as `hostmeter doctor` says.

"""
FEATURES = """
## What the kernel has

As `hostmeter doctor` says, which is held against what these kernels are known to have.

"""
TESTS = """
## Tests

`bpf`: the programs by themselves, against the kernel's own counters; not where lockdown refuses some of them. `e2e/life`: a container that
lives 50 ms between two scrapes is in the next one, whole. `ending`: an agent that ends, or is killed, leaves nothing in the kernel.
`e2e/refused`: BPF refused in every way, and all that files give is served. `e2e/churn`: cgroups made and removed, and nothing of them is
kept. `e2e/telegraf_docker`: all that a telegraf.conf's `inputs.docker` serves of a real dockerd's containers, where these are on v2 alone,
against dockerd's own answers and the kernel's files.

"""
# What only programs count: the test that holds it against the load, and the reader.
COUNTED = {"block_io_latency": "cgroup_blkio_latency", "run_queue": "cgroup_run_queue", "lives": "cgroup_life"}


def table(rows):
    lines = [["", *expected.MACHINES], ["---"] * (1 + len(expected.MACHINES)), *rows]
    return "".join(f"| {' | '.join(words)} |\n" for words in lines)


def write(results):
    """RESULTS: the folder with MACHINE.facts and MACHINE.json. Nothing is written unless all was tested in every machine."""
    found = [results / f"{name}.facts" for name in expected.MACHINES]
    facts = [json.loads(path.read_text()) for path in found if path.exists()]
    if [one.get("what") for one in facts] != ["all"] * len(expected.MACHINES):
        return
    tests = [tests_of(results / f"{name}.json") for name in expected.MACHINES]
    readers = {group: reader for group, (reader, _) in figures.GROUPS.items()} | {"network": "cgroup_network"}
    rows = [["release", *(one["release"].partition("-cloud")[0] for one in facts)],
            *([group, *(cell(one, reader, group) for one in facts)] for group, reader in readers.items())]
    rows.insert(1, ["the walk, its flush", *(", ".join(one["walk"]) for one in facts)])
    for test, reader in COUNTED.items():
        rows.append([test.replace("_", " "), *(counted(*both, reader, test) for both in zip(facts, tests))])
    text = HEAD + table(rows)
    features = dict.fromkeys(name for one in facts for name in one["features"])
    text += FEATURES + table([name, *("yes" if one["features"].get(name) else "no" for one in facts)] for name in features)
    programs = sorted({name for one in tests for name in one if not name.startswith(("agreement/", "machine"))})
    text += TESTS + table([name, *(one.get(name, "not run") for one in tests)] for name in programs)
    PAGE.write_text(text, encoding="utf-8")


def tests_of(log):
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return {line["name"].partition("/")[2]: {"OK": "passes", "SKIP": "skipped"}.get(line["result"], "fails") for line in lines}


def cell(facts, reader, group):
    agreeing = facts["agreements"].get(group)
    return f"{facts['modes'].get(reader, 'off')}: {agreeing} agree" if agreeing else "disagrees"


def counted(facts, tests, reader, test):
    return f"{facts['modes'].get(reader, 'off')}: {tests.get(f'agreement/{test}', 'not run')}"
