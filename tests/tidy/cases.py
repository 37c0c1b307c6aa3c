# SPDX-License-Identifier: Apache-2.0
"""Shared by tests of rules: a tree made of texts, and whether a rule finds what it is for."""
import unittest

from tree import Tree


class RuleTest(unittest.TestCase):
    def finds(self, find, files, *expected):
        """Each expected text is part of a finding of its own, and there is no other finding."""
        found = [str(finding) for finding in find(Tree(files))]
        left = list(found)
        for text in expected:
            match = next((one for one in left if text in one), None)
            self.assertIsNotNone(match, f"'{text}' was not found; there is {found}")
            left.remove(match)
        self.assertEqual(left, [])

    def passes(self, find, files):
        self.finds(find, files)
