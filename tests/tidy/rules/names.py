# SPDX-License-Identifier: Apache-2.0
"""A name of a type means one thing.

What a header defines is vocabulary: no other folder defines the name again, not even inside a .cc file. Names that only
.cc files define are theirs; names inside a class have the class in front of them; aliases of one and the same type are one.
"""
import collections
import re

from rules.finding import Finding


def find(tree):
    places = collections.defaultdict(list)
    for path in tree.production():
        for defined in tree.cpp(path).types:
            if not defined.nested and defined.name:
                places[defined.name].append((path, defined.line, re.sub(r"\s+", "", defined.body) if defined.is_alias else ""))
    for name, where in sorted(places.items()):
        folders = {path.rsplit("/", 1)[0] for path, _, _ in where}
        in_header = any(path.endswith(".h") for path, _, _ in where)
        aliases = {alias for _, _, alias in where}
        if len(folders) < 2 or not in_header or (len(aliases) == 1 and "" not in aliases):
            continue
        where.sort(key=lambda place: place[0].endswith(".cc"))
        elsewhere = ", ".join(f"{path}:{line}" for path, line, _ in where[1:])
        yield Finding(*where[0][:2], f"{name} is also defined at {elsewhere}: give all but one another name", name, len(folders))
