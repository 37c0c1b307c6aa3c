# SPDX-License-Identifier: Apache-2.0
"""Each rule finds what it is for, and lets pass what is well."""
import unittest

from cases import RuleTest
from rules import calls, circles, comments, counts, dead, depends, files, floors, names, sizes
from tree import Tree

FLOORS_TEXT = """
## Floors
| folder | floor | also may include | libraries |
|---|---|---|---|
| sensor/base | 0 | | |
| sensor/model | 1 | | |
| sensor/decode | 2 | | |
| sensor/track | 2 | | |
| sensor/match | 3 | | hyperscan |
| exporters | 4 | | rapidjson |
| sensor/app | 6 | | cli11 |
"""


class FloorsTest(unittest.TestCase):
    CASES = [  # file, kind, target, whether it may
        ("sensor/decode/ipv4.cc", '"', "sensor/model/frame.h", True),
        ("sensor/decode/ipv4.cc", '"', "sensor/decode/ipv6.h", True),
        ("sensor/decode/ipv4.cc", '"', "sensor/track/tracker.h", False),
        ("sensor/base/ring.h", '"', "sensor/model/frame.h", False),
        ("sensor/match/scanner.cc", "<", "hs/hs.h", True),
        ("sensor/decode/ipv4.cc", "<", "hs/hs.h", False),
        ("sensor/decode/ipv4.cc", "<", "rte_mbuf.h", False),
        ("sensor/decode/ipv4.cc", "<", "array", True),
        ("exporters/ecs/ecs.cc", '"', "sensor/model/event.h", True),
        ("exporters/ecs/ecs.cc", '"', "sensor/match/scanner.h", False),
        ("sensor/match/scanner.cc", '"', "sensor/app/main.h", False),
        ("sensor/match/scanner.cc", '"', "scanner.h", False),
    ]

    def test_includes(self):
        known = floors.read_floors(FLOORS_TEXT)
        self.assertEqual(known["sensor/match"], (3, set(), {"hyperscan"}))
        for path, kind, target, may in self.CASES:
            with self.subTest(path=path, target=target):
                self.assertEqual(floors.check_include(path, kind, target, known) is None, may)


class FloorsTableTest(RuleTest):
    def test_a_library_that_a_folder_is_given_for_nothing(self):
        rows = "".join(f"| sensor/f{floor} | {floor} | | |\n" for floor in range(10))
        table = FLOORS_TEXT + rows
        used = {"sensor/match/a.cc": "#include <hs/hs.h>\n", "exporters/b.cc": "#include <rapidjson/writer.h>\n",
                "sensor/README.md": table}
        self.finds(floors.find, used, "gives cli11 to sensor/app")
        self.passes(floors.find, used | {"sensor/app/c.cc": "#include <CLI/CLI.hpp>\n"})

    def test_no_table(self):
        self.finds(floors.find, {"sensor/README.md": "# Life of a frame\n"}, "was not found")


class FilesTest(RuleTest):
    def test_licence_and_pragma(self):
        self.finds(files.find, {"sensor/base/x.h": "int x;\n"}, "SPDX", "#pragma once")
        self.passes(files.find, {"sensor/base/x.h": "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"})

    def test_scripts(self):
        script = {"tests/a.py": "#!/usr/bin/env python3\n", "tests/b.py": "import a\n"}
        self.finds(files.find, script, "a.py:1: begins with '#!'")
        self.assertEqual(list(files.find(Tree(script, executable=["tests/a.py"]))), [])

    def test_marks_of_a_merge(self):
        self.finds(files.find, {"tests/tidy/known/words.txt": "1 a.cc\n" + "<" * 7 + " HEAD\n"}, "words.txt:2: has marks")


class DependsTest(RuleTest):
    TREE = {"sensor/base/CMakeLists.txt": "telltale_library(base)\n", "sensor/base/ring.h": "",
            "sensor/model/CMakeLists.txt": "telltale_library(model DEPENDS base USES fmt::fmt)\n",
            "sensor/model/a.cc": '#include "sensor/base/ring.h"\n#include <fmt/format.h>\n'}

    def test_equal(self):
        self.passes(depends.find, self.TREE)

    def test_included_and_not_declared(self):
        self.finds(depends.find, self.TREE | {"sensor/model/CMakeLists.txt": "telltale_library(model USES)\n"},
                   "model includes base (sensor/model/a.cc:1): add base to DEPENDS", "add it to USES")

    def test_declared_and_not_included(self):
        self.finds(depends.find, self.TREE | {"sensor/model/a.cc": ""}, "includes nothing of base", "includes nothing of fmt")

    def test_what_only_main_includes_is_of_the_program(self):
        self.finds(depends.find, self.TREE | {"sensor/model/a.cc": "", "sensor/model/main.cc": self.TREE["sensor/model/a.cc"]},
                   "includes nothing of base", "includes nothing of fmt")


