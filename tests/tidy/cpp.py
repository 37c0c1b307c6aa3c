# SPDX-License-Identifier: Apache-2.0
"""As much of C++ as the rules need: comments, strings, includes, functions with their branches, and types.

Works on the text alone, without preprocessing: enough for code that .clang-format has been over.
"""
import functools
import re
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | R"(?P<tag>[^()\s\\]{0,16})\((?P<raw>.*?)\)(?P=tag)"
      | "(?P<string>(?:\\.|[^"\\\n])*)"
      | (?P<number>(?<!\w)\.?\d(?:'?[\w.])*)
      | (?P<char>'(?:\\.|[^'\\\n])+')""",
    re.VERBOSE | re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"\n]+)[>"]', re.MULTILINE)
BRANCH = re.compile(r"\b(?:if|for|while|case|catch)\b|\s(?:&&|\|\|)\s|\?")
NAMESPACE = re.compile(r"^(?:inline\s+)?namespace\b\s*([\w:]*)")
TYPE = re.compile(r"^(?:class|struct|union|enum(?:\s+(?:class|struct))?)\b\s*((?:\w+\s*::\s*)*)(\w*)[^()=]*$")
ALIAS = re.compile(r"^using\s+(\w+)\s*=\s*(.*)$", re.DOTALL)
ENUMERATION = re.compile(r"^TELLTALE_ENUMERATION\((\w+)[^)]*\)", re.MULTILINE)
MACRO = re.compile(r"\s*TELLTALE_\w+\([^()]*\)")
PREFIX = re.compile(r"^(?:(?:public|private|protected)\s*:(?!:)|\[\[[^\]]*\]\]|alignas\([^()]*\)|typedef\b)\s*")
AFTER_PARAMETERS = re.compile(r"\)\s*(?:const|noexcept|override|final|mutable|&&?|->[^{}]*|requires\b.*)*\s*$", re.DOTALL)
MEMBER_INITIALIZERS = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)", re.DOTALL)
NAME_BEFORE_PARAMETERS = re.compile(r"((?:[\w~]+(?:<[^<>()]*>)?\s*::\s*)*(?:operator\s*(?:\(\)|[^\s\w(]+|[\w\s:]+?)|~?\w+))\s*\(")


class Comment(NamedTuple):
    line: int
    text: str  # without slashes; consecutive whole lines are one comment
    last_line: int


class Literal(NamedTuple):
    line: int
    text: str


class Include(NamedTuple):
    line: int
    kind: str  # " or <
    target: str


class Function(NamedTuple):
    name: str  # with namespaces and classes, without telltale::
    line: int
    lines: int
    branches: int


class Type(NamedTuple):
    name: str
    namespace: str  # without telltale::, without unnamed ones
    line: int
    header_line: int  # where its declaration begins: the line below its comment
    nested: bool  # inside a class
    is_alias: bool
    body: str
    is_specialisation: bool = False  # of a template


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Cpp:
    """One file of C++, read once."""

    def __init__(self, text):
        self.text = text
        self.lines = text.count("\n") + (0 if text.endswith("\n") or not text else 1)

    def line_at(self, offset):
        return self.text.count("\n", 0, offset) + 1

    @functools.cached_property
    def _tokens(self):
        comments, literals, code, at = [], [], [], 0
        for token in TOKEN.finditer(self.text):
            code.append(self.text[at:token.start()])
            at = token.end()
            if token.lastgroup == "number":
                code.append(token.group())
                continue
            code.append(blank(token.group()))
            if token.lastgroup == "comment":
                comments.append(token)
            elif token.lastgroup in ("string", "raw", "tag"):
                literals.append(token)
        code.append(self.text[at:])
        return comments, literals, "".join(code)

    @functools.cached_property
    def code(self):
        """The text with comments, strings and characters blanked; lines stay."""
        return self._tokens[2]

    @functools.cached_property
    def plain_code(self):
        """The code without preprocessor directives."""
        return DIRECTIVE.sub(lambda found: blank(found.group()), self.code)

    @functools.cached_property
    def includes(self):
        return [Include(self.line_at(found.start(1)), found.group(1), found.group(2))
                for found in INCLUDE.finditer(self.text)]

    @functools.cached_property
    def comments(self):
        found = []
        for token in self._tokens[0]:
            line = self.line_at(token.start())
            text = re.sub(r"^/[/*]+ ?|\*/$", "", token.group())
            whole = not self.text[self.text.rfind("\n", 0, token.start()) + 1:token.start()].strip()
            last = line + token.group().count("\n")
            if whole and found and found[-1][1] and found[-1][0].last_line == line - 1:
                before = found.pop()[0]
                found.append((Comment(before.line, before.text + "\n" + text, last), True))
            else:
                found.append((Comment(line, text, last), whole))
        return [comment for comment, _ in found]

    @functools.cached_property
    def literals(self):
        found = []
        for token in self._tokens[1]:
            before = self.text[self.text.rfind("\n", 0, token.start()) + 1:token.start()]
            if not re.match(r"\s*#\s*include|\s*extern\s", before):
                found.append(Literal(self.line_at(token.start()), token.group("string") or token.group("raw") or ""))
        return found

    @functools.cached_property
    def _structure(self):
        return _read_structure(self)

    @property
    def functions(self):
        return self._structure[0]

    @property
    def types(self):
        return self._structure[1] + self._enumerations

    @functools.cached_property
    def _enumerations(self):
        """Enumerations that are made of an X-list; the list has their comment."""
        found = []
        for macro in ENUMERATION.finditer(self.plain_code):
            line = self.line_at(macro.start())
            found.append(Type(macro.group(1), "", line, line, False, True, self.plain_code[macro.start():macro.end()]))
        return found


