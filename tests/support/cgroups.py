"""Cgroups that look like Docker's containers, in every hierarchy of this machine; always taken away again."""
import os
import pathlib


def hierarchies():
    """Mount points of every cgroup hierarchy: the v1 controllers' and the v2 tree."""
    found = []
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        words, _, more = line.partition(" - ")
        if more.split()[0] in ("cgroup", "cgroup2"):
            found.append(pathlib.Path(words.split()[4]))
    return found


class FakeContainers:
    """COUNT times /docker/<64 hex digits>; use as a context."""

    def __init__(self, count, first=0):
        self.names = [f"{os.getpid():08x}{first + i:056x}" for i in range(count)]
        self.made = []

    def __enter__(self):
        try:
            for top in hierarchies():
                parent = top / "docker"
                if not parent.exists():
                    parent.mkdir()
                    self.made.append(parent)
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
        self.path.rmdir()

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
