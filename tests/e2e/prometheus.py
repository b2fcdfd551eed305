#!/usr/bin/env python3
"""A real Prometheus scrapes the agent for some intervals and finds nothing wrong."""
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import agent
from agent import Agent, Scrape

SCRAPES = 5


class Prometheus:
    """Debian's Prometheus with one target, on a free loopback port; use as a context."""

    def __init__(self, target):
        self.folder = tempfile.TemporaryDirectory(prefix="hostmeter-prometheus-")
        self.url = f"http://127.0.0.1:{agent.free_port()}"
        config = pathlib.Path(self.folder.name) / "prometheus.yml"
        config.write_text(f"""global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs: [{{job_name: hostmeter, static_configs: [{{targets: ['{target}']}}]}}]
""")
        self.log = open(f"{self.folder.name}/log", "w")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}"], stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        self.folder.cleanup()

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def query(self, expression):
        """The value of the only series of the answer, or None."""
        answer = self.get("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        result = json.loads(answer)["data"]["result"] if answer else []
        return float(result[0]["value"][1]) if len(result) == 1 else None


class Scraped(unittest.TestCase):
    def test_without_errors(self):
        with Agent() as running, Prometheus(f"127.0.0.1:{running.port}") as prometheus:
            agent.wait_for("some scrapes", lambda: (prometheus.query("count_over_time(up[1m])") or 0) >= SCRAPES, 45)
            self.assertEqual(1, prometheus.query("min_over_time(up[1m])"))
            target = json.loads(prometheus.get("/api/v1/targets"))["data"]["activeTargets"][0]
            self.assertEqual(("up", ""), (target["health"], target["lastError"]))
            self.assertGreater(prometheus.query("min_over_time(scrape_samples_scraped[1m])"), 100)
            self.assertEqual(1, prometheus.query("count(node_load1)"))
            own = Scrape(prometheus.get("/metrics"))
            refused = {name: value for name, _, value in own.samples
                       if name.startswith(("prometheus_target_scrapes_sample_", "prometheus_target_scrapes_exceeded_"))}
            self.assertTrue(refused)
            self.assertEqual({}, {name: value for name, value in refused.items() if value})


if __name__ == "__main__":
    agent.need("prometheus")
    agent.main()
