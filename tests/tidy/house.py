#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tree against the rules of the house (README.md here).

usage: house.py REPOSITORY [RULE...]; prints one line per finding ("file:line: what, and what to do") and exits 1 if there is
any.
"""
import sys

import known
from rules import RULES
from tree import Tree


def findings(tree, rules):
    for rule in rules:
        found = list(rule.find(tree))
        yield from known.compare(rule, found, known.load(rule)) if rule.ratchet else found
    lists = {rule.name: known.load(rule) for rule in rules if rule.ratchet}
    yield from known.check_limits(lists, known.load_list(known.LIMITS), known.committed_limits(tree.root))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rules = [rule for rule in RULES if len(sys.argv) == 2 or rule.name in sys.argv[2:]]
    count = 0
    for finding in findings(Tree.of(sys.argv[1]), rules):
        print(finding)
        count += 1
    print(f"{count} findings of {len(rules)} rules")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
