"""What each figure of a cgroup is in the kernel's own files: of cgroup v2, and of v1."""
import functools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from cgroups import hierarchies  # noqa: E402

TICK = 1 / 100  # of cpuacct.stat, in s


tops = functools.cache(hierarchies)


@functools.cache
def file_of(cgroup, name):
    """The text of a file of the cgroup ("docker/..."), in whichever hierarchy has it; None where none has. The same until
    it is told to forget (`file_of.cache_clear()`)."""
    for top in tops():
        path = top / cgroup / name
        if path.exists():
            return path.read_text()
    return None


class From:
    """A value of a flat file: "NAME", or "NAME KEY"; nothing where there is no such file or key."""

    def __init__(self, where, scale=1.0):
        self.name, _, self.key = where.partition(" ")
        self.scale = scale

    def __call__(self, cgroup):
        text = file_of(cgroup, self.name)
        if text is not None and self.key:
            text = dict(line.split() for line in text.splitlines()).get(self.key)
        return None if text is None else int(text) * self.scale


def limit(where, none):
    """A limit, of which 0 is "no limit": that is what NONE says in the file."""
    def read(cgroup):
        text = file_of(cgroup, where)
        return None if text is None else 0 if none(text.strip()) else int(text)
    return read


def of_cpu_max(index):
    def read(cgroup):
        words = (file_of(cgroup, "cpu.max") or "max max").split()
        return None if words[index] == "max" else int(words[index])
    return read


def quota_v1(cgroup):
    text = file_of(cgroup, "cpu.cfs_quota_us")
    return None if text is None or int(text) < 0 else int(text)


def shares_of_weight(cgroup):
    text = file_of(cgroup, "cpu.weight")
    return None if text is None else 2 + (int(text) - 1) * 262142 // 9999


def stalled(what, kind):
    def read(cgroup):
        for line in (file_of(cgroup, f"{what}.pressure") or "").splitlines():
            if line.startswith(kind):
                return int(line.rpartition("total=")[2]) / 1e6
        return None
    return read


def working_set(usage, inactive):
    def read(cgroup):
        return None if usage(cgroup) is None else max(0, usage(cgroup) - inactive(cgroup))
    return read


def has_quota(cgroup):
    return (of_cpu_max(0) if file_of(cgroup, "cpu.max") else quota_v1)(cgroup) is not None


def if_quota(figure):
    return lambda cgroup: figure(cgroup) if has_quota(cgroup) else None


def io(*keys):
    """The sum of these keys of the disks that the cgroup used."""
    def read(cgroup):
        text = file_of(cgroup, "io.stat")
        if text is None:
            return None
        pairs = [pair.split("=") for line in text.splitlines() for pair in line.split()[1:]]
        return sum(int(value) for key, value in pairs if key in keys)
    return read


def throttle(file, operation):
    """See `wake_v1_blkio`."""
    def read(cgroup):
        text = file_of(cgroup, file)
        return None if text is None else sum(int(line.split()[2]) for line in text.splitlines()
                                             if line.split()[1] == operation)
    return read


def lines_of(name):
    def read(cgroup):
        text = file_of(cgroup, name)
        return None if text is None else len(text.splitlines())
    return read


def huge(text):
    return text == "max" or int(text) > 1 << 62


STAT = {  # metric: (key on v2, key on v1)
    "container_memory_cache": ("file", "total_cache"),
    "container_memory_rss": ("anon", "total_rss"),
    "container_memory_mapped_file": ("file_mapped", "total_mapped_file"),
    "container_memory_file_dirty_bytes": ("file_dirty", "total_dirty"),
    "container_memory_file_writeback_bytes": ("file_writeback", "total_writeback"),
    "container_memory_total_inactive_file_bytes": ("inactive_file", "total_inactive_file"),
    "container_memory_total_active_file_bytes": ("active_file", "total_active_file"),
    "container_memory_workingset_refault_anon_total": ("workingset_refault_anon", "total_workingset_refault_anon"),
    "container_memory_workingset_refault_file_total": ("workingset_refault_file", "total_workingset_refault_file"),
    "container_memory_pgscan_total": ("pgscan", None),
    "container_memory_pgsteal_total": ("pgsteal", None),
}


def memory_rows():
    for metric, (v2, v1) in STAT.items():
        yield metric, {}, From(f"memory.stat {v2}"), From(f"memory.stat {v1}") if v1 else None
    for kind in ("pgfault", "pgmajfault"):
        for scope, prefix in (("container", ""), ("hierarchy", "total_")):
            yield ("container_memory_failures_total", {"failure_type": kind, "scope": scope},
                   From(f"memory.stat {kind}"), From(f"memory.stat {prefix}{kind}"))
    yield "container_memory_usage_bytes", {}, From("memory.current"), From("memory.usage_in_bytes")
    yield "container_memory_max_usage_bytes", {}, From("memory.peak"), From("memory.max_usage_in_bytes")
    yield ("container_memory_working_set_bytes", {},
           working_set(From("memory.current"), From("memory.stat inactive_file")),
           working_set(From("memory.usage_in_bytes"), From("memory.stat total_inactive_file")))
    yield "container_memory_kernel_usage", {}, From("memory.stat kernel"), From("memory.kmem.usage_in_bytes")
    yield "container_memory_swap", {}, From("memory.swap.current"), From("memory.stat total_swap")
    yield "container_memory_failcnt", {}, None, From("memory.failcnt")
    yield "container_memory_events_high_total", {}, From("memory.events high"), None
    for what in ("low", "max", "oom"):
        yield f"container_memory_events_{what}_total", {}, From(f"memory.events {what}"), None
    yield "container_oom_events_total", {}, From("memory.events oom_kill"), From("memory.oom_control oom_kill")


