# SPDX-License-Identifier: Apache-2.0
"""How many entries a list has is never written by hand: whoever adds one forgets the number."""
import re

from rules.finding import Finding

COUNT = re.compile(r"\b(k(?:[A-Z]\w*)?Count)\s*(?:=|\{)\s*\d+\s*[;}]")
NAMES = re.compile(r"std::array<\s*std::string_view\s*,\s*\d+\s*>\s*(\w+)")


def find(tree):
    for path in tree.production():
        code = tree.cpp(path)
        for row in COUNT.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} is a number written by hand: make it of the "
                          "list (X-list, std::size, sizeof)", row.group(1))
        for row in NAMES.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} has its length written by hand: make words of "
                          "an enum of its X-list, other lists std::to_array", row.group(1))
