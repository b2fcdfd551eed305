#!/usr/bin/env python3
"""check_docker.sh against a real Docker engine, held against what docker itself says."""
import os
import pathlib
import signal
import subprocess

import scripts
from scripts import SHELLS, Script, skip  # it knows where engine is

from agent import wait_for
from engine import Engine


class RealEngine(Script):
    NAME = "check_docker.sh"

    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())

    def inspect(self, name, path):
        return self.engine.docker("inspect", "-f", f"{{{{{path}}}}}", name)

    def seconds(self, name, path):
        """Unix time of one of the engine's times."""
        return int(subprocess.run(["date", "-d", self.inspect(name, path), "+%s"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout)

    def run_containers(self):
        start = self.engine.start
        start("well", flags=("--health-cmd", "true", "--health-interval", "1s"))
        start("unwell", flags=("--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1", "-v", "used:/data"))
        docker = self.engine.docker
        docker("run", "-d", "--net", "none", "--name", "failing", "--restart", "on-failure:2", "busybox:local", "sh", "-c", "exit 3")
        docker("run", "-d", "--net", "none", "--name", "still", "busybox:local", "sleep", "1000")
        docker("pause", "still")
        docker("create", "--name", "new", "busybox:local")
        docker("volume", "create", "loose")
        wait_for("health", lambda: (self.inspect("well", ".State.Health.Status"), self.inspect("unwell", ".State.Health.Status"))
                 == ("healthy", "unhealthy"), 90)
        wait_for("restarts", lambda: self.inspect("failing", ".State.Status") == "exited"
                 and self.inspect("failing", ".RestartCount") == "2", 90)

    def test_the_figures_are_docker_s_own(self):
        self.run_containers()
        for shell in SHELLS:
            with self.subTest(shell=shell):
                output = self.run_script(shell=shell, DOCKER_HOST=self.engine.environment["DOCKER_HOST"], DOCKER_TIME_LIMIT="40",
                                         DOCKER_TIMEOUT="20", DOCKER_VOLUME_SIZES="1")
                self.assertEqual((0, []), (output.status, output.all("docker_check_failure_info")))
                self.assertEqual({"created": 1, "running": 2, "paused": 1, "restarting": 0, "removing": 0, "exited": 1, "dead": 0},
                                 {has["state"]: value for has, value in output.all("docker_containers")})
                self.assertEqual([("unwell", "unhealthy"), ("well", "healthy")], sorted(
                    (has["name"], has["status"]) for has, value in output.all("docker_container_health") if value))
                self.assertEqual({"failing": 2, "new": 0, "still": 0, "unwell": 0, "well": 0},
                                 {has["name"]: value for has, value in output.all("docker_container_restarts_total")})
                self.assertEqual([({"name": "failing"}, 3)], output.all("docker_container_exit_code"))
                self.assertEqual(["failing", "still", "unwell", "well"],
                                 output.labels("docker_container_started_timestamp_seconds", "name"))
                for name in ("well", "failing", "still"):
                    for metric, path in (("created", ".Created"), ("started", ".State.StartedAt")):
                        self.assertEqual(self.seconds(name, path), output.one(f"docker_container_{metric}_timestamp_seconds", name=name))
                    self.assertEqual(self.seconds("busybox:local", ".Created"),
                                     output.one("docker_container_image_created_timestamp_seconds", name=name))
                self.assertEqual(self.seconds("failing", ".State.FinishedAt"),
                                 output.one("docker_container_finished_timestamp_seconds", name="failing"))
                self.assertEqual((2, 1), (output.one("docker_volumes"), output.one("docker_volumes_dangling")))
                self.assertEqual(0, output.one("docker_volumes_dangling_bytes"))
        self.stop_answering()

    def stop_answering(self):
        """The engine stands still, which is said."""
        pid = int(pathlib.Path(self.engine.folder, "dockerd.pid").read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            output = self.run_script(DOCKER_HOST=self.engine.environment["DOCKER_HOST"])
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertEqual((0, 0, ["timeout"]), (output.status, output.one("docker_up"),
                                               output.labels("docker_check_failure_info", "reason")))


if __name__ == "__main__":
    scripts.need_scripts("curl", "jq", "docker", "dockerd")
    if os.geteuid() != 0:
        skip("needs root")
    scripts.main()
