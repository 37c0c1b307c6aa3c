#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes sensor/COUNTERS.md from the lists of counters in the code: counters.py --update."""
import os
import sys

from rules import documents
from tree import Tree

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def main():
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    with open(os.path.join(ROOT, documents.COUNTERS), "w", encoding="utf-8") as file:
        file.write(documents.counters_document(Tree.of(ROOT)))


if __name__ == "__main__":
    main()
