# SPDX-License-Identifier: Apache-2.0
"""Lists of what a rule finds and lets pass, known/<rule>.txt: "VALUE KEY", or "VALUE KEY # reason". They only shrink."""
import collections
import os
from typing import NamedTuple

from rules.finding import Finding

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known")
SHOWN = "tests/tidy/known"
UPDATE = "run tests/tidy/ratchet.py --update"


CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class Entry(NamedTuple):
    line: int
    value: int
    key: str
    reason: str


def parse(text):
    """Entries of both sides where a merge left its marks: --update keeps those that are needed."""
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith(("#",) + CONFLICT):
            rest, _, reason = line.partition(" # ")
            value, key = rest.strip().split(" ", 1)
            entries.append(Entry(number, int(value), key, reason.strip()))
    return entries


def load(rule, folder=FOLDER):
    path = os.path.join(folder, f"{rule.name}.txt")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def measured(rule, findings):
    """{key: [(value, findings)]}, greatest value first; of occurrences one value by key."""
    by_key = collections.defaultdict(list)
    for finding in findings:
        by_key[finding.key].append(finding)
    if rule.occurrences:
        return {key: [(sum(finding.value for finding in found), found)] for key, found in by_key.items()}
    return {key: sorted(((finding.value, [finding]) for finding in found), key=lambda one: -one[0])
            for key, found in by_key.items()}


def by_key(entries):
    listed = collections.defaultdict(list)
    for entry in sorted(entries, key=lambda entry: -entry.value):
        listed[entry.key].append(entry)
    return listed


def compare(rule, findings, entries):
    """Yields findings that are new or worse than their entries, and entries that are too high."""
    shown = f"{SHOWN}/{rule.name}.txt"
    there, listed = measured(rule, findings), by_key(entries)
    for key, values in there.items():
        for at, (value, found) in enumerate(values):
            entry = listed[key][at] if at < len(listed[key]) else None
            if entry is None:
                yield from found
            elif value > entry.value:
                yield from (one._replace(what=f"{one.what} ({shown} has {entry.value}, now {value})") for one in found)
            elif value < entry.value:
                yield Finding(shown, entry.line, f"{key} is down to {value} from {entry.value}: {UPDATE}")
    for key, known in listed.items():
        for entry in known[len(there.get(key, ())):]:
            yield Finding(shown, entry.line, f"{key} is gone: {UPDATE}")
    for entry in entries:
        if rule.reasons and not entry.reason:
            yield Finding(shown, entry.line, f"{entry.key} has no reason: add ' # why it stays'")


def lowered(rule, findings, entries):
    """Returns the entries that are still needed; never raises one."""
    there, listed = measured(rule, findings), by_key(entries)
    kept = []
    for key, known in listed.items():
        for (value, _), entry in zip(there.get(key, ()), known):
            kept.append(entry._replace(value=min(value, entry.value)))
    return kept


def renewed(rule, findings, entries):
    """Returns entries for all findings; keeps the reasons."""
    listed = by_key(entries)
    kept = []
    for key, values in measured(rule, findings).items():
        for at, (value, _) in enumerate(values):
            kept.append(Entry(0, value, key, listed[key][at].reason if at < len(listed[key]) else ""))
    return kept


def save(rule, entries, folder=FOLDER):
    path = os.path.join(folder, f"{rule.name}.txt")
    if not entries:
        if os.path.exists(path):
            os.remove(path)
        return
    lines = [f"# Known to the rule '{rule.name}'; may only shrink: tests/tidy/README.md."]
    for entry in sorted(entries, key=lambda entry: (entry.key, -entry.value)):
        lines.append(f"{entry.value} {entry.key}" + (f" # {entry.reason}" if entry.reason else ""))
    os.makedirs(folder, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
