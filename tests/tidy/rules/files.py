# SPDX-License-Identifier: Apache-2.0
"""How every C++ file begins; scripts that can be run as documents say; marks that a merge left."""
import re

from rules.finding import Finding

SPDX = "SPDX-License-Identifier: Apache-2.0"
MERGE = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def find(tree):
    for path in tree.paths:
        if path.endswith((".txt", ".md", ".py", ".cc", ".h", ".yaml")) and (mark := MERGE.search(tree.text(path))):
            yield Finding(path, tree.text(path).count("\n", 0, mark.start()) + 1, "has marks of a merge: resolve it")
        if path.endswith(".py") and tree.text(path).startswith("#!") and not tree.is_executable(path):
            yield Finding(path, 1, "begins with '#!' and cannot be run: make it executable")
    for path in tree.sources():
        text = tree.text(path)
        if SPDX not in text.split("\n", 1)[0]:
            yield Finding(path, 1, f"the first line must hold '{SPDX}'")
        if path.endswith(".h") and "#pragma once" not in text:
            yield Finding(path, 1, "a header needs '#pragma once'")
