#!/usr/bin/env python3
"""The layer check finds what it is for, in a made-up tree."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import layers


class Layers(unittest.TestCase):
    def found(self, files):
        """What the check says of a tree with these files, each source with a test."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return [f"{path}:{line}: {what}" for path, line, what in layers.check(root)]

    def one(self, path, text):
        test = path.replace("src/", "tests/").replace(".cpp", "_test.cpp")
        return self.found({path: text, test: ""})

    def test_a_clean_tree(self):
        self.assertEqual([], self.found({
            "include/hostmeter/flow/record.hpp": '#include <cstdint>\n#include "hostmeter/wire/blkio.h"\n',
            "src/collect/cpu.cpp": '#include "collect/all.hpp"\n#include "hostmeter/flow/record.hpp"\n',
            "tests/collect/cpu_test.cpp": "",
            "src/app/main.cpp": '#include <CLI/CLI.hpp>\n#include <thread>\nstd::thread t; auto p = "/proc";\n',
            "src/source/script/output.cpp": '#include "parse/exposition.hpp"\n', "tests/source/script/output_test.cpp": "",
            "include/hostmeter/wire/blkio.h": f"// {layers.LICENCE}\n",
        }))

    def test_layers_that_may_not_meet(self):
        self.assertIn("src/collect/a.cpp:2: collect may not include source",
                      self.one("src/collect/a.cpp", '// cpu\n#include "source/proc/stat.hpp"\n'))
        self.assertTrue(self.one("src/source/proc/a.cpp", '#include "parse/exposition.hpp"\n'))
        self.assertTrue(self.one("src/tool/a.cpp", '#include "app/pipeline.hpp"\n'))
        self.assertTrue(self.found({"include/hostmeter/base/a.hpp": '#include "hostmeter/flow/record.hpp"\n'}))

    def test_foreign_headers_out_of_place(self):
        for header in ("bpf/libbpf.h", "httplib.h", "openssl/ssl.h", "CLI/CLI.hpp", "toml++/toml.h", "boost/any.hpp"):
            self.assertEqual(1, len(self.one("src/store/a.cpp", f"#include <{header}>\n")), header)
            self.assertEqual(1, len(self.found({"include/hostmeter/flow/a.hpp": f"#include <{header}>\n"})), header)
        self.assertEqual([], self.one("src/store/a.cpp", "#include <sys/stat.h>\n#include <zstd>\n"))

    def test_threads_and_processes_out_of_place(self):
        self.assertEqual(1, len(self.one("src/store/a.cpp", "std::jthread worker;\n")))
        self.assertEqual(1, len(self.one("src/expose/a.cpp", "int child = ::fork();\n")))
        self.assertEqual([], self.one("src/store/a.cpp", '// std::thread\nauto s = "fork()"; x.clone();\n'))

    def test_absolute_paths(self):
        self.assertEqual(1, len(self.one("src/source/proc/a.cpp", 'open("/proc/stat");\n')))
        self.assertEqual([], self.one("src/expose/a.cpp", 'get("/metrics"); // "/proc"\nf("/proc/*", "/proc cannot be read");\n'))

    def test_a_source_without_a_test(self):
        self.assertEqual(1, len(self.found({"src/base/a.cpp": ""})))

    def test_a_file_of_two_subjects(self):
        self.assertEqual(1, len(self.one("src/base/a.cpp", "\n" * (layers.MAX_LINES + 1))))

    def test_a_kernel_file_without_its_licence(self):
        self.assertEqual(1, len(self.found({"bpf/a.bpf.c": "int x;\n"})))
        self.assertEqual(1, len(self.found({"include/hostmeter/wire/a.h": "// Wire.\n" + layers.LICENCE})))


if __name__ == "__main__":
    unittest.main()
