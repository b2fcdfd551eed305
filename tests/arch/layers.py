#!/usr/bin/env python3
"""The architecture as a table: fails when a file knows what its layer may not know. layers.py ROOT"""
import pathlib
import re
import sys

# What a layer may include, beside itself. src/NAME and include/hostmeter/NAME are one layer.
MAY_INCLUDE = {
    "wire": set(),
    "base": set(),
    "metric": {"base"},
    "flow": {"wire", "base", "metric"},
    "source": {"wire", "base", "flow"},
    "collect": {"base", "metric", "flow"},
    "store": {"base", "metric", "flow"},
    "contract": {"base", "metric", "store"},
    "expose": {"base", "metric", "store", "contract"},
    "parse": {"base", "metric"},
    "config": {"base"},
}
EVERYTHING = set(MAY_INCLUDE)
MAY_INCLUDE["tool"] = EVERYTHING
MAY_INCLUDE["app"] = EVERYTHING | {"tool"}
ALSO = {"src/source/script": {"parse"}}  # one folder's own permission

# Foreign headers and the folders they stay in. Nothing of it in include/hostmeter.
THIRD_PARTY = {
    r"bpf/|\w+\.skel\.h": ["src/source/bpf"],
    r"httplib\.h|openssl/": ["src/expose", "src/source/runtime", "src/tool"],
    r"zlib\.h|brotli/": ["src/expose"],
    r"crypt\.h": ["src/expose"],
    r"CLI/": ["src/app"],
    r"toml\+\+/": ["src/config"],
    r"nlohmann/": ["src/parse", "src/source/runtime", "src/tool"],
    r"seccomp\.h": ["src/source/script"],
    r"spdlog/": ["src/base", "src/app"],
}
SYSTEM = r"(sys|linux|net|netinet|arpa|asm|bits)/"  # folders of libc and the kernel

# What a folder alone may do, looked for in code without its comments and strings.
ONLY_IN = [
    (r"std::j?thread\b|\bpthread_create\b|\bstd::async\b", "starts a thread", ["src/app", "src/tool"]),
    (r"(?<![\w.>])(v?fork|clone3?|posix_spawnp?)\s*\(", "starts a process", ["src/source/script", "src/tool/bench"]),
]
# A path to open, not a glob and not a sentence.
PATH = r'"/(proc|sys|etc|var|run|dev|usr|tmp|opt|boot|root)(/[^"*\s]*)?"'
PATHS_IN = ["src/app", "src/config"]
NO_PATH_TO_OPEN = {
    "src/source/proc/options.hpp": "mount points to leave out are values",
    "src/source/bpf/iterator_object.cpp": "the running kernel's types, whatever host is read",
    "src/contract/telegraf/devices.cpp": "what a device label begins with",
    "src/source/disk_names.cpp": "what a device label begins with",
    "src/tool/record/record.cpp": "a name below the network directory that is passed in",
    "src/source/script/host_paths.hpp": "what scripts and our own processes see, whatever host is read",
    "src/base/notices.cpp": "our own descriptors, whatever host is read",
    "src/source/runtime/unix_connection.cpp": "our own descriptors, whatever host is read",
    "src/source/proc/statfs_workers.cpp": "our own descriptors and mounts, whatever host is read",
}

MAX_LINES = 400
LICENCE = "SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause"
NO_TEST = {
    "src/app/main.cpp": "the e2e suite runs it",
    "src/source/bpf/blkio_object.cpp": "the bpf suite runs it, in the real kernel",
    "src/source/bpf/iterator_object.cpp": "as blkio_object.cpp",
    "src/source/bpf/kernel_memory.cpp": "as blkio_object.cpp",
    "src/source/bpf/life_object.cpp": "as blkio_object.cpp",
    "src/source/bpf/run_queue_object.cpp": "as blkio_object.cpp",
    "src/source/bpf/walk_flush.cpp": "as blkio_object.cpp",
    "src/source/bpf/walk_object.cpp": "as blkio_object.cpp",
    "src/source/bpf/walk_setup.cpp": "as blkio_object.cpp",
}

COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def blanked(text, keep_strings):
    """The code with its comments (and strings) blanked, line by line as before."""
    def blank(match):
        if keep_strings and match[0][0] in "\"R":
            return match[0]
        return "".join("\n" if c == "\n" else " " for c in match[0])
    return COMMENT_OR_STRING.sub(blank, text)


def inside(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" else parts[2]


def check_include(path, name):
    """What is wrong with #include NAME in PATH, or None."""
    for pattern, folders in THIRD_PARTY.items():
        if re.match(pattern, name):
            return None if inside(path, folders) else f"<{name}> stays in {', '.join(folders)}"
    layer = layer_of(path)
    found = re.match(r"(?:hostmeter/)?(\w+)/", name)
    target = found[1] if found else None
    if target in MAY_INCLUDE:
        allowed = MAY_INCLUDE.get(layer, set()).union(*(more for at, more in ALSO.items() if inside(path, [at])))
        return None if target in allowed | {layer} else f"{layer} may not include {target}"
    if "/" in name and not re.match(SYSTEM, name):
        return f"<{name}> is in no row of the table"
    return None


def check_code(path, text):
    layer = layer_of(path)
    if layer not in MAY_INCLUDE:
        yield 1, f"{layer} is no layer"
        return
    code, strings = blanked(text, False), blanked(text, True)
    for n, line in enumerate(strings.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
        wrong = check_include(path, found[1]) if found else None
        if wrong:
            yield n, wrong
        if path not in NO_PATH_TO_OPEN and not inside(path, PATHS_IN) and not found and re.search(PATH, line):
            yield n, "an absolute path: read relative to a root that is passed in"
    for n, line in enumerate(code.splitlines(), 1):
        for pattern, does, folders in ONLY_IN:
            if re.search(pattern, line) and not inside(path, folders):
                yield n, f"{does}: only {' and '.join(folders)} may"


def check(root):
    """All that is wrong below ROOT, as (path, line, what)."""
    def files(*patterns):
        for pattern in patterns:
            for file in sorted(root.glob(pattern)):
                yield file.relative_to(root).as_posix(), file

    for path, file in files("src/**/*.[ch]pp", "include/hostmeter/**/*.h*"):
        text = file.read_text()
        for n, what in check_code(path, text):
            yield path, n, what
    for path, file in files("src/**/*.cpp"):
        test = root / "tests" / pathlib.PurePath(path).relative_to("src").with_name(file.stem + "_test.cpp")
        if path not in NO_TEST and not test.exists():
            yield path, 1, f"no test of its own: {test.relative_to(root)}"
    for path, file in files("bpf/*.[ch]", "include/hostmeter/wire/*.h"):
        if LICENCE not in file.read_text().partition("\n")[0]:
            yield path, 1, f"the first line is not: {LICENCE}"
    for path, file in files("src/**/*.[ch]pp", "include/**/*.h*", "bpf/*.[ch]",
                            "tests/**/*.[ch]pp", "tests/**/*.py", "tests/**/*.sh", "docs/*.py"):
        lines = file.read_text(errors="replace").count("\n")
        if lines > MAX_LINES:
            yield path, lines, f"{lines} lines are two subjects: part them (limit {MAX_LINES})"


def main():
    wrong = list(check(pathlib.Path(sys.argv[1])))
    for path, line, what in wrong:
        print(f"{path}:{line}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
