"""Loads of known kinds, each in a container of its own; they stop where they are, so that the kernel's figures stand still."""
import os
import pathlib
import signal
import subprocess
import sys
import time

MEBIBYTE = 1 << 20
READS, WRITES, BLOCK = 300, 200, 4096
SENT = 500  # datagrams
THREADS_MAX = 7
QUOTA_US = 5000  # of 100 ms: so little that a busy machine gives it all
NEAR, FAR = "198.18.77.1", "198.18.77.2"  # of the block for tests of devices
PRELUDE = """
import os, signal, time
def rest(): os.kill(os.getpid(), signal.SIGSTOP)
print('here', flush=True)
"""

# Leaves time to the agent, which shares two slow CPUs with all of this.
SPIN = """
while True:
    sum(range(50000))
    for _ in range(100): os.stat('/')
    time.sleep(0.03)
"""
QUOTA = """
while True: sum(range(5000))
"""
MEMORY = f"""
import mmap
held = bytearray({32 * MEBIBYTE})
with open('FILE', 'wb') as file: file.write(os.urandom({8 * MEBIBYTE}))
with open('FILE', 'rb') as file:
    shown = mmap.mmap(file.fileno(), {4 * MEBIBYTE}, prot=mmap.PROT_READ)
    total = sum(shown[::4096])
rest()
"""
GREEDY = f"""
held = bytearray({64 * MEBIBYTE})
for at in range(0, len(held), 4096): held[at] = 1
"""
DISK = f"""
import mmap
page = mmap.mmap(-1, {BLOCK})
file = os.open('FILE', os.O_RDWR | os.O_DIRECT)
for i in range({READS}): os.preadv(file, [page], i * {BLOCK})
for i in range({WRITES}): os.pwritev(file, [page], i * {BLOCK})
rest()
"""
THREADS = """
import threading
try:
    for _ in range(20): threading.Thread(target=threading.Event().wait, daemon=True).start()
except RuntimeError:
    pass  # that was the limit
rest()
"""
NETWORK = f"""
import socket
input()
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    for _ in range({SENT}): out.sendto(bytes(1000), ('{NEAR}', 9))
rest()
"""


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Loads:
    """Container NAME: what runs in it. They begin as this is entered."""

    NAMES = ["spin", "quota", "memory", "greedy", "disk", "threads", "network"]

    def __init__(self, containers, folder):
        self.names = dict(zip(self.NAMES, containers.names))
        self.containers, self.folder, self.processes, self.greedy = containers, pathlib.Path(folder), {}, None

    def cgroup(self, name):
        return f"docker/{self.names[name]}"

    def set_limit(self, name, *choices):
        """The first of these (file, value) that a hierarchy has."""
        for file, value in choices:
            for path in self.containers.folders(self.names[name]):
                if (path / file).exists():
                    (path / file).write_text(value)
                    return
        raise RuntimeError(f"no {choices} here")

    def start(self, name, code, *prefix):
        def enter():
            self.containers.add_process(self.names[name], os.getpid())
        # -I -S: an emulated machine takes seconds to look for modules that none of these needs.
        return subprocess.Popen([*prefix, sys.executable, "-I", "-S", "-c", PRELUDE + code], preexec_fn=enter,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __enter__(self):
        # Every block is on the disk before the count begins: then only data move.
        (self.folder / "disk").write_bytes(b"0" * (BLOCK * max(READS, WRITES)))
        os.sync()
        self.set_limit("threads", ("pids.max", str(THREADS_MAX)))
        self.set_limit("greedy", ("memory.max", str(24 * MEBIBYTE)), ("memory.limit_in_bytes", str(24 * MEBIBYTE)))
        for name, code in (("spin", SPIN), ("quota", QUOTA), ("memory", MEMORY.replace("FILE", f"{self.folder}/cached")),
                           ("disk", DISK.replace("FILE", f"{self.folder}/disk")), ("threads", THREADS),
                           ("greedy", "rest()")):
            self.processes[name] = self.start(name, code)
        self.processes["network"] = self.start("network", NETWORK, "unshare", "--net")
        self.greedy = self.start("greedy", GREEDY)
        for process in (*self.processes.values(), self.greedy):
            process.stdout.readline()
        # Not before: with so little it would take a minute to begin.
        self.set_limit("quota", ("cpu.max", f"{QUOTA_US} 100000"), ("cpu.cfs_quota_us", str(QUOTA_US)))
        self.link_network()
        return self

    def link_network(self):
        """Its network namespace is its own and ends with it; here the one link to it, and the word to send."""
        inside = self.processes["network"]
        outside = f"hmt{inside.pid}"
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", str(inside.pid))
        run("ip", "addr", "add", f"{NEAR}/30", "dev", outside)
        run("ip", "link", "set", outside, "up")
        for command in (f"addr add {FAR}/30 dev eth0", "link set lo up", "link set eth0 up"):
            run("nsenter", f"--net=/proc/{inside.pid}/ns/net", "ip", *command.split())
        inside.stdin.write(b"\n")
        inside.stdin.flush()

    def state(self, name):
        text = pathlib.Path(f"/proc/{self.processes[name].pid}/stat").read_text()
        return text.rpartition(")")[2].split()[0]

    def finish(self, patience):
        """Stops what goes on for ever, waits for the rest to stop by itself."""
        for name in ("spin", "quota"):
            self.processes[name].send_signal(signal.SIGSTOP)
        self.greedy.wait(patience)
        end = time.monotonic() + patience
        while moving := [name for name in self.processes if self.state(name) != "T"]:
            if time.monotonic() > end:
                raise AssertionError(f"still at work: {moving}")
            time.sleep(0.2)
        os.sync()

    def __exit__(self, *_):
        for process in [*self.processes.values(), self.greedy]:
            if process:
                process.kill()
                process.wait()
