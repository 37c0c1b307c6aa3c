#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the lists in known/ as short as the tree allows.

usage: ratchet.py --update          lowers and removes entries, never raises or adds one
       ratchet.py --renew RULE...   writes these lists anew from the tree, also upwards: for what moved or was renamed
       ratchet.py                   prints how long each list is and what its values add up to
"""
import os
import sys

import known
from rules import RULES
from tree import Tree

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def main():
    arguments = sys.argv[1:]
    renew = arguments[1:] if arguments[:1] == ["--renew"] else []
    unknown = set(renew) - {rule.name for rule in RULES if rule.ratchet}
    if unknown or (arguments and arguments != ["--update"] and not renew):
        sys.exit(__doc__)
    tree = Tree.of(ROOT)
    for rule in RULES:
        if not rule.ratchet:
            continue
        entries = known.load(rule)
        if arguments == ["--update"]:
            entries = known.lowered(rule, list(rule.find(tree)), entries)
            known.save(rule, entries)
        elif rule.name in renew:
            entries = known.renewed(rule, list(rule.find(tree)), entries)
            known.save(rule, entries)
        print(f"{rule.name}: {len(entries)} entries, sum {sum(entry.value for entry in entries)}")


if __name__ == "__main__":
    main()
