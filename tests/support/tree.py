"""Recorded hosts: unpacks the .tree text that tests/support/tree.hpp describes."""
import os
import pathlib


def unpack(text, root):
    """Writes the tree TEXT (bytes) below the folder ROOT."""
    root = pathlib.Path(root)
    out = None
    # Not splitlines: a hostile file holds other bytes that Python takes for line ends.
    for bare in text.removesuffix(b"\n").split(b"\n"):
        if not (bare.startswith(b"-- ") and bare.endswith(b" --")):
            if out:
                out.write(bare + b"\n")
            continue
        if out:
            out.close()
            out = None
        entry, arrow, target = bare[3:-3].decode().partition(" -> ")
        path = root / entry
        path.parent.mkdir(parents=True, exist_ok=True)
        if arrow:
            os.symlink(target, path)
        elif entry.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            out = open(path, "wb")
    if out:
        out.close()
