#!/usr/bin/env python3
"""What podman's service tells of its containers."""
import json
import pathlib
import resource
import shutil
import subprocess
import tempfile
import unittest

import agent
from agent import Agent, configuration, wait_for

LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")


class Podman(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hostmeter-podman-", dir="/var/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.addClassCleanup(cls.remove_all)
        cls.import_image()
        cls.socket = f"{cls.folder}/podman.sock"
        cls.service = subprocess.Popen(cls.command("system", "service", "-t", "0", f"unix://{cls.socket}"),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        cls.addClassCleanup(cls.end_service)
        wait_for("the service", pathlib.Path(cls.socket).exists, 30)
        cls.agent = cls.enterClassContext(Agent("--config", cls.enterClassContext(configuration(
            f'[runtime.docker]\nenabled = false\n[runtime.podman]\nendpoint = "{cls.socket}"\n'))))

    @classmethod
    def command(cls, *words):
        return ["podman", "--root", f"{cls.folder}/root", "--runroot", f"{cls.folder}/run", "--tmpdir", f"{cls.folder}/tmp",
                "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--runtime", "runc",
                *words]

    @classmethod
    def podman(cls, *words):
        return subprocess.run(cls.command(*words), check=True, text=True, timeout=90, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE).stdout.strip()

    @classmethod
    def import_image(cls):
        with tempfile.TemporaryDirectory() as root:
            for folder in ("bin", "tmp", "dev", "proc", "sys", "etc"):
                pathlib.Path(root, folder).mkdir()
            shutil.copy("/bin/busybox", f"{root}/bin/")
            for applet in ("sh", "sleep", "true", "false"):
                pathlib.Path(root, "bin", applet).symlink_to("busybox")
            archive = subprocess.run(["tar", "-C", root, "-c", "."], check=True, stdout=subprocess.PIPE).stdout
            subprocess.run(cls.command("import", "-", "busybox:local"), check=True, input=archive, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=60)

    @classmethod
    def remove_all(cls):
        subprocess.run(cls.command("rm", "-a", "-f", "-t", "0"), check=False, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=90)

    @classmethod
    def end_service(cls):
        cls.service.terminate()
        cls.service.wait(30)

    def state(self, name):
        return "".join(has["state"] for has, value in self.agent.scrape().all("container_state", name=name) if value)

    def wait_state(self, name, state):
        wait_for(f"{name} to be {state or 'gone'}", lambda: self.state(name) == state)

    def test_from_birth_to_removal(self):
        wait_for("the engine", lambda: self.agent.scrape().all("hostmeter_engine_info", runtime="podman"))
        self.podman("create", "--name", "life", "--network", "host", "--memory", "64m", *LIMITS, "localhost/busybox:local",
                    "sleep", "86400")
        self.wait_state("life", "created")
        self.podman("start", "life")
        self.wait_state("life", "running")
        has, limit = self.agent.scrape().all("container_config_memory_limit_bytes", name="life")[0]
        self.assertEqual(64 << 20, limit)
        self.assertEqual("localhost/busybox:local", has["image"])
        figures = {at["id"] for at, _ in self.agent.scrape().all("container_cpu_usage_seconds_total")}
        self.assertIn(has["id"], figures)
        self.podman("pause", "life")
        self.wait_state("life", "paused")
        self.podman("unpause", "life")
        self.wait_state("life", "running")
        self.podman("kill", "life")
        self.wait_state("life", "exited")
        wanted = json.loads(self.podman("inspect", "life"))[0]["State"]["ExitCode"]
        self.assertEqual(wanted, self.agent.scrape().one("container_exit_code", name="life"))
        self.podman("rm", "life")
        self.wait_state("life", "")


if __name__ == "__main__":
    agent.need("podman", "runc", "busybox", "tar", root=True)
    # Podman gives its containers more open files than a sandbox may allow: it takes what we have.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    agent.main()
