# SPDX-License-Identifier: Apache-2.0
"""The number of entries of a list is never written by hand, and the words of an enum are part of its list: whoever adds an
enumerator would forget them."""
import re

from rules.finding import Finding

NUMBER = r"\d[\d']*U?L*"
COUNT = re.compile(rf"\b(k(?:[A-Z]\w*)?Count|k(?:Number|Num)Of[A-Z]\w*)\s*(?:=|\{{)\s*(?:\w[\w:]*\{{)?{NUMBER}\s*[;}}]")
LAST = re.compile(r"\b(k\w+)\s*(?:=|\{)\s*static_cast<[^<>]*>\([\w:]+::\w+\)\s*\+\s*1\s*[;}]")
TEXT = r"(?:std::string_view|std::string|(?:const\s+)?char\s+const\s*\*|const\s+char\s*\*|std::pair<[^;=]*?>)"
NAMES = re.compile(rf"std::array<\s*{TEXT}(?:\s*const)?\s*,\s*{NUMBER}\s*>\s*(\w+)|\b{TEXT}(?:\s*const)?\s+(k\w+)\[{NUMBER}\]")
ENUM = re.compile(r"\benum\s+class\s+(\w+)[^;{]*\{([^}]*)\}")
WORDS = re.compile(r"\bto_string\((?:\w+::)*(\w+) \w+\)\s*[;{]")


def find(tree):
    enums = {}
    for path in tree.production():
        code = tree.cpp(path)
        for row in COUNT.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} is a number written by hand: make it of the "
                          "list (base::kCount, std::size)", row.group(1))
        for row in LAST.finditer(code.code):
            yield Finding(path, code.line_at(row.start()), f"{row.group(1)} is the last enumerator and one: declare the "
                          "enumeration with TELLTALE_ENUMERATION and use base::kCount", row.group(1))
        for row in NAMES.finditer(code.code):
            name = row.group(1) or row.group(2)
            yield Finding(path, code.line_at(row.start()), f"{name} has its length written by hand: declare words of "
                          "an enum with TELLTALE_ENUMERATION, other lists with std::to_array", name)
        if path.endswith(".h"):
            enums |= {row.group(1): (path, code.line_at(row.start())) for row in ENUM.finditer(code.code)
                      if "TELLTALE_" not in row.group(2)}
    named = {row.group(1) for path in tree.production() for row in WORDS.finditer(tree.cpp(path).code)}
    for enum in sorted(named & enums.keys()):
        yield Finding(*enums[enum], f"{enum} has its words in another place: declare both with TELLTALE_ENUMERATION "
                      "(sensor/base/enumeration.h)", enum)
