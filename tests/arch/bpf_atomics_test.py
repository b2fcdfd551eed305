#!/usr/bin/env python3
"""What bpf_atomics.py lets pass and what not."""
import pathlib
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import bpf_atomics  # noqa: E402


def instruction(opcode, operand=0):
    return struct.pack("<BBhi", opcode, 0x21, 0, operand)


EXIT = instruction(0x95)
ADD, ADD_32 = instruction(0xDB), instruction(0xC3)
FETCHED, FETCHED_32, XOR = instruction(0xDB, 1), instruction(0xC3, 1), instruction(0xDB, 0xA0)


def elf(code):
    """An object with one program, as far as it is looked at."""
    names = b"\0tp_btf/x\0"
    head = 64
    table = head + len(code) + len(names)
    sections = [(0, 0, 0, 0, 0, 0), (1, 1, 4 | 2, 0, head, len(code)), (0, 3, 0, 0, head + len(code), len(names))]
    start = bytearray(b"\x7fELF\x02\x01" + bytes(58))
    struct.pack_into("<Q", start, 40, table)
    struct.pack_into("<HHH", start, 58, 64, len(sections), 2)
    return bytes(start) + code + names + b"".join(struct.pack("<IIQQQQ", *one) + bytes(24) for one in sections)


class Atomics(unittest.TestCase):
    def refused(self, code):
        (name, found), = bpf_atomics.programs(elf(code))
        self.assertEqual(name, "tp_btf/x")
        return list(bpf_atomics.refused(found))

    def test_an_add_whose_result_is_not_fetched_passes(self):
        self.assertEqual(self.refused(ADD + ADD_32 + EXIT), [])

    def test_all_else_does_not(self):
        self.assertEqual(self.refused(ADD + FETCHED + FETCHED_32 + EXIT), [(1, "add"), (2, "add")])
        self.assertEqual(self.refused(XOR + EXIT), [(0, "xor")])
        self.assertEqual(self.refused(instruction(0xDB, 0xF1) + EXIT), [(0, "compare and exchange")])

    def test_the_second_half_of_a_constant_is_no_instruction(self):
        self.assertEqual(self.refused(instruction(0x18, 5) + FETCHED + EXIT), [])

    def test_what_is_no_object_is_an_error(self):
        with self.assertRaises(ValueError):
            list(bpf_atomics.programs(b"\x7fELF\x01\x01" + bytes(58)))


if __name__ == "__main__":
    unittest.main()
