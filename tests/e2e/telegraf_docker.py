#!/usr/bin/env python3
"""The first user's telegraf.conf over real containers: every docker figure against dockerd's own answers and the kernel's files."""
import csv
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import agent
from agent import Agent, configuration, wait_for
from docker_says import ask, counted, levels, moved
from engine import CGROUPS, DISK, HERE, Engine, report

FIXTURES = HERE.parent / "fixtures/telegraf"
V1 = (CGROUPS / "memory/memory.usage_in_bytes").exists()
MEBIBYTE = 1 << 20
COUNT = 16  # MiB of each file that is written
TICK_NS = 10_000_000  # what the kernel shows user space of CPU time
USEC_NS = 0 if V1 else 1000  # v2's files have whole microseconds
# What the agent serves of these where Docker has nothing or 0, on v2.
KERNELS = {"docker_container_mem_max_usage", "docker_container_mem_cache", "docker_container_mem_rss",
           "docker_container_mem_mapped_file"}


def conf_of(engine, **changes):
    """The first user's file, with the private engine's socket for his, and what CHANGES say instead of its options."""
    text = (FIXTURES / "first_user.conf").read_text()
    text = text.replace("/var/run/docker.sock", f"{engine.folder}/docker.sock")
    for key, value in changes.items():
        text, times = re.subn(rf"^  {key} .*$", f"  {key} = {value}", text, flags=re.M)
        if not times:
            text = text.replace("[[inputs.docker]]", f"[[inputs.docker]]\n  {key} = {value}")
    return text


