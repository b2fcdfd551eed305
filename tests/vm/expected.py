"""The machines of the matrix, and how the agent must read there: a mode that changes is a change of this table."""
import os
import pathlib

# name: (kernel, options of `boot`)
MACHINES = {
    "5.10": ("5.10", []),
    "6.1": ("6.1", []),
    "6.1-hybrid": ("6.1", ["-g", "hybrid"]),
    "6.12": ("6.12", []),
    "6.12-lockdown": ("6.12", ["-k", "lockdown=confidentiality"]),
    "7": ("7", []),
}

WALKED = {
    "cgroup_walk": "walk",
    "cgroup_cpu": "walk",
    "cgroup_memory": "walk",
    "cgroup_pids": "walk",
    "cgroup_pressure": "walk",
    "cgroup_spec": "walk",
    "cgroup_life": "bpf",
    "cgroup_blkio": "bpf",
    "cgroup_blkio_latency": "bpf",
    "cgroup_run_queue": "bpf",
    "cgroup_network": "walk",
    "netdev": "walk",
}
# The helper that reads the kernel's memory is forbidden: cgroups that are removed are not looked at, and where in its arrays the kernel has
# memory statistics is not found. What the verifier follows by itself, it allows.
LOCKED = WALKED | {"cgroup_life": "off", "cgroup_memory": "file"}

# reader: mode
MODES = {name: LOCKED if name.endswith("lockdown") else WALKED for name in MACHINES}

# How: the rung of every hierarchy, and what makes the kernel sum up the v2 tree's counters before.
WALKS = {
    "5.10": ("stepper", "files"),
    "6.1": ("cgroup_iterator", "programs"),
    "6.1-hybrid": ("cgroup_iterator", "programs"),
    "6.12": ("css_iterator", "programs"),
    "6.12-lockdown": ("css_iterator", "programs"),
    "7": ("css_iterator", "programs"),
}

# Where programs may not read the kernel's memory: those that must are refused, and not tested by themselves.
NO_PROGRAMS = ["6.12-lockdown"]

# Where dockerd is started, and asked of its containers: it has them on v2 alone. The agent reads of them by programs, and by files.
DOCKER = ["6.12", "6.12-lockdown"]

# Of tests/source/script: what the kernel has a say in, by the names of their programs.
SANDBOX = ["script_attacks", "source_script_cgroups", "source_script_supervisor"]

# What doctor has to say "no" to.
CGROUP_ITERATOR, FLUSH = "cgroup iterator (6.1)", "flush of counters (6.1)"
CSS_ITERATOR, MEMORY = "css iterator (6.7)", "memory counters by function (7.x)"
READS = "reads of kernel memory"
LACKING = {
    "5.10": {CGROUP_ITERATOR, CSS_ITERATOR, FLUSH, MEMORY},
    "6.1": {CSS_ITERATOR, MEMORY},
    "6.1-hybrid": {CSS_ITERATOR, MEMORY},
    "6.12": {MEMORY},
    "6.12-lockdown": {MEMORY, READS},
    "7": set(),
}


def machine():
    """Its name, from within; None on a machine that is not of the matrix."""
    told, release = pathlib.Path("/proc/cmdline").read_text(), os.uname().release
    name = next((name for name, (kernel, _) in MACHINES.items() if release.startswith(f"{kernel}.")), None)
    if "hostmeter.vm" not in told or not name:
        return None
    if "lockdown=" in told:
        return f"{name}-lockdown"
    return f"{name}-hybrid" if pathlib.Path("/sys/fs/cgroup/unified").exists() else name
