#!/usr/bin/env python3
"""Fails when a BPF object has an atomic instruction that 5.10 refuses: any but an add whose result is not fetched.
bpf_atomics.py OBJECT..."""
import pathlib
import struct
import sys

EXECUTABLE = 4  # in a section's flags
ATOMIC_32, ATOMIC_64, LOAD_64 = 0xC3, 0xDB, 0x18
OPERATIONS = {0x01: "add", 0x40: "or", 0x41: "or", 0x50: "and", 0x51: "and", 0xA0: "xor", 0xA1: "xor", 0xE1: "exchange", 0xF1: "compare and exchange"}


def programs(elf):
    """The name and code of each section that has code."""
    if elf[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit little-endian ELF file")
    table, = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQ", elf, table + i * size) for i in range(count)]
    for name, _, flags, _, start, length in sections:
        if flags & EXECUTABLE:
            at = sections[names][4] + name
            yield elf[at : elf.index(b"\0", at)].decode(), elf[start : start + length]


def refused(code):
    """The number and operation of each instruction that 5.10 would refuse."""
    at = 0
    while at < len(code):
        opcode, _, _, operation = struct.unpack_from("<BBhi", code, at)
        if opcode in (ATOMIC_32, ATOMIC_64) and operation != 0:
            yield at // 8, OPERATIONS.get(operation & 0xFF, hex(operation))
        at += 16 if opcode == LOAD_64 else 8


def main(objects):
    found = sections = 0
    for path in objects:
        for section, code in programs(pathlib.Path(path).read_bytes()):
            sections += len(code) > 0
            for number, operation in refused(code):
                print(f"{path}: {section}: instruction {number} is an atomic {operation} that kernels before 5.12 do not know")
                found += 1
    if sections == 0:
        sys.exit("no programs to look at")
    print(f"{found} such instructions in {sections} sections of {len(objects)} objects")
    return found != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
