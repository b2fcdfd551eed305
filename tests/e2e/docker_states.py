#!/usr/bin/env python3
"""What Docker tells of its containers over their lives, and what that costs Docker."""
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

import agent
from agent import Agent, configuration, wait_for, wait_ticks
from counting_proxy import CountingProxy
from engine import HERE, LIMIT, Engine


def settings(socket):
    return f'[runtime.docker]\nendpoint = "{socket}"\n[runtime.podman]\nenabled = false\n'


class Docker(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.socket = f"{cls.engine.folder}/docker.sock"
        cls.proxy = cls.enterClassContext(CountingProxy(f"{cls.engine.folder}/counted.sock", cls.socket))
        cls.engine.start("before", flags=("--memory", "64m", "--cpus", "0.5"))
        cls.agent = cls.enterClassContext(Agent(
            "--config", cls.enterClassContext(configuration(settings(cls.proxy.path)))))

    def of(self, name, metric, **labels):
        """{label set: value} of a container's series, by its name."""
        return [(has, value) for has, value in self.agent.scrape().all(metric, name=name, **labels)]

    def one(self, name, metric, **labels):
        found = self.of(name, metric, **labels)
        self.assertLessEqual(len(found), 1, found)
        return found[0][1] if found else None

    def state(self, name):
        return "".join(has["state"] for has, value in self.of(name, "container_state") if value)

    def wait_state(self, name, state):
        wait_for(f"{name} to be {state or 'gone'}", lambda: self.state(name) == state)

    def docker(self, *words):
        return self.engine.docker(*words, stderr=subprocess.DEVNULL)

    def inspect(self, name):
        return json.loads(self.docker("inspect", name))[0]

    def test_who_was_there_before_is_known(self):
        self.wait_state("before", "running")
        has, _ = self.of("before", "container_state", state="running")[0]
        self.assertEqual("busybox:local", has["image"])
        self.assertIn(self.inspect("before")["Id"], has["id"])
        self.assertEqual(64 << 20, self.one("before", "container_config_memory_limit_bytes"))
        self.assertEqual(0.5, self.one("before", "container_config_cpus"))

    def test_its_id_is_that_of_its_figures(self):
        self.wait_state("before", "running")
        figures = {has["id"] for has, _ in self.agent.scrape().all("container_cpu_usage_seconds_total")}
        self.assertIn(self.of("before", "container_state")[0][0]["id"], figures)

    def test_from_birth_to_removal(self):
        self.docker("create", "--name", "life", "busybox:local", "sleep", "86400")
        self.wait_state("life", "created")
        self.assertIsNone(self.one("life", "container_start_time_seconds"))
        self.docker("start", "life")
        self.wait_state("life", "running")
        first_start = self.one("life", "container_start_time_seconds")
        self.assertAlmostEqual(time.time(), first_start, delta=60)
        self.docker("pause", "life")
        self.wait_state("life", "paused")
        self.docker("unpause", "life")
        self.wait_state("life", "running")
        self.docker("rename", "life", "second_life")
        self.wait_state("second_life", "running")
        self.assertEqual("", self.state("life"))
        self.docker("restart", "-t", "0", "second_life")
        wait_for("a later start", lambda: (self.one("second_life", "container_start_time_seconds") or 0) > first_start)
        self.wait_state("second_life", "running")
        os.kill(self.inspect("second_life")["State"]["Pid"], signal.SIGKILL)
        self.wait_state("second_life", "exited")
        self.assertEqual(137, self.one("second_life", "container_exit_code"))
        self.assertIsNotNone(self.one("second_life", "container_finished_timestamp_seconds"))
        self.docker("rm", "second_life")
        self.wait_state("second_life", "")

    def test_those_that_share_or_are_brief_are_named(self):
        """One of the host's network, two with one namespace as in a pod, and one of 0.3 s."""
        def who(number):
            return {(has.get("name"), has.get("image")) for has, _ in
                    self.agent.scrape().all("container_cpu_usage_seconds_total") if number in has["id"]}

        def modes(name):
            return [has["mode"] for has, on in self.of(name, "hostmeter_container_network_mode") if on]
        ended = sum(value for _, value in self.agent.scrape().all("hostmeter_ended_containers_total", image="busybox:local"))
        hostnet = self.engine.start("hostnet", flags=("--network", "host"))
        pause = self.engine.start("pause")
        app = self.engine.start("app", flags=("--network", "container:pause"))
        brief = self.docker("create", "--name", "brief", "busybox:local", "sleep", "0.3")
        self.docker("start", "-a", "brief")
        for one, name in ((hostnet.id, "hostnet"), (pause.id, "pause"), (app.id, "app"), (brief, "brief")):
            if name == "brief" and self.agent.scrape().one("hostmeter_reader_mode", reader="cgroup_life", mode="bpf") != 1:
                continue  # it may have lived between two readings, and the kernel does not tell of births here
            wait_for(f"{name} in the scrape", lambda one=one: who(one))
            self.assertEqual({(name, "busybox:local")}, who(one))
        for name, mode in (("hostnet", "host"), ("pause", "own"), ("app", "shared")):
            wait_for(f"whose network {name} uses", lambda name=name, mode=mode: modes(name) == [mode])
        self.assertEqual([], self.of("hostnet", "container_network_receive_bytes_total"))
        self.docker("rm", "-f", "hostnet", "app", "pause", "brief")
        wait_for("the ended are counted", lambda: sum(value for _, value in self.agent.scrape().all(
            "hostmeter_ended_containers_total", image="busybox:local")) >= ended + 3)

    def test_one_that_fails_is_started_again_and_counted(self):
        self.docker("run", "-d", "--name", "fails", "--restart", "on-failure:2", "busybox:local", "false")
        wait_for("two restarts", lambda: self.one("fails", "container_restarts_total") == 2)
        self.wait_state("fails", "exited")
        self.assertEqual(1, self.one("fails", "container_exit_code"))
        self.docker("rm", "-f", "fails")

    def test_one_without_memory(self):
        self.docker("run", "-d", "--name", "hungry", "--memory", "8m", "busybox:local", "sh", "-c",
                    "dd if=/dev/zero of=/dev/null bs=64M count=1; exit $?")
        self.wait_state("hungry", "exited")
        state = self.inspect("hungry")["State"]
        self.assertEqual(state["ExitCode"], self.one("hungry", "container_exit_code"))
        self.assertEqual(state["OOMKilled"], bool(self.one("hungry", "container_oom_killed")))
        self.docker("rm", "-f", "hungry")

    def test_health(self):
        self.docker("run", "-d", "--name", "ill", "--health-cmd", "test -e /tmp/well", "--health-interval", "1s",
                    "--health-retries", "1", "busybox:local")
        wait_for("illness", lambda: self.one("ill", "container_health_status", status="unhealthy") == 1)
        self.docker("exec", "ill", "touch", "/tmp/well")
        wait_for("health", lambda: self.one("ill", "container_health_status", status="healthy") == 1)
        self.assertEqual(1, self.one("ill", "container_health_state"))
        self.docker("rm", "-f", "ill")

    def test_while_nothing_changes_nothing_is_asked(self):
        self.wait_state("before", "running")
        time.sleep(3)  # what other tests have changed has been asked for
        before, ticks = self.proxy.connections, 10
        self.assertGreater(before, 4)
        self.docker("exec", "before", "true")  # no change of the container
        wait_ticks(self.agent, ticks)
        self.assertEqual(before, self.proxy.connections)
        self.assertEqual(before, self.agent.scrape().one("hostmeter_runtime_requests_total", runtime="docker"))

    def test_a_hundred_removed_at_once(self):
        names = [f"storm{i}" for i in range(100)]
        for name in names:
            self.docker("create", "--name", name, "busybox:local", "sleep", "86400")
        self.docker("start", *names[:20])
        wait_for("all of the storm", lambda: sum(
            has["name"].startswith("storm") for has, _ in
            self.agent.scrape().all("container_state", state="running")) == 100, 60)
        asked = self.proxy.connections
        scrape = self.agent.scrape("?collect[]=agent")
        lost = scrape.one("hostmeter_ticks_total", result="skipped") + scrape.one("hostmeter_ticks_total", result="abandoned")
        self.docker("rm", "-f", *names)
        wait_for("the storm to pass", lambda: not any(
            has["name"].startswith("storm") for has, _ in self.agent.scrape().all("container_state")), 30)
        self.assertLess(self.proxy.connections - asked, 60)  # of those that took long to die
        scrape = self.agent.scrape("?collect[]=agent")
        self.assertEqual(lost, scrape.one("hostmeter_ticks_total", result="skipped") +
                         scrape.one("hostmeter_ticks_total", result="abandoned"))


class Trouble(unittest.TestCase):
    """An engine that is stopped, or started again: no figure waits for it."""

    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.engine.start("burns", "sh", "-c", "while :; do :; done", flags=("--cpus", "0.2"))
        config = cls.enterClassContext(configuration(settings(f"{cls.engine.folder}/docker.sock")))
        cls.agent = cls.enterClassContext(Agent("--config", config))

    def daemon(self):
        return int(pathlib.Path(f"{self.engine.folder}/dockerd.pid").read_text())

    def up(self):
        """Whether the engine tells of its containers, by what was last said of it."""
        said = self.agent.said()
        return said.rfind("tells of its containers") > said.rfind("does not tell who its containers are")

    def figures(self):
        scrape = self.agent.scrape()
        return (max(value for has, value in scrape.all("container_cpu_usage_seconds_total") if "/docker/" in has["id"]),
                scrape.one("hostmeter_ticks_total", result="complete"),
                scrape.one("hostmeter_ticks_total", result="skipped") +
                scrape.one("hostmeter_ticks_total", result="abandoned"))

    def test_frozen(self):
        wait_for("the engine", lambda: self.up())
        daemon = self.daemon()
        os.kill(daemon, signal.SIGSTOP)
        try:
            wait_for("the engine to be down", lambda: not self.up())
            cpu, ticks, lost = self.figures()
            time.sleep(5)
            more_cpu, more_ticks, more_lost = self.figures()
            self.assertGreater(more_cpu, cpu)
            self.assertGreaterEqual(more_ticks, ticks + 4)
            self.assertEqual(lost, more_lost)
            self.assertEqual(1, self.agent.said().count("its process is stopped"))
        finally:
            os.kill(daemon, signal.SIGCONT)
        wait_for("the engine to be up", lambda: self.up())

    def test_started_again_under_load(self):
        wait_for("the engine", lambda: self.up())
        self.engine.docker("create", "--name", "vanishes", "busybox:local")
        wait_for("it to be known", lambda: self.agent.scrape().all("container_state", name="vanishes"))
        daemon = self.daemon()
        os.kill(daemon, signal.SIGTERM)
        wait_for("the engine to be down", lambda: not self.up(), 30)
        wait_for("its end", lambda: not pathlib.Path(f"/proc/{daemon}").exists(), 30)
        self.assertTrue(self.agent.scrape().all("container_state", name="vanishes"), "what was said stays")
        subprocess.run([HERE / "dockerd.sh", "start", self.engine.folder], check=True, timeout=LIMIT, stdout=subprocess.DEVNULL)
        self.engine.docker("rm", "vanishes")
        load = [subprocess.Popen(["docker", "run", "--rm", "--name", f"load{i}", "busybox:local", "sleep", "1"],
                                 env=self.engine.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for i in range(4)]
        wait_for("the engine to be up", lambda: self.up(), 30)
        for one in load:
            one.wait(60)
        wait_for("only those that are", lambda: {has["name"] for has, _ in self.agent.scrape().all("container_state")}
                 == {"burns"}, 30)
        state = [has["state"] for has, on in self.agent.scrape().all("container_state", name="burns") if on]
        self.assertEqual([self.engine.docker("inspect", "-f", "{{.State.Status}}", "burns")], state)


if __name__ == "__main__":
    agent.need("dockerd", "docker", "containerd", "runc", "busybox", "ip", root=True)
    agent.main()
