#!/usr/bin/env python3
"""names.py HOSTMETER: who containers of a real containerd are, from its files alone."""
import json
import os
import shutil
import subprocess
import unittest

import agent
from agent import Agent, configuration, wait_for, wait_ticks
from containerd import BUSYBOX, Containerd, Pod

CPU, INFO = "container_cpu_usage_seconds_total", "hostmeter_container_info"
WHO = ("name", "image", "namespace", "pod", "container")


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.containerd = cls.enterClassContext(Containerd())
        # There before the agent.
        cls.containerd.run("early", flags=("--label", "team=infra"))
        config = cls.enterClassContext(configuration(
            f'[runtime.containerd]\ndirectories = ["{cls.containerd.state}"]\n[collect.cgroups]\nlinger = "60s"\n'))
        cls.agent = cls.enterClassContext(Agent("--config", config))

    def who(self, number, metric=CPU):
        """The sets of name, image, namespace, pod and container that the series of one cgroup carry."""
        return {tuple(has.get(label, "") for label in WHO) for has, _ in self.agent.scrape().all(metric)
                if has["id"].endswith("/" + number)}

    def assert_is(self, number, *who):
        wait_for(f"{number[:12]} in the scrape", lambda: self.who(number), 10)
        self.assertEqual(self.who(number), {who})

    def test_plain_containers_are_called_by_their_ids(self):
        self.assert_is("early", "early", "", "", "", "")
        self.containerd.run("late")
        self.assert_is("late", "late", "", "", "", "")
        self.containerd.remove("late")

    def test_a_container_on_the_hosts_network(self):
        self.containerd.run("hostnet", flags=("--net-host",))
        self.assert_is("hostnet", "hostnet", "", "", "", "")
        self.containerd.remove("hostnet")

    def test_a_pod_is_named_whole(self):
        pod = Pod(self.containerd, "shop", "web-7d4b9c6f5d-x2k8p")
        app = pod.add("app", "registry.example/shop/web:1.4")
        side = pod.add("side-car", "localhost/proxy:2")
        self.assert_is(app, app, "registry.example/shop/web:1.4", "shop", pod.name, "app")
        self.assert_is(side, side, "localhost/proxy:2", "shop", pod.name, "side-car")
        self.assert_is(pod.sandbox, pod.sandbox, "", "shop", pod.name, "")
        self.assert_is("pod" + pod.uid, "", "", "shop", pod.name, "")

    def test_what_lives_a_third_of_a_second_is_named(self):
        pod = Pod(self.containerd, "jobs", "brief")
        number = os.urandom(32).hex()
        self.containerd.running.append(("k8s.io", number))
        pod.containerd.ctr("run", "--rm", "--annotation", "io.kubernetes.cri.container-type=container",
                           "--annotation", "io.kubernetes.cri.container-name=brief",
                           "--annotation", "io.kubernetes.cri.image-name=job:1",
                           "--annotation", "io.kubernetes.cri.sandbox-name=brief",
                           "--annotation", "io.kubernetes.cri.sandbox-namespace=jobs",
                           "--annotation", f"io.kubernetes.cri.sandbox-uid={pod.uid}",
                           "--cgroup", f"/kubepods/burstable/pod{pod.uid}/{number}",
                           "--rootfs", str(self.containerd.root), number, "/bin/sleep", "0.3", namespace="k8s.io")
        wait_ticks(self.agent, 3)
        seen = self.who(number)
        if not seen and self.agent.scrape().one("hostmeter_reader_mode", reader="cgroup_life", mode="bpf") != 1:
            self.skipTest("it lived between two readings, and the kernel does not tell of births here")
        self.assertEqual(seen, {(number, "job:1", "jobs", "brief", "brief")})

    def test_a_damaged_config_costs_only_its_own_container(self):
        bundle = self.containerd.state / "io.containerd.runtime.v2.task/k8s.io" / ("d" * 64)
        before = self.errors()
        bundle.mkdir(parents=True)
        (bundle / "config.json").write_text('{"annotations": {')
        wait_for("the damaged file counted", lambda: self.errors() == before + 1, 15)
        self.assertIn("d" * 64 + "/config.json does not tell who its container is: it is damaged", self.agent.said())
        shutil.rmtree(bundle)
        self.assert_is("early", "early", "", "", "", "")

    def errors(self):
        return self.agent.scrape().one("hostmeter_parse_errors_total", reader="runtime_files")

    def test_a_hundred_that_come_and_go_leave_nothing(self):
        folder = self.containerd.state / "io.containerd.runtime.v2.task/k8s.io"
        config = json.dumps({"annotations": {"io.kubernetes.cri.container-type": "container"}})
        for i in range(100):
            (folder / f"{i:064x}").mkdir(parents=True)
            (folder / f"{i:064x}" / "config.json").write_text(config)
        for i in range(100):
            shutil.rmtree(folder / f"{i:064x}")
        wait_ticks(self.agent, 2)
        self.assert_is("early", "early", "", "", "", "")
        self.assertEqual(self.agent.scrape().one("hostmeter_ring_dropped_total", ring="runtime_files"), 0)

    def test_while_nothing_changes_no_file_is_read(self):
        """Of all reads of a quiet agent, none is of containerd's files: their times of access stay."""
        file = self.containerd.state / "io.containerd.runtime.v2.task/default/early/config.json"
        wait_ticks(self.agent, 2)

        def grow_old():
            os.utime(file, (1, os.stat(file).st_mtime))  # an old one is renewed by any read, whatever relatime says
        grow_old()
        file.read_text()
        if int(os.stat(file).st_atime) == 1:
            self.skipTest("this filesystem keeps no times of access")
        grow_old()
        wait_ticks(self.agent, 3)
        self.assertEqual(int(os.stat(file).st_atime), 1)


if __name__ == "__main__":
    agent.need("containerd", "ctr", "runc", "busybox", root=True)
    if b"statically" not in subprocess.run(["file", "-L", BUSYBOX], stdout=subprocess.PIPE, check=False).stdout \
            and shutil.which("ldd") and b"not a dynamic" not in subprocess.run(
                ["ldd", BUSYBOX], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout:
        agent.skip("busybox is not a static one: install busybox-static")
    agent.main()
