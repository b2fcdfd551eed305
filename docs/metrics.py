#!/usr/bin/env python3
"""docs/metrics.md is what `hostmeter catalog` prints: metrics.py --rewrite|--check BINARY"""
import pathlib
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent / "metrics.md"


def main(mode, binary):
    if not pathlib.Path(binary).exists():
        print(f"SKIP: {binary} is not built")
        return 77
    page = subprocess.run([binary, "catalog"], check=True, stdout=subprocess.PIPE, timeout=20).stdout
    if mode == "--rewrite":
        PAGE.write_bytes(page)
    elif not PAGE.exists() or PAGE.read_bytes() != page:
        print(f"{PAGE.name} is stale: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
