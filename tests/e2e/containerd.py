"""A private containerd for one test file, driven by ctr; no CRI plugin, so that no kubelet is needed."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import agent  # noqa: E402
from cgroups import hierarchies  # noqa: E402

BUSYBOX = "/bin/busybox"
CONFIG = """version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{folder}/containerd.sock"
[ttrpc]
  address = "{folder}/containerd.sock.ttrpc"
"""


class Containerd:
    """Use as a context. Containers run on one shared root directory of busybox."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hostmeter-ctr-", dir="/var/tmp"))
        self.state = self.folder / "state"
        self.running, self.pods = [], []
        (self.folder / "config.toml").write_text(CONFIG.format(folder=self.folder))
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(["containerd", "-c", self.folder / "config.toml"], stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            self.make_root()
            agent.wait_for("containerd answers", lambda: self.ctr("version", check=False).returncode == 0, 30)
        except BaseException:
            print((self.folder / "log").read_text()[-2000:])
            self.__exit__()
            raise
        return self

    def make_root(self):
        self.root = self.folder / "rootfs"
        for name in ("bin", "dev", "proc", "sys", "tmp", "etc"):
            (self.root / name).mkdir(parents=True)
        shutil.copy(BUSYBOX, self.root / "bin/busybox")
        for applet in ("sh", "sleep", "true"):
            (self.root / "bin" / applet).symlink_to("busybox")

    def ctr(self, *arguments, namespace="default", check=True):
        done = subprocess.run(["ctr", "-a", self.folder / "containerd.sock", "-n", namespace, *arguments], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if check and done.returncode != 0:
            raise AssertionError(f"ctr {' '.join(arguments)}: {done.stdout}")
        return done

    def run(self, name, *command, namespace="default", flags=()):
        """Starts it and returns the id of its first process, or None when that has ended already."""
        self.running.append((namespace, name))
        self.ctr("run", "-d", *flags, "--rootfs", str(self.root), name, *(command or ("/bin/sleep", "86400")), namespace=namespace)
        for line in self.ctr("task", "ls", namespace=namespace).stdout.splitlines():
            words = line.split()
            if words[0] == name and words[2] == "RUNNING":
                return int(words[1])
        return None

    def remove(self, name, namespace="default"):
        self.ctr("task", "rm", "-f", name, namespace=namespace, check=False)
        self.ctr("container", "rm", name, namespace=namespace, check=False)
        if (namespace, name) in self.running:
            self.running.remove((namespace, name))

    def __exit__(self, *_):
        for namespace, name in list(self.running):
            self.remove(name, namespace)
        for path in self.pods:  # the kubelet makes and removes them, and runc only where the container was
            for top in hierarchies():
                with contextlib.suppress(OSError):
                    (top / path).rmdir()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Pod:
    """A sandbox and containers in its network namespace, named and placed as a kubelet and the CRI plugin do it."""

    def __init__(self, containerd, namespace, name):
        self.containerd, self.namespace, self.name = containerd, namespace, name
        self.uid = str(uuid.uuid4())
        self.sandbox = os.urandom(32).hex()
        containerd.pods.append(f"kubepods/burstable/pod{self.uid}")
        self.pid = self.start(self.sandbox, {"container-type": "sandbox", "sandbox-log-directory":
                                             f"/var/log/pods/{namespace}_{name}_{self.uid}"})

    def add(self, container, image):
        number = os.urandom(32).hex()
        self.start(number, {"container-type": "container", "container-name": container, "image-name": image},
                   "--with-ns", f"network:/proc/{self.pid}/ns/net")
        return number

    def start(self, number, annotations, *flags):
        annotations = {**annotations, "sandbox-id": self.sandbox, "sandbox-name": self.name, "sandbox-namespace": self.namespace,
                       "sandbox-uid": self.uid}
        said = [word for key, value in annotations.items() for word in ("--annotation", f"io.kubernetes.cri.{key}={value}")]
        return self.containerd.run(number, namespace="k8s.io",
                                   flags=(*said, "--cgroup", f"/kubepods/burstable/pod{self.uid}/{number}", *flags))
