"""The machines of the matrix, and how the agent must read there: a mode that changes is a change of this table."""
import os
import pathlib

# name: (kernel, options of `boot`)
MACHINES = {
    "5.10": ("5.10", []),
    "6.1": ("6.1", []),
    "6.1-hybrid": ("6.1", ["-g", "hybrid"]),
    "6.12": ("6.12", []),
    "7": ("7", []),
}

EVERYWHERE = {
    "cgroup_cpu": "file",
    "cgroup_memory": "file",
    "cgroup_pids": "file",
    "cgroup_pressure": "file",
    "cgroup_spec": "file",
    "cgroup_blkio": "bpf",
    "cgroup_network": "walk",
    "netdev": "walk",
}

# reader: mode
MODES = {name: EVERYWHERE for name in MACHINES}


def machine():
    """Its name, from within."""
    release = os.uname().release
    name = next(name for name, (kernel, _) in MACHINES.items() if release.startswith(f"{kernel}."))
    return f"{name}-hybrid" if pathlib.Path("/sys/fs/cgroup/unified").exists() else name
