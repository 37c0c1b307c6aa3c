# SPDX-License-Identifier: Apache-2.0
"""Lists of what a rule finds and lets pass, known/<rule>.txt: "VALUE KEY", or "VALUE KEY # reason". They only shrink.

known/limits.txt says what the values of each list may add up to: "SUM RULE # why it was raised last". So a raise is one line
that everybody sees, and is refused without a reason.
"""
import collections
import os
import subprocess
from typing import NamedTuple

from rules.finding import Finding

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known")
SHOWN = "tests/tidy/known"
UPDATE = "run tests/tidy/ratchet.py --update"
RENEW = "tests/tidy/ratchet.py --renew {} 'REASON'"
LIMITS = "limits"

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
    return load_list(rule.name, folder)


def load_list(name, folder=FOLDER):
    path = os.path.join(folder, f"{name}.txt")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def committed_limits(root):
    """The limits of the last commit and of the one before it, as far as there is a repository."""
    found = []
    for commit in ("HEAD", "HEAD^"):
        try:
            done = subprocess.run(["git", "-C", root, "show", f"{commit}:{SHOWN}/{LIMITS}.txt"], capture_output=True, text=True,
                                  check=False)
        except FileNotFoundError:  # no git
            return found
        if done.returncode == 0:
            found.append(parse(done.stdout))
    return found


def total(entries):
    return sum(entry.value for entry in entries)


def check_limits(lists, limits, committed):
    """lists: {rule's name: entries}. Yields limits that are not the lists' sums, and those that grew without a reason."""
    shown, now = f"{SHOWN}/{LIMITS}.txt", {limit.key: limit for limit in limits}
    for name, entries in lists.items():
        limit = now.get(name, Entry(1, 0, name, ""))
        if total(entries) > limit.value:
            yield Finding(shown, limit.line, f"{name} adds up to {total(entries)}, more than {limit.value}: mend what is new, or say "
                          f"why it stays: {RENEW.format(name)}")
        if total(entries) < limit.value:
            yield Finding(shown, limit.line, f"{name} is down to {total(entries)} from {limit.value}: {UPDATE}")
    for before in committed:
        for was in before:
            limit = now.get(was.key)
            if limit and limit.value > was.value and limit.reason in ("", was.reason):
                yield Finding(shown, limit.line, f"{was.key} was raised from {was.value} to {limit.value} without a reason: "
                              f"{RENEW.format(was.key)}")


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
    save_list(rule.name, f"Known to the rule '{rule.name}'; may only shrink: tests/tidy/README.md.", entries, folder)


def lowered_limits(sums, limits):
    """sums: {rule's name: sum of its list}."""
    lowest = {}
    for limit in limits:
        if limit.key in sums and limit.value < lowest.get(limit.key, limit._replace(value=limit.value + 1)).value:
            lowest[limit.key] = limit._replace(value=min(limit.value, sums[limit.key]))
    return list(lowest.values())


def save_limits(limits, folder=FOLDER):
    save_list(LIMITS, "Sums of the lists beside this one; they may only shrink: tests/tidy/README.md.", limits, folder)


def save_list(name, title, entries, folder):
    path = os.path.join(folder, f"{name}.txt")
    if not entries:
        if os.path.exists(path):
            os.remove(path)
        return
    lines = [f"# {title}"]
    for entry in sorted(entries, key=lambda entry: (entry.key, -entry.value)):
        lines.append(f"{entry.value} {entry.key}" + (f" # {entry.reason}" if entry.reason else ""))
    os.makedirs(folder, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