def rows():
    """What the contract lists for inputs.docker: (name, labels it has, values of labels that are fixed, when)."""
    with open(FIXTURES / "docker.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            labels, fixed = [], {}
            for part in re.findall(r'[^,\[\]]+(?:="[^"]*")?|\[[^\]]*\]', row["labels"]):
                if part.startswith("["):
                    continue
                name, _, value = part.replace("(string field)", "").partition("=")
                labels.append(name)
                value = value.strip('"')
                if value and not value.startswith("<") and value != "cpuN":
                    fixed[name] = value
            yield row["name"], labels, fixed, row["when"]


def applies(when):
    """Whether a condition of the contract holds under the first user's file, on this layout of cgroups."""
    if any(word in when for word in ("devicemapper", "CFQ/BFQ", "Swarm manager", "metric_version=2", "has image")):
        return False
    return V1 or "v1" not in when or "and v2" in when


def kernels_of(container):
    """What dockerd has nothing of on v2, from the files of its cgroup."""
    folder = CGROUPS / container.paths[""].lstrip("/")
    stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    made = {f"mem_{name}": int(stat[key]) for name, key in (("cache", "file"), ("rss", "anon"), ("mapped_file", "file_mapped"))}
    if (folder / "memory.peak").exists():
        made["mem_max_usage"] = int((folder / "memory.peak").read_text())
    return made


class TelegrafDocker(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(Engine())
        cls.disk = tempfile.mkdtemp(prefix="hostmeter-disk-", dir=DISK)
        cls.addClassCleanup(shutil.rmtree, cls.disk)
        docker, start = cls.engine.docker, cls.engine.start
        compiler = shutil.which("gcc") or shutil.which("cc")
        subprocess.run([compiler, "-O1", "-static", "-o", f"{cls.disk}/direct_write", HERE / "direct_write.c"], check=True)
        docker("volume", "create", "data")
        cls.idle = start("idle", flags=("--label", "com.example/team=blue", "--env", "HEAP=7m"))
        cls.hostnet = start("hostnet", flags=("--network", "host"))
        cls.limited = start("limited", "sh", "-c", "while :; do :; done",
                            flags=("--memory", "24m", "--cpus", "0.3", "-v", "data:/data", "-v", f"{cls.disk}:/disk"))
        # Its first process outlives the one that takes too much.
        cls.greedy = start("greedy", "sh", "-c", "dd if=/dev/zero of=/dev/null bs=64M count=1; exec sleep 86400",
                           flags=("--memory", "16m"))
        cls.limited.run("dd", "if=/dev/zero", "of=/data/file", "bs=1M", f"count={COUNT}", stderr=subprocess.DEVNULL)
        cls.bring_into_every_state()
        os.sync()
        conf = cls.enterClassContext(configuration(conf_of(cls.engine)))
        cls.agent = cls.enterClassContext(Agent("--config", conf))
        cls.running = [cls.idle, cls.hostnet, cls.limited, cls.greedy]
        cls.write_past_the_cache(cls.limited)

    @classmethod
    def bring_into_every_state(cls):
        docker = cls.engine.docker
        docker("create", "--name", "created", "busybox:local")
        docker("create", "--name", "exited", "busybox:local", "sh", "-c", "exit 3")
        docker("start", "exited")
        cls.engine.start("paused")
        docker("pause", "paused")
        # By itself: each look of its engine is a process of the container, with memory and CPU time of its own.
        cls.engine.start("healthy", flags=("--health-cmd", "true", "--health-interval", f"{2 * agent.PATIENCE:g}s"))
        docker("restart", "-t", "0", "idle")
        cls.idle = type(cls.idle)(cls.engine, "idle", cls.idle.id)
        cls.idle.run("dd", "if=/dev/zero", "of=/tmp/written", "bs=64K", "count=5", stderr=subprocess.DEVNULL)

    @classmethod
    def write_past_the_cache(cls, container, file="file"):
        """So many MiB, each in its place already: only the data move."""
        path = pathlib.Path(cls.disk) / file
        path.write_bytes(b"0" * (COUNT * MEBIBYTE))
        os.sync()
        container.run("/disk/direct_write", f"/disk/{file}", str(COUNT))

    def shown(self, scrape, measurement, container):
        """{(metric without docker_container_, label that tells apart): value}"""
        made = {}
        for name, has, value in scrape.samples:
            if name.startswith("docker_container_" + measurement) and has["container_name"] == container.name:
                apart = has.get("cpu") or has.get("network") or has.get("device")
                made[name.removeprefix("docker_container_"), apart] = value
        return made

    def gathered_after(self, container, moment):
        """A scrape whose figures were gathered after that moment."""
        def scrape():
            all_of = self.agent.scrape()
            found = [all_of.all(f"docker_container_status_{what}", container_name=container.name)
                     for what in ("started_at", "uptime_ns")]
            if not all(found):
                return None
            at = sum(one[0][1] for one in found) / 1e9
            return all_of if at > moment else None
        begin = time.monotonic()
        found = wait_for("a later gather", scrape, 40)
        report("a later gather", begin)
        return found

    def stats(self, container):
        return ask(self.engine, f"/containers/{container.id}/stats?stream=0&one-shot=1")

    def test_every_series_of_the_contract_is_there(self):
        wait_for("disk usage", lambda: self.agent.scrape().all("docker_disk_usage_size"), 90)
        wait_for("a health", lambda: self.agent.scrape().all("docker_container_health_failing_streak"), 40)
        scrape = self.gathered_after(self.idle, time.time())
        missing, there = [], set()
        for name, labels, fixed, when in rows():
            found = [has for has, _ in scrape.all(name, **fixed)
                     if all(label in has for label in labels) and
                     not any(has.get(label) in ("total", "cpu-total") for label in labels if label not in fixed)]
            if found:
                there.add(name)
            elif applies(when) and not self.is_counted_by_files(name):
                missing.append((name, labels, fixed, when))
        self.assertEqual([], missing)
        unknown = {name for name, _, _ in scrape.samples if name.startswith("docker_")} - {name for name, *_ in rows()}
        self.assertEqual(set(), unknown)

    def is_counted_by_files(self, name):
        """Block I/O of each device: only where something counts it. v1's files do not, until a disk has a limit."""
        modes = {has["mode"] for has, on in self.agent.scrape().all("hostmeter_reader_mode", reader="cgroup_blkio") if on}
        return "blkio" in name and modes == {"file"}

    def around_a_gather(self, look):
        """A scrape, and (container, what LOOK says before what is in it was gathered, and after it) of each."""
        before = [look(container) for container in self.running]
        scrape = self.gathered_after(self.running[-1], time.time() + 1)
        return scrape, [(container, one, look(container)) for container, one in zip(self.running, before)]

    def test_figures_are_those_that_dockerd_says(self):
        scrape, looks = self.around_a_gather(self.stats)
        for container, before, after in looks:
            with self.subTest(container.name):
                self.compare(scrape, container, before, after)
        self.assertGreater(self.shown(scrape, "cpu", self.limited)["cpu_throttling_throttled_time", "cpu-total"], 0)
        self.assertGreater(self.shown(scrape, "mem", self.greedy)["mem_fail_count", None], 0)

    def compare(self, scrape, container, before, after):
        shown = {}
        for measurement in ("cpu", "mem", "net"):
            shown.update(self.shown(scrape, measurement, container))
        wrong = []
        low, high = counted(before), counted(after)
        for key, least in low.items():
            slack = USEC_NS if key[0] in ("cpu_usage_total", "cpu_throttling_throttled_time") else 0
            if key[0] in ("cpu_usage_in_usermode", "cpu_usage_in_kernelmode"):
                slack = 2 * TICK_NS + (0 if V1 else least // 20)
            if key[0] == "cpu_usage_system":
                slack = 10 * TICK_NS * os.cpu_count()
            if key not in shown or not least - slack <= shown[key] <= high[key] + slack:
                wrong.append((key, least, shown.get(key), high[key]))
        low, high = levels(before), levels(after)
        contract = {name.removeprefix("docker_container_") for name, *_ in rows()}
        for key, one in low.items():
            if key[0] not in contract:
                continue
            slack = max(256 << 10, one // 20)
            if key not in shown or not min(one, high[key]) - slack <= shown[key] <= max(one, high[key]) + slack:
                wrong.append((key, one, shown.get(key), high[key]))
        self.assertEqual([], wrong)
        if not V1:
            # The kernel guesses both from what ran at each clock tick, and what its file once gave to one side it never takes back:
            # it depends on when that was read. Their sum does not.
            sides = shown["cpu_usage_in_usermode", "cpu-total"] + shown["cpu_usage_in_kernelmode", "cpu-total"]
            self.assertAlmostEqual(shown["cpu_usage_total", "cpu-total"], sides, delta=2 * USEC_NS)
        usage, limit = shown["mem_usage", None], shown["mem_limit", None]
        self.assertAlmostEqual(100 * usage / limit, shown["mem_usage_percent", None], delta=0.01)
        self.extra(container, shown, counted(after))

    def extra(self, container, shown, docker):
        """What is served and dockerd does not say is the kernel's."""
        known = set(docker) | set(levels(self.stats(container)))
        for key in set(shown) - known:
            name = "docker_container_" + key[0]
            fine = name in KERNELS or key[0] in ("cpu_usage_percent", "mem_usage_percent")
            self.assertTrue(fine, key)

    def test_what_dockerd_lacks_is_the_kernels(self):
        if V1:
            self.skipTest("cgroup v1: dockerd has all of it")
        scrape, looks = self.around_a_gather(kernels_of)
        for container, before, after in looks:
            shown = self.shown(scrape, "mem", container)
            for name, one in before.items():
                slack = 0 if name == "mem_max_usage" else max(256 << 10, one // 20)
                low, high = sorted((one, after[name]))
                with self.subTest(f"{container.name}: {name}"):
                    self.assertTrue(low - slack <= shown[name, None] <= high + slack, (one, shown[name, None], after[name]))

    def test_block_io(self):
        """Of one that began after the agent: what it wrote past the page cache, and what dockerd says if it says anything."""
        if self.is_counted_by_files("blkio"):
            self.skipTest("v1's files count nothing before a disk has a limit")
        writer = self.engine.start("writer", flags=("-v", f"{self.disk}:/disk"))
        self.addCleanup(self.engine.docker, "rm", "-f", "writer")
        self.write_past_the_cache(writer, "other")
        docker = self.stats(writer)
        shown = self.shown(self.gathered_after(writer, time.time() + 1), "blkio", writer)
        there = {device for (name, device) in shown if device != "total"}
        self.assertTrue(there)
        for device in there | {"total"}:
            value = {kind: shown.get((f"blkio_io_service_bytes_recursive_{kind}", device), 0)
                     for kind in ("read", "write", "discard", "sync", "async", "total")}
            if V1:
                self.assertEqual(value["total"], value["read"] + value["write"] + value["discard"], device)
                self.assertEqual(value["total"], value["sync"] + value["async"], device)
        # Some virtual machines hide a completion now and then.
        self.assertGreater(shown["blkio_io_service_bytes_recursive_write", "total"], 0.95 * COUNT * MEBIBYTE)
        self.assertLess(shown["blkio_io_service_bytes_recursive_write", "total"], (COUNT + 4) * MEBIBYTE)
        for key, value in moved(docker).items():
            if key[0].endswith("write") or not V1:
                self.assertEqual(value, shown.get(key, 0), key)
        # Each waits for the one before it; the device takes them whole or in parts.
        self.assertGreater(shown["blkio_io_serviced_recursive_write", "total"], 0.95 * COUNT)
        self.assertLess(shown["blkio_io_serviced_recursive_write", "total"], (COUNT + 4) * MEBIBYTE / 4096)

    def test_shares_of_the_cpu(self):
        scrape = self.gathered_after(self.limited, time.time())
        busy, idle = (self.shown(scrape, "cpu", one)["cpu_usage_percent", "cpu-total"] for one in (self.limited, self.idle))
        self.assertTrue(3 < busy < 60, busy)
        self.assertLess(idle, 3)

    def test_cpu_time_of_each_cpu_is_the_kernels(self):
        if not V1:
            self.assertEqual([], [has for has, _ in self.agent.scrape().all("docker_container_cpu_usage_total")
                                  if has["cpu"] != "cpu-total"])
            return
        def each():
            for mount in ("cpuacct", "cpu,cpuacct"):
                file = CGROUPS / mount / self.limited.paths["cpuacct"].lstrip("/") / "cpuacct.usage_percpu"
                if file.exists():
                    return [int(word) for word in file.read_text().split()]
            self.fail("no cpuacct.usage_percpu")
        before = each()
        shown = self.shown(self.gathered_after(self.limited, time.time() + 1), "cpu", self.limited)
        after = each()
        for number in range(os.cpu_count()):
            value = shown["cpu_usage_total", f"cpu{number}"]
            self.assertTrue(before[number] <= value <= after[number], (number, before, value, after))

    def test_status_and_health(self):
        scrape = self.gathered_after(self.limited, time.time())
        for container in self.running:
            about = ask(self.engine, f"/containers/{container.id}/json")
            shown = self.shown(scrape, "status", container)
            state = about["State"]
            self.assertEqual(state["Pid"], shown["status_pid", None])
            self.assertEqual(state["ExitCode"], shown["status_exitcode", None])
            self.assertEqual(about["RestartCount"], shown["status_restart_count", None])
            self.assertEqual(not state["FinishedAt"].startswith("0001"), ("status_finished_at", None) in shown)
        health, _ = wait_for("a healthy one", lambda: [
            found for found in self.agent.scrape().all("docker_container_health_failing_streak", container_name="healthy")
            if found[0]["health_status"] == "healthy"], 40)[0]
        self.assertEqual("running", health["container_status"])

    def test_labels(self):
        info = ask(self.engine, "/info")
        has, _ = wait_for("idle", lambda: self.agent.scrape().all("docker_container_status_pid", container_name="idle"), 40)[0]
        self.assertEqual({"engine_host": info["Name"], "server_version": info["ServerVersion"], "container_name": "idle",
                          "container_image": "busybox", "container_version": "local", "container_status": "running",
                          "container_id": self.idle.id, "com_example_team": "blue", "host": socket.gethostname()}, has)

    def test_the_engine(self):
        scrape, info = self.gathered_after(self.idle, time.time()), ask(self.engine, "/info")
        for name, key in (("n_cpus", "NCPU"), ("n_containers", "Containers"), ("n_containers_running", "ContainersRunning"),
                          ("n_containers_paused", "ContainersPaused"), ("n_containers_stopped", "ContainersStopped"),
                          ("n_images", "Images"), ("memory_total", "MemTotal")):
            self.assertEqual(info[key], scrape.one("docker_" + name), name)
        # These change with every question.
        for name, key in (("n_used_file_descriptors", "NFd"), ("n_goroutines", "NGoroutines"),
                          ("n_listener_events", "NEventsListener")):
            self.assertLessEqual(info[key] / 2 - 2, scrape.one("docker_" + name), name)
            self.assertGreaterEqual(info[key] * 2 + 2, scrape.one("docker_" + name), name)

    def test_disk_usage(self):
        wait_for("disk usage", lambda: self.agent.scrape().all("docker_disk_usage_size"), 90)
        scrape, usage = self.agent.scrape(), ask(self.engine, "/system/df")
        self.assertEqual(usage["LayersSize"], scrape.one("docker_disk_usage_layers_size"))
        for one in usage["Containers"]:
            name = one["Names"][0].lstrip("/")
            self.assertEqual(one.get("SizeRw", 0), scrape.one("docker_disk_usage_size_rw", container_name=name), name)
            self.assertEqual(one["SizeRootFs"], scrape.one("docker_disk_usage_size_root_fs", container_name=name), name)
        self.assertEqual({one["Name"]: one["UsageData"]["Size"] for one in usage["Volumes"]},
                         {has["volume_name"]: value for has, value in scrape.all("docker_disk_usage_size")})
        self.assertGreaterEqual(scrape.one("docker_disk_usage_size", volume_name="data"), COUNT * MEBIBYTE)

    def test_states_variables_images_and_a_nested_cgroup(self):
        text = conf_of(self.engine, container_state_include='["running", "paused", "exited", "created"]', tag_env='["HEAP"]',
                       source_tag="true", storage_objects='["image"]', gather_services="true")
        nested = self.nest() if V1 else None
        with configuration(text.replace('listen = ":9273"', 'listen = ":9273"\n  metric_version = 2')) as conf, \
                Agent("--config", conf) as other:
            states = wait_for("every state", lambda: self.states(other), 40)
            self.assertEqual(dict.fromkeys(("idle", "hostnet", "limited", "healthy", "greedy"), "running") |
                             {name: name for name in ("paused", "exited", "created")}, states)
            scrape = other.scrape()
            self.assertEqual(3, scrape.one("docker_container_status_exitcode", container_name="exited"))
            self.assertEqual(0, scrape.one("docker_container_status_oomkilled", container_name="idle"))
            idle = scrape.all("docker_container_status_pid", container_name="idle")[0][0]
            self.assertEqual(("7m", self.idle.id[:12]), (idle["HEAP"], idle["source"]))
            images = ask(self.engine, "/system/df")["Images"]
            wait_for("images", lambda: other.scrape().all("docker_disk_usage_size"), 40)
            scrape = other.scrape()
            for image in images:
                short = image["Id"].removeprefix("sha256:")[:12]
                self.assertEqual(image["Size"], scrape.one("docker_disk_usage_size", image_id=short, image_name="busybox",
                                                           image_version="local"))
            if nested:
                # Of a container that the agent came to know after its first gather, memory.stat is read at the next one.
                wait_for("memory.stat", lambda: other.scrape().all("docker_container_mem_pgpgin", container_name="idle"), 40)
                self.compare_nested(other.scrape(), nested)

    @staticmethod
    def states(other):
        found = {has["container_name"]: has["container_status"]
                 for has, _ in other.scrape().all("docker_container_status_pid")}
        return found if len(found) == 8 else None

    def nest(self):
        """A cgroup below idle's own, with a process in it."""
        folder = CGROUPS / "memory" / self.idle.paths["memory"].lstrip("/") / "inner"
        folder.mkdir()
        self.addCleanup(folder.rmdir)
        process = subprocess.Popen(["sleep", "600"])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        (folder / "cgroup.procs").write_text(str(process.pid))
        return folder

    def compare_nested(self, scrape, folder):
        stat = dict(line.split() for line in (folder.parent / "memory.stat").read_text().splitlines())
        shown = self.shown(scrape, "mem", self.idle)
        for name in ("rss", "active_anon", "cache", "pgpgin"):
            self.assertAlmostEqual(int(stat[name]), shown["mem_" + name, None], delta=MEBIBYTE)
            self.assertAlmostEqual(int(stat["total_" + name]), shown["mem_total_" + name, None], delta=MEBIBYTE)


if __name__ == "__main__":
    agent.need("dockerd", "docker", "containerd", "runc", "busybox", "ip", root=True)
    agent.main()
