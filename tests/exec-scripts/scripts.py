"""A ready-made script: run by several shells, its output read by promtool and by the agent's own parser."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from agent import PATIENCE, Scrape, skip  # noqa: E402  (found by the path above)

STRICT = os.path.abspath(sys.argv[1])
FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "exec-scripts"
SHELLS = [["dash"], ["busybox", "ash"]]


class Output(Scrape):
    """What a run said, and how long it took."""

    def __init__(self, done, seconds):
        super().__init__(done.stdout)
        self.status, self.errors, self.seconds = done.returncode, done.stderr, seconds

    def labels(self, name, label, /, **labels):
        """The values of LABEL, sorted."""
        return sorted(has[label] for has, _ in self.all(name, **labels))


class Script(unittest.TestCase):
    NAME = ""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hostmeter-script-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()

    def run_script(self, *arguments, shell=SHELLS[0], prefix=(), path=None, tools=None, **environment):
        """Run with nothing but ENVIRONMENT in the environment, and strictly read."""
        tools = tools or os.environ["PATH"]
        if shell[0] == "busybox":
            tools = f"{self.applets()}:{tools}"
        start = time.monotonic()
        done = subprocess.run([*prefix, *shell, path or FOLDER / self.NAME, *arguments], text=True, timeout=60,
                              env={"PATH": tools, "TMPDIR": str(self.tmp), **environment},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        output = Output(done, time.monotonic() - start)
        for reader in ([STRICT], ["promtool", "check", "metrics"]):
            read = subprocess.run(reader, input=done.stdout, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  check=False)
            self.assertEqual((0, ""), (read.returncode, read.stdout), done.stdout)
        self.assertEqual([], list(self.tmp.iterdir()), "files left behind")
        return output

    def applets(self):
        """A folder of busybox's own tools, which are not those of coreutils."""
        folder = self.folder / "applets"
        if not folder.exists():
            folder.mkdir()
            for name in ("awk", "cat", "date", "head", "mktemp", "rm", "timeout"):
                (folder / name).symlink_to(shutil.which("busybox"))
        return folder

    def tools_without(self, name):
        """A PATH that lacks one tool."""
        folder = self.folder / f"without-{name}"
        folder.mkdir()
        for directory in reversed(os.environ["PATH"].split(":")):
            for file in pathlib.Path(directory).glob("*"):
                link = folder / file.name
                if file.name != name and not link.is_symlink():
                    link.symlink_to(file)
        return str(folder)


def need_scripts(*programs):
    """Skips the whole file, aloud, when something is missing here."""
    for program in ("dash", "busybox", "promtool", *programs):
        if not shutil.which(program):
            skip(f"{program} is not installed")


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
