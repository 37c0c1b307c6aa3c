# SPDX-License-Identifier: Apache-2.0
"""How every C++ file begins."""
from rules.finding import Finding

SPDX = "SPDX-License-Identifier: Apache-2.0"


def find(tree):
    for path in tree.sources():
        text = tree.text(path)
        if SPDX not in text.split("\n", 1)[0]:
            yield Finding(path, 1, f"the first line must hold '{SPDX}'")
        if path.endswith(".h") and "#pragma once" not in text:
            yield Finding(path, 1, "a header needs '#pragma once'")