def _matching_braces(code):
    opened, pairs = [], {}
    for brace in re.finditer(r"[{}]", code):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.start()
    return pairs


def _without_prefix(header):
    """The declaration behind access specifiers, attributes and template parameters."""
    header = header.strip()
    while True:
        shorter = PREFIX.sub("", header)
        if re.match(r"template\s*<", shorter):
            depth, at = 0, shorter.index("<")
            while at < len(shorter):
                depth += {"<": 1, ">": -1}.get(shorter[at], 0)
                at += 1
                if depth == 0:
                    break
            shorter = re.sub(r"^\s*requires\s+\w+(?:<[^<>]*>)?\s", "", shorter[at:]).strip()
        if shorter == header:
            return re.sub(r"^((?:class|struct|union|enum(?:\s+class)?)\s+)(?:alignas\([^()]*\)|\[\[[^\]]*\]\])\s*", r"\1", header)
        header = shorter


def _function_name(header):
    """The name of the function whose head this is; empty if it is the head of something else."""
    initializers = MEMBER_INITIALIZERS.search(header)
    head = header[:initializers.start() + 1] if initializers else header
    if "=" in re.sub(r"operator\s*[^\s\w(]+|\([^()]*\)", "", head) or not AFTER_PARAMETERS.search(head):
        return ""
    for found in NAME_BEFORE_PARAMETERS.finditer(head):
        before = head[:found.start()]
        if before.count("<") - before.count("->") <= before.count(">") - before.count("->"):
            name = re.sub(r"\s+", "", found.group(1))
            if name in ("decltype", "alignas", "noexcept", "requires"):
                continue
            if name.startswith("TEST") or name.startswith("INSTANTIATE"):
                inner = re.match(r"[^()]*", head[found.end():]).group()
                name += "(" + re.sub(r"\s+", "", inner) + ")"
            return name
    return ""


def _read_structure(cpp):
    code = cpp.plain_code
    pairs = _matching_braces(code)
    functions, types, stack = [], [], []  # stack: (kind, name)
    start = at = depth = 0
    mark = re.compile(r"[{}();]")

    def first_line(begin):
        return cpp.line_at(begin + len(code[begin:]) - len(code[begin:].lstrip()))

    def namespace():
        return "::".join(name for kind, name in stack if kind == "namespace" and name).removeprefix("telltale").lstrip(":")

    while found := mark.search(code, at):
        at = found.end()
        char = found.group()
        if char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0 and MACRO.fullmatch(code[start:at]):  # a declaration of its own, without a semicolon
                start = at
        elif char == ";":
            if depth == 0:
                alias = ALIAS.match(_without_prefix(code[start:found.start()]))
                if alias and not (re.search(r"\w+$", alias.group(2).strip()) or [""])[0] == alias.group(1):
                    line = first_line(start)
                    types.append(Type(alias.group(1), namespace(), line, line,
                                      any(k == "class" for k, _ in stack), True, alias.group(2)))
                start = at
        elif char == "}":
            if stack:
                stack.pop()
            start, depth = at, 0
        else:
            end = pairs.get(found.start(), len(code))
            header = _without_prefix(code[start:found.start()])
            if depth == 0 and (inside := NAMESPACE.match(header)):
                stack.append(("namespace", inside.group(1)))
                start = at
            elif depth == 0 and re.fullmatch(r"extern", header):
                stack.append(("namespace", ""))
                start = at
            elif depth == 0 and (kind := TYPE.match(header)):
                line = cpp.line_at(found.start())
                types.append(Type(kind.group(2), namespace(), line, first_line(start),
                                  bool(kind.group(1)) or any(k == "class" for k, _ in stack), False, code[at:end],
                                  bool(re.match(r"(?:class|struct)\s+\w+\s*<", header))))
                if header.startswith("enum"):
                    at = end + 1
                    start = at
                else:
                    stack.append(("class", (kind.group(1) + kind.group(2)).replace(" ", "")))
                    start = at
            elif depth == 0 and MEMBER_INITIALIZERS.search(header) and re.search(r"[\w>]$", header):
                at = end + 1  # member{value} in a constructor's list
            elif depth == 0 and (name := _function_name(header)):
                line = first_line(start)
                scope = "::".join(n for _, n in stack if n).removeprefix("telltale").lstrip(":")
                functions.append(Function(f"{scope}::{name}".lstrip(":"), line, cpp.line_at(end) - line + 1,
                                          len(BRANCH.findall(code[at:end]))))
                at = end + 1
                start = at
            else:
                at = end + 1  # an initializer: what follows it belongs to the same declaration
    return functions, types
