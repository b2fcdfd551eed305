"""The agent under test: started, scraped and stopped like an operator would."""
import contextlib
import gzip
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$')
PATIENCE = float(os.environ.get("HOSTMETER_TEST_PATIENCE", "1"))  # more on emulated machines
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(77)


def need(*programs, root=False):
    """Skips the whole file, aloud, when something is missing here."""
    if not os.path.exists(BINARY):
        skip(f"{BINARY} is not built")
    for program in programs:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            skip(f"{program} is not installed")
    if root and os.geteuid() != 0:
        skip("needs root")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # whoever is told to end still clears away
    unittest.main(argv=sys.argv[:1], verbosity=2)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, seconds=15.0):
    """The first true answer of CONDITION; fails after SECONDS, stretched by HOSTMETER_TEST_PATIENCE."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Scrape:
    """Samples of one scrape."""

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                found = SAMPLE.match(line)
                if not found:
                    raise AssertionError(f"not a sample: {line}")
                self.samples.append((found[1], dict(LABEL.findall(found[2] or "")), float(found[3])))

    def all(self, name, /, **labels):
        return [(has, value) for at, has, value in self.samples
                if at == name and all(has.get(key) == want for key, want in labels.items())]

    def one(self, name, /, **labels):
        """The only value that matches; per-CPU series beside a total do not count."""
        found = [value for has, value in self.all(name, **labels) if has.get("cpu", "total") == "total"]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} samples of {name} {labels}")
        return found[0]

    def modes(self):
        return {has["reader"]: has["mode"] for has, on in self.all("hostmeter_reader_mode") if on}


class Agent:
    """`hostmeter run` on a free loopback port, by the command PREFIX if there is one; use as a context."""

    def __init__(self, *flags, port=None, prefix=(), **more):
        self.port = port or free_port()
        self.log = tempfile.NamedTemporaryFile("w+", prefix="hostmeter-e2e-", suffix=".log")
        self.process = subprocess.Popen([*prefix, BINARY, "run", "--listen", f"127.0.0.1:{self.port}", *flags],
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, **more)

    def __enter__(self):
        try:
            wait_for("/-/ready", self.is_ready)
        except BaseException:
            print(self.said(), file=sys.stderr)
            self.stop()
            raise
        return self

    def __exit__(self, *failure):
        if failure[0]:
            print(self.said(), file=sys.stderr)
        self.stop()

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"ended with status {self.process.returncode}")
        try:
            return self.get("/-/ready")[0] == 200
        except OSError:
            return False

    def get(self, path, **headers):
        """(status, body, headers) as they came, nothing decompressed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def scrape(self, query=""):
        status, body, _ = self.get("/metrics" + query)
        if status != 200:
            raise AssertionError(f"/metrics{query}: {status}")
        return Scrape(body.decode())

    def said(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def stop(self):
        """Status after SIGTERM; kills it when it does not end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("SIGTERM did not end it within 15 s") from None


def wait_ticks(one, count):
    """Until the agent has had COUNT more."""
    def ticks():
        return one.scrape("?collect[]=agent").one("hostmeter_ticks_total", result="complete")
    begin = ticks()
    wait_for(f"{count} ticks", lambda: ticks() >= begin + count, 15 + count)


@contextlib.contextmanager
def configuration(text):
    """A file for --config."""
    with tempfile.NamedTemporaryFile("w", prefix="hostmeter-e2e-", suffix=".toml") as file:
        file.write(text)
        file.flush()
        yield file.name


def unzipped(body):
    return gzip.decompress(body)
