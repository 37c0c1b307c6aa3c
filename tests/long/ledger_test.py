#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ledger remembers the last pass, also when later runs fail, and asks for a new one after a commit."""
import os
import tempfile
import threading
import unittest

from ledger import Ledger, table


class LedgerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "ledger.json")

    def tearDown(self):
        self.folder.cleanup()

    def ledger(self):
        return Ledger(self.path, threading.Lock())

    def note(self, status, commit, figures=""):
        self.ledger().note("a", status, {"date": "2026-12-01 10:00", "commit": commit, "seconds": 90, "figures": figures})

    def test_passes_count_for_their_commit(self):
        self.note("passed", "abc")
        self.assertTrue(self.ledger().has_passed("a", "abc"))
        self.assertFalse(self.ledger().has_passed("a", "def"))
        self.assertFalse(self.ledger().has_passed("b", "abc"))

    def test_changes_beside_the_commit_do_not_count(self):
        self.note("passed", "abc-dirty")
        self.assertFalse(self.ledger().has_passed("a", "abc-dirty"))

    def test_the_last_pass_stays_when_later_runs_fail(self):
        self.note("passed", "abc", "100 kills")
        self.note("failed", "def")
        self.assertFalse(self.ledger().has_passed("a", "def"))
        text = table(self.ledger(), ["a", "b"], "def")
        for words in ("100 kills", "abc", "failed 2026-12-01 10:00 at def", "never"):
            self.assertIn(words, text)

    def test_a_skipped_run_is_no_pass(self):
        self.note("skipped", "abc")
        self.assertFalse(self.ledger().has_passed("a", "abc"))


if __name__ == "__main__":
    unittest.main()
