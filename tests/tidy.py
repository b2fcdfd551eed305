#!/usr/bin/env python3
"""clang-tidy over src/, for as long as it may take. tidy.py FOLDER SECONDS

Findings fail; without any, the check counts as skipped when the time was too short for all files.

Files of the last commits come first, then the others, in an order that is another at each commit: what one run does not
reach, a later one does. Files not reached are counted, and the check counts as skipped.

What passed is remembered in FOLDER/tidy by the content of the file and of all that it includes: it is not checked again.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def in_order(files):
    """Files that the last commits changed, newest first, then the rest."""
    changed = dict.fromkeys(output_of("git", "log", "-n", "30", "--name-only", "--format=").split())
    order = {name: rank for rank, name in enumerate(changed)}
    commit = output_of("git", "rev-parse", "HEAD")
    return sorted(files, key=lambda file: (order.get(file, len(order)), digest_of(commit, file)))


def digest_of(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


@functools.cache
def content_of(path):
    """A digest, or why there is none: a header that is gone is a change too."""
    try:
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
    except OSError as error:
        return str(error)


def included(folder):
    """What each object of the build folder was made of, as the compiler said: object -> paths."""
    found = {}
    for line in output_of("ninja", "-C", folder, "-t", "deps").splitlines():
        if line.startswith(" "):
            paths.append(os.path.normpath(os.path.join(folder, line.strip())))
        elif ": #deps" in line:
            paths = found[line.split(":")[0]] = []
    return found


def marks(folder):
    """FILE -> the file whose presence says that it passed as it is now, for each file of src/ that is built."""
    passed = pathlib.Path(folder) / "tidy"
    passed.mkdir(exist_ok=True)
    same = digest_of(content_of(".clang-tidy"), output_of("clang-tidy", "--version"))
    includes = included(folder)
    found = {}
    for entry in json.loads((pathlib.Path(folder) / "compile_commands.json").read_text()):
        file = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
        if file.startswith("src/"):
            contents = [path + content_of(path) for path in includes[entry["output"]]]
            found[file] = passed / digest_of(same, entry["command"], *contents)
    return found


def main(folder, seconds):
    if not shutil.which("clang-tidy"):
        print("clang-tidy is not installed")
        return 77
    subprocess.run(["packaging/build", folder], check=True, stdout=subprocess.DEVNULL)
    end = time.monotonic() + seconds
    mark_of = marks(folder)

    def check(file):
        if mark_of[file].exists():
            return file, True, ""
        if time.monotonic() > end:
            return file, None, ""
        run = subprocess.run(["clang-tidy", "-quiet", "-p", folder, file], capture_output=True, text=True, check=False)
        if run.returncode == 0:
            mark_of[file].touch()
        return file, run.returncode == 0, run.stdout or run.stderr

    bad = late = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, fine, said in pool.map(check, in_order(mark_of)):
            if fine is None:
                late += 1
            elif not fine:
                bad += 1
                print(f"{file}:\n{said}", flush=True)
    print(f"clang-tidy: {len(mark_of)} files, {bad} with findings, {late} not reached in {seconds:g} s")
    return 1 if bad else 77 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