class CirclesTest(RuleTest):
    def test_circle(self):
        include = '#include "sensor/a/{}.h"\n'
        self.finds(circles.find, {"sensor/a/x.h": include.format("y"), "sensor/a/y.h": include.format("z"),
                                  "sensor/a/z.h": include.format("x")}, "sensor/a/x.h, sensor/a/y.h, sensor/a/z.h")

    def test_two_ways_down_are_no_circle(self):
        both = '#include "sensor/a/y.h"\n#include "sensor/a/z.h"\n'
        self.passes(circles.find, {"sensor/a/x.h": both, "sensor/a/y.h": '#include "sensor/a/z.h"\n', "sensor/a/z.h": ""})


class SizesTest(RuleTest):
    def test_file(self):
        self.finds(sizes.file_lengths, {"sensor/a.cc": "\n" * 401}, "401 lines")
        self.passes(sizes.file_lengths, {"sensor/a.cc": "\n" * 400})

    def test_distribution(self):
        short, long = "\n" * 60, "\n" * 190
        self.passes(sizes.distribution, {f"sensor/{i}.cc": short if i else long for i in range(11)})
        self.finds(sizes.distribution, {f"sensor/{i}.cc": short if i > 1 else long for i in range(10)}, "ninth decile")
        self.finds(sizes.distribution, {"sensor/a.cc": "\n" * 71}, "median")

    def test_function(self):
        self.finds(sizes.function_lengths, {"sensor/a.cc": "void f() {\n" + "g();\n" * 68 + "}\n"}, "f has 70 lines")
        self.passes(sizes.function_lengths, {"sensor/a.cc": "void f() {\n" + "g();\n" * 67 + "}\n"})

    def test_branches(self):
        self.finds(sizes.branches, {"sensor/a.cc": "void f() {\n" + "if (a && b) c ? d : e;\n" * 6 + "}\n"}, "f has 18 branches")
        self.passes(sizes.branches, {"sensor/a.cc": "void f(int&& a) {\n" + "if (a && b) c ? d : e;\n" * 5 + "}\n"})


class CountsTest(RuleTest):
    def test_counts(self):
        self.finds(counts.find, {"sensor/a.h": "inline constexpr std::size_t kKindCount = 5;\n"
                                 "constexpr std::array<std::string_view, 2> kWords = {};\n"}, "kKindCount", "kWords")

    def test_every_form(self):
        for text, name in (("constexpr auto kCount = std::size_t{12};", "kCount"), ("constexpr int kKindCount{1'000U};", "kKindCount"),
                           ("constexpr std::size_t kNumberOfKinds = 5;", "kNumberOfKinds"),
                           ("constexpr std::size_t kKindCount = static_cast<std::size_t>(Kind::last) + 1;", "kKindCount"),
                           ("constexpr std::array<const char*, 6> kUnits = {};", "kUnits"),
                           ("constexpr std::array<std::pair<int, char>, 3> kPairs = {};", "kPairs"),
                           ("constexpr std::string_view kNames[4] = {};", "kNames"), ("const char* const kUnits[4] = {};", "kUnits")):
            with self.subTest(text=text):
                self.finds(counts.find, {"sensor/a.cc": text + "\n"}, name)
        self.passes(counts.find, {"sensor/a.cc": "constexpr std::string_view kNames[] = {};\nchar name[256] = {};\n"
                                  "constexpr auto kUnits = std::to_array<const char*>({});\n"})

    def test_words_beside_an_enum(self):
        enum = "enum class Kind : int { a, b };\nstd::string_view to_string(Kind kind);\n"
        self.finds(counts.find, {"sensor/a.h": enum}, "a.h:1: Kind has its words in another place")
        self.passes(counts.find, {"sensor/a.h": "TELLTALE_ENUMERATION(Kind, int, KINDS)\nenum class Bare { a };\n"
                                  "std::string to_string(const Bytes& bytes);\n"})

    def test_counts_of_lists(self):
        self.passes(counts.find, {"sensor/a.h": "constexpr std::size_t kKindCount = 0\n#define X(a) +1\nLIST(X);\n"
                                  "constexpr std::size_t kWordCount = std::size(kWords);\nstd::array<std::string_view, kN> w;\n"})


class NamesTest(RuleTest):
    def test_twice(self):
        self.finds(names.find, {"sensor/a/x.h": "class Lane {};\n", "sensor/b/y.cc": "namespace {\nstruct Lane {};\n}\n"},
                   "Lane is also defined at sensor/b/y.cc:2")

    def test_names_that_are_well(self):
        self.passes(names.find, {"sensor/a/x.h": "class Lane;\nclass A { struct State {}; };\nusing Bytes = base::Bytes;\n",
                                 "sensor/b/y.h": "struct Lane {};\nclass B { struct State {}; };\nusing Bytes = base::Bytes;\n",
                                 "sensor/c/z.cc": "struct Local {};\nusing Clock = std::chrono::steady_clock;\n",
                                 "sensor/d/z.cc": "struct Local {};\nusing Clock = std::chrono::steady_clock;\n"})


