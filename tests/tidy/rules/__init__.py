# SPDX-License-Identifier: Apache-2.0
"""The rules of the house: README.md has a row for each."""
from typing import Callable, NamedTuple

from rules import (calls, circles, comments, counts, dead, depends, documents, files, floors, names, protocols, sizes,
                   words)


class Rule(NamedTuple):
    name: str
    find: Callable  # find(tree) -> findings
    ratchet: bool = False  # known findings are listed in known/<name>.txt, and may only become fewer
    reasons: bool = False  # every entry of that list says why it stays
    occurrences: bool = False  # findings of one key add up


RULES = [
    Rule("files", files.find),
    Rule("floors", floors.find),
    Rule("depends", depends.find),
    Rule("circles", circles.find),
    Rule("distribution", sizes.distribution),
    Rule("file_lengths", sizes.file_lengths, ratchet=True),
    Rule("function_lengths", sizes.function_lengths, ratchet=True),
    Rule("branches", sizes.branches, ratchet=True),
    Rule("protocols", protocols.find),
    Rule("counts", counts.find, ratchet=True, reasons=True, occurrences=True),
    Rule("names", names.find, ratchet=True, reasons=True),
    Rule("words", words.find, ratchet=True, occurrences=True),
    Rule("documents", documents.find),
    Rule("comments", comments.find, ratchet=True, occurrences=True),
    Rule("dead", dead.find),
    Rule("calls", calls.find, ratchet=True, reasons=True, occurrences=True),
    Rule("raw_bytes", calls.raw_bytes, ratchet=True, reasons=True, occurrences=True),
]
