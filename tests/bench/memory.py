#!/usr/bin/env python3
"""memory.py HOSTMETER [COUNT]: what the agent's own memory cgroup is charged with COUNT containers, every figure from files."""
import os
import signal
import sys
import tempfile
import time

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "e2e"), os.path.join(TESTS, "support")]

import agent  # noqa: E402
from cgroups import FakeContainers, OwnMemory, Sleepers  # noqa: E402

TARGET = 48 << 20
TICKS, INTERVAL = 300, 0.25  # the record ring comes round at least once, so that all of it is touched
CONFIG = f'[collect]\ninterval = "{int(INTERVAL * 1000)}ms"\n[bpf]\nenabled = false\n'


def forget_cached(path):
    """So that the binary's own pages are charged to who runs it, as on a fresh machine."""
    file = os.open(path, os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def measure(memory):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(CONFIG)
        config.flush()
        forget_cached(agent.BINARY)
        with agent.Agent("--config", config.name, preexec_fn=memory.enter) as running:
            highest = 0
            end = time.monotonic() + TICKS * INTERVAL
            while time.monotonic() < end:
                time.sleep(5)
                for headers in ({}, {"Accept-Encoding": "gzip"}):
                    running.get("/metrics", **headers)
                highest = max(highest, memory.usage())
            return highest, memory.parts(), running.scrape()


def main():
    agent.need(root=True)
    with FakeContainers(COUNT) as containers, Sleepers(containers), OwnMemory("hostmeter-bench") as memory:
        highest, parts, scrape = measure(memory)
    mib = 1 << 20
    print(f"memory: {COUNT} containers, file mode, {TICKS} ticks, scraped every 5 s with and without gzip")
    print(f"  highest charge of its own cgroup        {highest / mib:8.1f} MiB")
    for what, size in parts.items():
        print(f"    {what:<36}  {size / mib:8.1f} MiB")
    print(f"  {scrape.one('hostmeter_series'):.0f} series, {scrape.one('process_open_fds'):.0f} descriptors, "
          f"resident {scrape.one('process_resident_memory_bytes') / mib:.1f} MiB")
    print(f"  target at most {TARGET // mib} MiB: {'met' if highest <= TARGET else 'MISSED'}")
    return highest > TARGET


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and take the cgroups away
    sys.exit(main())
