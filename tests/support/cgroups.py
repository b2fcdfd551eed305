"""Cgroups that look like Docker's containers, in every hierarchy of this machine; always taken away again."""
import contextlib
import os
import pathlib
import signal


def hierarchies():
    """Mount points of the v2 tree and of the v1 controllers that the agent reads (a cpuset takes no process as it is made)."""
    read = {"cpu", "cpuacct", "memory", "blkio", "pids"}
    found = []
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        words, _, more = line.partition(" - ")
        kind, _, options = more.split()
        if kind == "cgroup2" or kind == "cgroup" and read & set(options.split(",")):
            found.append(pathlib.Path(words.split()[4]))
    return found


def hand_down(parent):
    """Gives what is below PARENT the controllers that PARENT has."""
    if (parent / "cgroup.controllers").exists():
        for name in (parent / "cgroup.controllers").read_text().split():
            (parent / "cgroup.subtree_control").write_text(f"+{name}")


def sweep():
    """Takes away what runs left that were killed: the process that a FakeContainers is named after is no more."""
    for top in hierarchies():
        for path in (top / "docker").glob("????????0000000000000000*"):
            if not os.path.exists(f"/proc/{int(path.name[:8], 16)}"):
                with contextlib.suppress(OSError):
                    path.rmdir()


class FakeContainers:
    """COUNT times /docker/<64 hex digits>; use as a context."""

    def __init__(self, count, first=0):
        self.names = [f"{os.getpid():08x}{first + i:056x}" for i in range(count)]
        self.made = []

    def __enter__(self):
        sweep()
        try:
            for top in hierarchies():
                parent = top / "docker"
                if not parent.exists():
                    parent.mkdir()
                    self.made.append(parent)
                    hand_down(parent)
                for name in self.names:
                    (parent / name).mkdir()
                    self.made.append(parent / name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for path in reversed(self.made):
            try:
                path.rmdir()
            except OSError:
                pass  # somebody else uses /docker by now
        self.made = []

    @staticmethod
    def folders(name):
        """Its directory in each hierarchy."""
        return [top / "docker" / name for top in hierarchies()]

    def add_process(self, name, pid):
        for folder in self.folders(name):
            (folder / "cgroup.procs").write_text(str(pid))


class Sleepers:
    """A process that does nothing in each of the containers; use as a context."""

    def __init__(self, containers):
        self.containers, self.pids = containers, []

    def __enter__(self):
        try:
            for name in self.containers.names:
                pid = os.fork()
                if pid == 0:
                    signal.pause()
                    os._exit(0)
                self.pids.append(pid)
                self.containers.add_process(name, pid)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            os.waitpid(pid, 0)


class OwnMemory:
    """A memory cgroup for one process and its children; use as a context."""

    def __init__(self, name):
        tops = [top for top in hierarchies() if (top / "memory.usage_in_bytes").exists()]
        self.v1 = bool(tops)
        if not tops:
            tops = [top for top in hierarchies() if "memory" in (top / "cgroup.controllers").read_text().split()]
            if tops:
                (tops[0] / "cgroup.subtree_control").write_text("+memory")
        if not tops:
            raise RuntimeError("no memory controller here")
        self.path = tops[0] / f"{name}-{os.getpid()}"

    def __enter__(self):
        self.path.mkdir()
        return self

    def __exit__(self, *_):
        # On v2 alone the agent moves into one below, and makes another for scripts; who gave it the cgroup takes all away.
        for folder, *_ in os.walk(self.path, topdown=False):
            os.rmdir(folder)

    def enter(self):
        """For subprocess's preexec_fn."""
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def usage(self):
        return int((self.path / ("memory.usage_in_bytes" if self.v1 else "memory.current")).read_text())

    def parts(self):
        """Bytes of {what: } that make up the usage."""
        stat = dict(line.split() for line in (self.path / "memory.stat").read_text().splitlines())
        if self.v1:
            kernel = int((self.path / "memory.kmem.usage_in_bytes").read_text())
            return {"anonymous": int(stat["rss"]), "page cache": int(stat["cache"]), "kernel": kernel}
        return {"anonymous": int(stat["anon"]), "page cache": int(stat["file"]), "kernel": int(stat.get("kernel", 0))}
