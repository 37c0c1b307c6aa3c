#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""published.txt is what readers were last promised: every field, its kind and words, and the datasets that have it.

usage: published.py            compares the schema with it: what is new, what is gone, which version that asks for
       published.py --publish  writes it anew, once the schema's version is right
"""
import collections
import os
import sys

import fields

FILE = os.path.join(fields.FOLDER, "published.txt")
HEAD = """\
# telltale.schema {version}: field, kind (words of a closed list), datasets (! where no event lacks it). Written by
# published.py --publish with a release; until then it says what the release before promised.
"""


def kind_of(field):
    words = "(" + " ".join(map(str, field.words)) + ")" if field.words else ""
    return ("list:" if field.is_list else "") + field.kind + words


def rows(described):
    """Returns {(path, kind): {dataset: always}}."""
    found = collections.defaultdict(dict)
    for dataset, paths in described.items():
        for path, field in paths.items():
            if path != "telltale.schema":
                found[path, kind_of(field)][dataset] = field.always
    return found


def text(version, described):
    lines = []
    for (path, kind), datasets in sorted(rows(described).items()):
        names = " ".join(name + ("!" if always else "") for name, always in sorted(datasets.items()))
        lines.append(f"{path}\t{kind}\t{names}\n")
    return HEAD.format(version="{}.{}".format(*version)) + "".join(lines)


def promises(content):
    """Returns the version of a published text and its single promises, as a set of strings."""
    lines = content.splitlines()
    version = tuple(map(int, lines[0].split()[2].rstrip(":").split(".")))
    found = set()
    for line in lines:
        if line.startswith("#"):
            continue
        path, kind, datasets = line.split("\t")
        plain, _, words = kind.rstrip(")").partition("(")
        for dataset in datasets.split():
            name = dataset.rstrip("!")
            found.add(f"{name}: {path} is {plain}")
            found |= {f"{name}: {path} may be {word}" for word in words.split()}
            if dataset.endswith("!"):
                found.add(f"{name}: {path} is always there")
    return version, found


def wanted_version(before, now):
    """Returns the least version that the schema must have, and what is gone and new since what was published."""
    (major, minor), promised = before
    gone, new = sorted(promised - now), sorted(now - promised)
    if gone:
        return (major + 1, 0), gone, new
    return ((major, minor + 1) if new else (major, minor)), gone, new


def compare(before, version, described):
    """Yields what is wrong with the schema's version."""
    wanted, gone, new = wanted_version(promises(before), promises(text(version, described))[1])
    if version != wanted:
        yield "telltale.schema is {}.{} and must be {}.{}".format(*version, *wanted)
        yield from (f"gone: {one}" for one in gone)
        yield from (f"new: {one}" for one in new)


def read():
    with open(FILE, encoding="utf-8") as file:
        return file.read()


def main():
    if sys.argv[1:] == ["--publish"]:
        with open(FILE, "w", encoding="utf-8") as file:
            file.write(text(fields.version(), fields.by_dataset()))
        return
    if sys.argv[1:]:
        sys.exit(__doc__)
    faults = list(compare(read(), fields.version(), fields.by_dataset()))
    print("\n".join(faults) or "the schema is what its version promises")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