def pressure_rows():
    for what in ("cpu", "memory", "io"):
        for kind, name in (("some", "waiting"), ("full", "stalled")):
            figure = stalled(what, kind)
            yield f"container_pressure_{what}_{name}_seconds_total", {}, figure, figure


def throttling_rows():
    for metric, v2, v1, scale in (("periods", "nr_periods", "nr_periods", 0), ("throttled_periods", "nr_throttled", "nr_throttled", 0),
                                  ("throttled_seconds", "throttled_usec", "throttled_time", 1),
                                  ("burst_periods", "nr_bursts", "nr_bursts", 0),
                                  ("burst_seconds", "burst_usec", "burst_time", 1)):
        yield (f"container_cpu_cfs_{metric}_total", {}, if_quota(From(f"cpu.stat {v2}", 1e-6 if scale else 1)),
               if_quota(From(f"cpu.stat {v1}", 1e-9 if scale else 1)))


def io_rows():
    for what, key in (("reads", "r"), ("writes", "w"), ("discards", "d")):
        operation = {"r": "Read", "w": "Write", "d": "Discard"}[key]
        yield f"container_fs_{what}_total", {}, io(f"{key}ios"), throttle("blkio.throttle.io_serviced", operation)
        if key != "d":
            yield (f"container_fs_{what}_bytes_total", {}, io(f"{key}bytes"),
                   throttle("blkio.throttle.io_service_bytes", operation))


# Of the CPU time used, the kernel's guess from what ran at each clock tick; neither may ever fall, so that it depends on when its
# file was read before. v1 says it in ticks.
GUESSED = ("container_cpu_user_seconds_total", "container_cpu_system_seconds_total")

# Shown only where cgroups are walked.
ONLY_WALKED = ("container_own_threads",)

# group: (the reader whose mode it is, [(metric, labels, figure on v2, on v1)])
GROUPS = {
    "cpu": ("cgroup_cpu", [
        ("container_cpu_usage_seconds_total", {}, From("cpu.stat usage_usec", 1e-6), From("cpuacct.usage", 1e-9)),
        ("container_cpu_user_seconds_total", {}, From("cpu.stat user_usec", 1e-6), From("cpuacct.stat user", TICK)),
        ("container_cpu_system_seconds_total", {}, From("cpu.stat system_usec", 1e-6), From("cpuacct.stat system", TICK)),
    ]),
    "throttling": ("cgroup_cpu", list(throttling_rows())),
    "memory": ("cgroup_memory", list(memory_rows())),
    "threads": ("cgroup_pids", [
        ("container_threads", {}, From("pids.current"), From("pids.current")),
        ("container_threads_max", {}, limit("pids.max", lambda text: text == "max"),
         limit("pids.max", lambda text: text == "max")),
    ]),
    "tasks": ("cgroup_pids", [
        ("container_pids_events_max_total", {}, From("pids.events max"), From("pids.events max")),
        ("container_populated", {}, From("cgroup.events populated"), From("cgroup.events populated")),
        ("container_frozen", {}, From("cgroup.events frozen"), From("cgroup.events frozen")),
        ("container_own_threads", {}, lines_of("cgroup.threads"), lines_of("tasks")),
    ]),
    "pressure": ("cgroup_pressure", list(pressure_rows())),
    "block I/O": ("cgroup_blkio", list(io_rows())),
    "limits": ("cgroup_spec", [
        ("container_spec_cpu_quota", {}, of_cpu_max(0), quota_v1),
        ("container_spec_cpu_period", {}, of_cpu_max(1), From("cpu.cfs_period_us")),
        ("container_spec_cpu_shares", {}, shares_of_weight, From("cpu.shares")),
        ("container_spec_memory_limit_bytes", {}, limit("memory.max", huge), limit("memory.limit_in_bytes", huge)),
        ("container_spec_memory_swap_limit_bytes", {}, limit("memory.swap.max", huge),
         limit("memory.memsw.limit_in_bytes", huge)),
    ]),
}


def wake_v1_blkio(cgroup, disk):
    """v1's blkio.throttle files count only in a cgroup with a limit of its own: here one that limits nothing."""
    for top in tops():
        for way in ("read", "write"):
            file = top / cgroup / f"blkio.throttle.{way}_bps_device"
            if file.exists():
                file.write_text(f"{disk} {1 << 40}\n")
