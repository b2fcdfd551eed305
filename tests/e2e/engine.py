"""A private Docker engine for one test file, and what the kernel itself says of a container."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from agent import PATIENCE

HERE = pathlib.Path(__file__).resolve().parent
CGROUPS = pathlib.Path("/sys/fs/cgroup")
DISK = os.environ.get("HOSTMETER_TEST_DISK", "/var/tmp")  # a folder on a disk
LIMIT = 90 * PATIENCE  # s, of one command


def report(what, begin):
    """Where the time goes on a machine that is slow."""
    if PATIENCE > 1:
        print(f"{time.monotonic() - begin:6.1f} s: {what}", file=sys.stderr, flush=True)


class Container:
    def __init__(self, engine, name, number):
        self.engine, self.name, self.id = engine, name, number
        pid, _, self.address = engine.docker("inspect", "-f", "{{.State.Pid}} {{.NetworkSettings.IPAddress}}", name).partition(" ")
        self.pid = int(pid)
        # {"cpuacct": "/docker/...", "": the path in the v2 tree}
        self.paths = {}
        for line in pathlib.Path(f"/proc/{self.pid}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                self.paths[controller] = path

    def run(self, *command, **more):
        return self.engine.docker("exec", self.name, *command, **more)

    def cpu_seconds(self):
        """From cpuacct.usage (v1, hybrid) or cpu.stat (v2)."""
        for mount in ("cpuacct", "cpu,cpuacct"):
            file = CGROUPS / mount / self.paths.get("cpuacct", "/").lstrip("/") / "cpuacct.usage"
            if "cpuacct" in self.paths and file.exists():
                return int(file.read_text()) / 1e9
        stat = (CGROUPS / self.paths[""].lstrip("/") / "cpu.stat").read_text()
        return int(dict(line.split() for line in stat.splitlines())["usage_usec"]) / 1e6

    def network(self, interface="eth0"):
        """(received, sent) bytes, as the kernel counts them inside its network namespace."""
        for line in pathlib.Path(f"/proc/{self.pid}/net/dev").read_text().splitlines():
            name, colon, figures = line.partition(":")
            if colon and name.strip() == interface:
                words = figures.split()
                return int(words[0]), int(words[8])
        return None


class Engine:
    """Started by dockerd.sh; use as a context. Its data lie on a disk, not on tmpfs: block I/O is measured."""

    def __enter__(self):
        begin = time.monotonic()
        self.folder = tempfile.mkdtemp(prefix="hostmeter-docker-", dir=DISK)
        try:
            host = subprocess.run([HERE / "dockerd.sh", "start", self.folder], check=True, text=True, timeout=LIMIT,
                                  stdout=subprocess.PIPE).stdout.split()[-1]
        except BaseException:
            self.__exit__()
            raise
        report("dockerd", begin)
        self.environment = dict(os.environ, DOCKER_HOST=host, DOCKER_API_VERSION="1.41")
        return self

    def __exit__(self, *_):
        subprocess.run([HERE / "dockerd.sh", "stop", self.folder], check=False, timeout=LIMIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def docker(self, *arguments, **more):
        begin = time.monotonic()
        said = subprocess.run(["docker", *arguments], check=True, text=True, stdout=subprocess.PIPE, timeout=LIMIT,
                              env=self.environment, **more).stdout.strip()
        report(f"docker {' '.join(arguments)[:60]}", begin)
        return said

    def start(self, name, *command, flags=()):
        number = self.docker("run", "-d", "--name", name, *flags, "busybox:local", *(command or ("sleep", "86400")),
                             stderr=subprocess.DEVNULL)
        return Container(self, name, number)
