# SPDX-License-Identifier: Apache-2.0
"""The number of entries of a list is never written by hand, and the words of an enum are part of its list: whoever adds an
enumerator would forget them."""
import re

from rules.finding import Finding

COUNT = re.compile(r"\b(k(?:[A-Z]\w*)?Count)\s*(?:=|\{)\s*\d+\s*[;}]")
NAMES = re.compile(r"std::array<\s*std::string_view\s*,\s*\d+\s*>\s*(\w+)")
ENUM = re.compile(r"\benum\s+class\s+(\w+)[^;{]*\{([^}]*)\}")
WORDS = re.compile(r"\bto_string\((?:\w+::)*(\w+) \w+\)\s*[;{]")


def find(tree):
    enums = {}
    for path in tree.production():
        code = tree.cpp(path)
        for row in COUNT.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} is a number written by hand: make it of the "
                          "list (base::kCount, std::size)", row.group(1))
        for row in NAMES.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} has its length written by hand: declare words of "
                          "an enum with TELLTALE_ENUMERATION, other lists with std::to_array", row.group(1))
        if path.endswith(".h"):
            enums |= {row.group(1): (path, code.line_at(row.start())) for row in ENUM.finditer(code.code)
                      if "TELLTALE_" not in row.group(2)}
    named = {row.group(1) for path in tree.production() for row in WORDS.finditer(tree.cpp(path).code)}
    for enum in sorted(named & enums.keys()):
        yield Finding(*enums[enum], f"{enum} has its words in another place: declare both with TELLTALE_ENUMERATION "
                      "(sensor/base/enumeration.h)", enum)
