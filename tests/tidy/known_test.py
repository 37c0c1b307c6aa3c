# SPDX-License-Identifier: Apache-2.0
"""The ratchet: lists of what is known let pass what they name, and no more."""
import unittest

import known
from rules import Rule
from rules.finding import Finding

LENGTHS = Rule("lengths", None, ratchet=True)
WORDS = Rule("words", None, ratchet=True, occurrences=True)
REASONS = Rule("reasons", None, ratchet=True, reasons=True)


def found(*pairs):
    return [Finding("a.cc", line, "too long", key, value) for line, (key, value) in enumerate(pairs, 1)]


class RatchetTest(unittest.TestCase):
    def compare(self, rule, findings, text):
        return [str(finding) for finding in known.compare(rule, findings, known.parse(text))]

    def test_known_passes(self):
        self.assertEqual(self.compare(LENGTHS, found(("f", 80)), "# head\n80 f\n"), [])

    def test_new_and_worse_are_findings(self):
        self.assertEqual(self.compare(LENGTHS, found(("f", 80), ("g", 71)), "80 f\n"), ["a.cc:2: too long"])
        self.assertIn("has 80, now 81", self.compare(LENGTHS, found(("f", 81)), "80 f\n")[0])

    def test_better_and_gone_are_to_be_lowered(self):
        self.assertIn("known/lengths.txt:1: f is down to 75 from 80", self.compare(LENGTHS, found(("f", 75)), "80 f\n")[0])
        self.assertIn("known/lengths.txt:1: f is gone", self.compare(LENGTHS, [], "80 f\n")[0])

    def test_two_of_one_name(self):
        self.assertEqual(self.compare(LENGTHS, found(("f", 80), ("f", 90)), "80 f\n90 f\n"), [])
        self.assertEqual(self.compare(LENGTHS, found(("f", 80), ("f", 90)), "90 f\n"), ["a.cc:1: too long"])

    def test_occurrences_add_up(self):
        two = found(("a.cc", 1), ("a.cc", 1))
        self.assertEqual(self.compare(WORDS, two, "2 a.cc\n"), [])
        self.assertEqual(len(self.compare(WORDS, two, "1 a.cc\n")), 2)

    def test_reasons(self):
        self.assertIn("f has no reason", self.compare(REASONS, found(("f", 80)), "80 f\n")[0])
        self.assertEqual(self.compare(REASONS, found(("f", 80)), "80 f # a table of cases\n"), [])

    def test_lowering_never_raises(self):
        entries = known.lowered(LENGTHS, found(("f", 75), ("g", 99), ("h", 80)), known.parse("80 f\n90 g # why\n70 gone\n"))
        self.assertEqual({(entry.key, entry.value, entry.reason) for entry in entries}, {("f", 75, ""), ("g", 90, "why")})

    def limits(self, lists, limits, *committed):
        lists = {name: known.parse(text) for name, text in lists.items()}
        return [str(finding) for finding in known.check_limits(lists, known.parse(limits), [known.parse(text) for text in committed])]

    def test_a_list_adds_up_to_its_limit(self):
        self.assertEqual(self.limits({"a": "3 f\n4 g\n"}, "7 a\n", "9 a\n"), [])
        self.assertIn("limits.txt:1: a adds up to 8, more than 7", self.limits({"a": "3 f\n5 g\n"}, "7 a\n")[0])
        self.assertIn("a adds up to 3, more than 0", self.limits({"a": "3 f\n"}, "")[0])
        self.assertIn("a is down to 3 from 7", self.limits({"a": "3 f\n"}, "7 a\n")[0])

    def test_a_limit_grows_for_a_reason_only(self):
        self.assertIn("a was raised from 5 to 7 without a reason", self.limits({"a": "7 f\n"}, "7 a\n", "5 a\n")[0])
        self.assertIn("without a reason", self.limits({"a": "7 f\n"}, "7 a # old\n", "7 a # old\n", "5 a # old\n")[0])
        self.assertEqual(self.limits({"a": "7 f\n"}, "7 a # a table of cases\n", "5 a\n"), [])

    def test_limits_are_lowered_and_never_raised(self):
        both = known.parse("9 a # why\n7 a\n5 b\n3 gone\n")
        self.assertEqual([(limit.key, limit.value) for limit in known.lowered_limits({"a": 6, "b": 8}, both)], [("a", 6), ("b", 5)])

    def test_marks_of_a_merge_are_passed_over(self):
        both = "<<<<<<< HEAD\n80 f\n=======\n75 f\n70 g\n>>>>>>> other\n"
        entries = known.lowered(LENGTHS, found(("f", 74)), known.parse(both))
        self.assertEqual([(entry.key, entry.value) for entry in entries], [("f", 74)])

    def test_renewing_keeps_reasons(self):
        entries = known.renewed(LENGTHS, found(("g", 99), ("h", 80)), known.parse("90 g # why\n"))
        self.assertEqual([(entry.key, entry.value, entry.reason) for entry in entries], [("g", 99, "why"), ("h", 80, "")])


if __name__ == "__main__":
    unittest.main()
