"""docs/kernels.md, from what the matrix found."""
import json
import pathlib

import expected
import figures

PAGE = pathlib.Path(__file__).parent.parent.parent / "docs/kernels.md"
HEAD = """# Kernels

What `make vm` found, in a virtual machine of each kernel: Debian's, with cgroup v2, and one with v1 controllers beside a v2 tree.
The agent is scraped while containers use CPU time up to a quota, read and write a disk past the page cache, fill memory until one of
them is killed, send packets and start threads. A cell says how the agent read (the mode in `hostmeter_reader_mode`) and how many
figures agree with the kernel's own files: while the load runs a counter is between what the file said before and after the scrape;
once it rests every figure is the file's.

"""


def row(words):
    return f"| {' | '.join(words)} |\n"


def write(results):
    """RESULTS: the folder with MACHINE.facts and MACHINE.json of every machine."""
    facts, tests = {}, {}
    for name in expected.MACHINES:
        facts[name] = json.loads((results / f"{name}.facts").read_text())
        lines = [json.loads(line) for line in (results / f"{name}.json").read_text().splitlines()]
        tests[name] = {line["name"].partition("/")[2]: line for line in lines}
    text = HEAD + row(["", *expected.MACHINES]) + row(["---"] * (1 + len(facts)))
    text += row(["kernel", *(f"{facts[name]['release'].split('-')[0]}" for name in facts)])
    for group in [*figures.GROUPS, "network"]:
        reader = figures.GROUPS[group][0] if group in figures.GROUPS else "cgroup_network"
        text += row([group, *(cell(one, reader, group) for one in facts.values())])
    programs = sorted({name for of_one in tests.values() for name in of_one if not name.startswith(("agreement/", "machine"))})
    for name in programs:
        text += row([f"tests/{name}_test" if name.startswith("bpf/") else name.replace("/", ": ").replace("_", " "),
                     *(outcome(of_one.get(name)) for of_one in tests.values())])
    PAGE.write_text(text, encoding="utf-8")


def cell(facts, reader, group):
    agreeing = facts["agreements"].get(group)
    return f"{facts['modes'].get(reader, 'off')}: {agreeing} agree" if agreeing else "disagrees"


def outcome(test):
    if not test:
        return ""
    return {"OK": "passes", "SKIP": "skipped"}.get(test["result"], "fails")
