#!/usr/bin/env python3
"""clang-tidy over src/, newest changes first, for as long as it may take. tidy.py FOLDER SECONDS

Findings are shown and the check counts as skipped, until the whole tree is clean; TIDY_STRICT=1 makes them fail.

What passed is remembered in FOLDER/tidy by its content (with that of all headers): it is not checked again.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time


def newest_first(files):
    """Files of the last commits before the rest."""
    log = subprocess.run(["git", "log", "-n", "30", "--name-only", "--format="], capture_output=True, text=True, check=False)
    order = {name: rank for rank, name in enumerate(dict.fromkeys(log.stdout.split()))}
    return sorted(files, key=lambda file: (order.get(str(file), len(order)), str(file)))


def digest(*files):
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def main(folder, seconds):
    if not shutil.which("clang-tidy"):
        print("clang-tidy is not installed")
        return 77
    subprocess.run(["packaging/build", folder], check=True, stdout=subprocess.DEVNULL)
    end = time.monotonic() + seconds
    passed = pathlib.Path(folder) / "tidy"
    passed.mkdir(exist_ok=True)
    root = pathlib.Path.cwd()
    built = {os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
             for entry in json.loads((pathlib.Path(folder) / "compile_commands.json").read_text())}
    headers = digest(pathlib.Path(".clang-tidy"), *sorted([*pathlib.Path("include").rglob("*.h*"), *pathlib.Path("src").rglob("*.h*")]))
    files = newest_first([file for file in pathlib.Path("src").rglob("*.cpp") if str(file) in built])

    def check(file):
        mark = passed / hashlib.sha256(f"{file} {headers} {digest(file)}".encode()).hexdigest()
        if mark.exists():
            return file, True, ""
        if time.monotonic() > end:
            return file, None, ""
        # gcc's own options mean nothing to clang.
        run = subprocess.run(["clang-tidy", "-quiet", "-p", folder, "--extra-arg=-Wno-unknown-warning-option", str(file)],
                             capture_output=True, text=True, check=False)
        if run.returncode == 0:
            mark.touch()
        return file, run.returncode == 0, run.stdout

    bad = late = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, fine, said in pool.map(check, files):
            if fine is None:
                late += 1
            elif not fine:
                bad += 1
                print(f"{file}:\n{said}")
    print(f"tidy: {len(files) - late} of {len(files)} files checked within {seconds:g} s, {bad} with findings")
    if bad and "TIDY_STRICT" not in os.environ:
        print(f"clang-tidy has findings in {bad} files, shown above; they fail only with TIDY_STRICT=1")
        return 77
    return 1 if bad else 77 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
