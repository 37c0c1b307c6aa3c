# SPDX-License-Identifier: Apache-2.0
"""Plain English in comments, texts and documents: words that a reader stumbles over, each with what to write instead.

Only what a pattern recognises for certain; the rest is for whoever reads the change.
"""
import re

from rules.finding import Finding

PER = (r"(?:worker|port|tap|device|flow|kind|protocol|topic|reader|packet|frame|record|process|folder|call|interval|message|"
       r"owner|line|event|second|minute|hour|direction|file|batch|target|name|partition|thread|library|stage|segment)")
JOINING = (r"(?:of|in|into|for|from|to|before|after|behind|with|without|by|that|which|as|per|and|or|than|at|on|is|are|has|was|"
           r"under|over|inside|when|while|where|if|like|not)")
NUMBER = r"(?:one|two|three|four|at most \w+|\d+(?:[.,]\d+)*(?: [KMG]i?B)?)"
REFUSED = [  # pattern, what to write instead; \A: at the start of a comment
    (r"\b(?:tells?|telling|told)\b", "report, record, show or say"),
    (r"\b(?:stands?|standing|stood)\b(?!-| for\b| in for\b)", "is, follows, precedes, contains"),
    (r"\b(?:is|are|was|were|be) none\b|\bnone of\b", "'is not a ...', 'no ...'"),
    (rf"\b(?:{NUMBER}(?: (?!{JOINING}\b)[\w-]+){{0,3}} an? {PER}\b"
     rf"|(?:once|twice|bytes|instructions|ns|packets|frames|events|records|times) an? {PER}(?=[.,;:)]|$))", "per"),
    (r"\bof no account\b", "does not matter"),
    (r"\bfor want of\b", "because there is no"),
    (r"\b(?:of|than) before\b", "previous, earlier"),
    (r"\btak(?:en|es?|ing) over\b|\btook over\b", "apply, restore, copy"),
    (r"\berror error\b", "error"),
    (r"\AOf\b", "a verb or the noun first"),
    (r"\AWhat\b", "a verb or the noun first"),
]
REFUSED = [(re.compile(pattern, re.IGNORECASE if not pattern.startswith(r"\A") else 0), instead) for pattern, instead in REFUSED]
ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in REFUSED), re.IGNORECASE)
SCRIPTS = (".py", ".txt", ".yaml", ".yml", "/run", "/demo", "/long", "/stack", "/kafka",
           "/install-packages")
OWN = ("tests/tidy/rules/words", "tests/tidy/texts_test")  # these name what they refuse


def passages(tree, path):
    """(line, text) of everything that a person reads in a file."""
    if path.endswith((".cc", ".h")):
        code = tree.cpp(path)
        yield from ((comment.line, comment.text) for comment in code.comments)
        yield from ((literal.line, literal.text) for literal in code.literals if " " in literal.text)
    elif path.endswith(".md"):
        yield 1, tree.text(path)
    elif path.endswith(SCRIPTS) and "/corpus/" not in path:
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            found = re.search(r"(?:^|\s)#+ (.*)", line) or re.search(r'"""(.*)', line)
            if found:
                yield number, found.group(1)


def find(tree):
    for path in tree.paths:
        if path.startswith(OWN) or path == "LICENSE":
            continue
        key = path.rsplit("/", 1)[-1] if path.endswith((".cc", ".h")) else path
        for line, text in passages(tree, path):
            if not ANY.search(text):
                continue
            for pattern, instead in REFUSED:
                for found in pattern.finditer(text):
                    at = line + text.count("\n", 0, found.start())
                    words = " ".join(found.group().split())
                    yield Finding(path, at, f"'{words}': write {instead}", key)
