# SPDX-License-Identifier: Apache-2.0
"""Every rule finds a fault that is planted in the real tree: a rule that no longer sees the tree would pass with nothing found."""
import os
import unittest

import known
from rules import RULES
from tree import Tree

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
HEAD = "// SPDX-License-Identifier: Apache-2.0\n"
NEW = "sensor/decode/planted.cc"  # a file more; other faults are changes: {path: (old, new)}, of the first place
FAULTS = {
    "files": {NEW: "int x;\n"},
    "floors": {NEW: HEAD + '#include "sensor/app/setup/heap.h"\n'},
    "depends": {"sensor/decode/CMakeLists.txt": ("DEPENDS", "DEPENDS privacy")},
    "circles": {"sensor/base/result.h": ("#pragma once\n", '#pragma once\n#include "sensor/base/result.h"\n')},
    "distribution": {f"sensor/decode/planted{number}.cc": "\n" * 100 for number in range(400)},
    "file_lengths": {NEW: "\n" * 401},
    "function_lengths": {NEW: "void planted() {\n" + "f();\n" * 80 + "}\n"},
    "branches": {NEW: "void planted() {\n" + "if (a && b) c();\n" * 20 + "}\n"},
    "protocols": {"sensor/extract/registry.h": ('{"coap", ', '{"coop", ')},
    "counts": {NEW: "constexpr int kPlantedCount = 5;\n"},
    "names": {NEW: "struct FrameBatch {};\n"},
    "words": {NEW: "// It is told.\n"},
    "documents": {"sensor/model/dataset.h": ('X(device, "device")', 'X(device, "device") X(planted, "planted")')},
    "comments": {"sensor/decode/planted.h": "struct Planted {};\n"},
    "dead": {"sensor/decode/planted.h": HEAD},
    "calls": {NEW: "void planted() { strcpy(a, b); }\n"},
    "raw_bytes": {"sensor/app/planted.cc": "int x = a[0] << 8 | a[1];\n"},
}


class PlantedTest(unittest.TestCase):
    def test_every_rule_has_a_fault(self):
        self.assertEqual(sorted(FAULTS), sorted(rule.name for rule in RULES))

    def test_every_rule_finds_its_fault(self):
        sound = Tree.of(ROOT)
        for rule in RULES:
            with self.subTest(rule=rule.name):
                self.assertLess(len(self.found(rule, sound)), len(self.found(rule, self.planted(sound, FAULTS[rule.name]))))

    def found(self, rule, tree):
        findings = list(rule.find(tree))
        return list(known.compare(rule, findings, known.load(rule))) if rule.ratchet else findings

    def planted(self, sound, fault):
        texts = {}
        for path, change in fault.items():
            if isinstance(change, tuple):
                self.assertIn(change[0], sound.text(path))
                change = sound.text(path).replace(*change, 1)
            texts[path] = change
        return sound.with_texts(texts)


if __name__ == "__main__":
    unittest.main()