class CallsTest(RuleTest):
    def test_banned(self):
        self.finds(calls.find, {"sensor/app/a.cc": 'void f() { strcpy(a, "b"); std::atoi(c); assert(++d); }\n',
                                "sensor/extract/b.cc": "int f() { throw 1; }\nauto t = std::chrono::steady_clock::now();\n"},
                   "'strcpy': write std::string", "'std::atoi': write std::from_chars", "'assert(++'", "'throw' is not for",
                   "'steady_clock' is not for")

    def test_allowed(self):
        self.passes(calls.find, {"sensor/app/a.cc": "// strcpy(a, b)\nvoid f() { throw 1; assert(a == b && c <= d); x.system(1); }\n",
                                 "tests/unit/b.cc": "int x = std::atoi(y);\n"})

    def test_raw_bytes(self):
        self.finds(calls.raw_bytes, {"sensor/extract/a.cc": "int x = (b[0] << 8) | b[1];\n"}, "by hand")
        self.passes(calls.raw_bytes, {"sensor/decode/a.cc": "int x = (b[0] << 8) | b[1];\n", "sensor/app/a.cc": "int x = 1 << 8;\n"})
        for text in ("int x = b[1] | b[0] << 8;", "int x = (b[0] << 8) + b[1];", "int x = b[0] * 256 + b[1];", "x <<= 8;\nx |= b[1];",
                     "int x = b[0] << 8U\n    | b[1];", "long x = long{a} << 56 | b;", "int x = ntohs(y);", "int x = be32toh(y);",
                     "auto x = *reinterpret_cast<const std::uint16_t*>(bytes);", "x = static_cast<T>(x << 8 | b);",
                     "int x = __builtin_bswap16(y);"):
            with self.subTest(text=text):
                self.finds(calls.raw_bytes, {"sensor/extract/a.cc": text + "\n"}, "by hand")
        self.passes(calls.raw_bytes, {"sensor/app/a.cc": "int x = 16U << 20U;\nint y = 1 << 8;\nint z = a | b;\nint page = 4 * 256;\n"})


class CommentsTest(RuleTest):
    def test_types_that_need_none(self):
        self.passes(comments.find, {"sensor/a.h": "struct Free {\n    void operator()(int* x) const { free(x); }\n};\n\n"
                                    "template <>\nstruct Stored<int> { int x; };\n\nnamespace a_detail {\nstruct State {};\n}\n"
                                    "\nenum class E : int {\n    TELLTALE_LIST(X)\n};\n"})

    def test_types_of_headers(self):
        self.finds(comments.find, {"sensor/a.h": "class Bare {};\n\n// x\n\nstruct Far {};\n"}, "Bare has no", "Far has no")
        self.passes(comments.find, {"sensor/a.h": "class Later;\n// Why.\nclass Told {};\nenum class E { a };  // why\n"
                                    "// Why.\ntemplate <typename T>\nstruct S { struct In {}; };\n", "sensor/a.cc": "struct X {};\n"})


class DeadTest(RuleTest):
    TREE = {
        "sensor/a/CMakeLists.txt": "telltale_library(a)\n", "sensor/a/x.cc": '#include "sensor/a/x.h"\n', "sensor/a/x.h": "",
        "tests/golden/CMakeLists.txt": "add_executable(g make.cc)\n", "tests/golden/make.cc": 'Case c[] = {{"dns", dns_case}};\n',
        "signatures/manifest.yaml": "files: [sources.yaml, owners]\n", "signatures/sources.yaml": "", "signatures/owners/a.yaml": "",
    } | {f"tests/golden/dns/{name}": "" for name in ("README.md", "capture.pcap", "events.jsonl", "observations.jsonl")}

    def test_everything_is_used(self):
        self.passes(dead.find, self.TREE)

    def test_files_that_nothing_uses(self):
        self.finds(dead.find, self.TREE | {"sensor/a/y.h": "", "tests/golden/alone.cc": "", "tests/golden/old/capture.pcap": "",
                                           "signatures/makers/b.yaml": ""},
                   "y.h:1: nobody includes", "alone.cc:1: is in no target", "tests/golden/old:1: no case", "does not load it")

    def test_a_case_without_expectations(self):
        tree = dict(self.TREE)
        del tree["tests/golden/dns/events.jsonl"]
        self.finds(dead.find, tree, "has no events.jsonl")

    def test_conditions_of_the_empty_house(self):
        self.finds(dead.find, self.TREE | {"sensor/CMakeLists.txt": "if(EXISTS a)\nendif()\nif(NOT EXISTS b)\nendif()\n"},
                   "sensor/CMakeLists.txt:1: asks for")

    def test_targets_by_pattern(self):
        self.passes(dead.find, self.TREE | {
            "tests/b/CMakeLists.txt": "file(GLOB x ${CMAKE_CURRENT_SOURCE_DIR}/*_fuzz.cc)\n", "tests/b/dns_fuzz.cc": "",
            "tests/u/CMakeLists.txt": "file(GLOB_RECURSE x ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)\n", "tests/u/a/b/c.cc": ""})


if __name__ == "__main__":
    unittest.main()
