#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the lists in known/ as short as the tree allows.

usage: ratchet.py --update                  lowers and removes entries, never raises or adds one
       ratchet.py --renew RULE [REASON]     writes a list anew from the tree, for what moved or was renamed; it may add up to
                                            more only for a reason, which is kept in known/limits.txt
       ratchet.py                           prints how long each list is and what its values add up to
"""
import os
import sys

import known
from rules import RULES
from tree import Tree

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def main():
    arguments = sys.argv[1:]
    ratchets = {rule.name: rule for rule in RULES if rule.ratchet}
    renew = arguments[1] if arguments[:1] == ["--renew"] and len(arguments) in (2, 3) and arguments[1] in ratchets else None
    if arguments and arguments != ["--update"] and not renew:
        sys.exit(__doc__)
    tree = Tree.of(ROOT)
    found = {name: list(rule.find(tree)) for name, rule in ratchets.items()}  # before a list of the tree changes
    limits, sums = known.load_list(known.LIMITS), {}
    for name, rule in ratchets.items():
        entries = known.load(rule)
        if arguments == ["--update"]:
            entries = known.lowered(rule, found[name], entries)
        elif name == renew:
            entries = known.renewed(rule, found[name], entries)
            limits = raised(limits, name, known.total(entries), *arguments[2:])
        if arguments:
            known.save(rule, entries)
        sums[name] = known.total(entries)
        print(f"{name}: {len(entries)} entries, sum {sums[name]}")
    if arguments:
        known.save_limits(known.lowered_limits(sums, limits))


def raised(limits, name, total, reason=""):
    """The limits with one that allows `total`; ends the program where it would grow without a reason."""
    limit = next((limit for limit in limits if limit.key == name), known.Entry(0, 0, name, ""))
    if total <= limit.value:
        return limits
    if not reason:
        sys.exit(f"{name} would add up to {total}, more than {limit.value}: give a reason")
    return [other for other in limits if other.key != name] + [known.Entry(0, total, name, reason)]


if __name__ == "__main__":
    main()
