# SPDX-License-Identifier: Apache-2.0
"""Lengths of files and functions, and branches in a function."""
import statistics

from rules.finding import Finding

MOST_FILE_LINES = 400
MEDIAN_FILE_LINES = 70  # production files stay below
NINTH_DECILE_FILE_LINES = 185
MOST_FUNCTION_LINES = 69
MOST_BRANCHES = 15


def ninth_decile(numbers):
    return sorted(numbers)[len(numbers) * 9 // 10]


def distribution(tree):
    """Median and ninth decile of the production files' lengths."""
    lengths = [tree.cpp(path).lines for path in tree.production()]
    if not lengths:
        return
    for what, value, limit in (("median", statistics.median(lengths), MEDIAN_FILE_LINES),
                               ("ninth decile", ninth_decile(lengths), NINTH_DECILE_FILE_LINES)):
        if value >= limit:
            yield Finding("sensor", 1, f"the {what} of the production files' lengths is {value:g} lines and must be "
                          f"under {limit}: split files by what they are about")


def file_lengths(tree):
    for path in tree.sources():
        lines = tree.cpp(path).lines
        if lines > MOST_FILE_LINES:
            yield Finding(path, lines, f"{lines} lines, over {MOST_FILE_LINES}: split it by what it is about",
                          path.rsplit("/", 1)[-1], lines)


def function_lengths(tree):
    for path in tree.sources():
        for function in tree.cpp(path).functions:
            if function.lines > MOST_FUNCTION_LINES:
                yield Finding(path, function.line, f"{function.name} has {function.lines} lines, over "
                              f"{MOST_FUNCTION_LINES}: give its parts names", function.name, function.lines)


def branches(tree):
    for path in tree.sources():
        for function in tree.cpp(path).functions:
            if function.branches > MOST_BRANCHES:
                yield Finding(path, function.line, f"{function.name} has {function.branches} branches, over "
                              f"{MOST_BRANCHES}: make it a table, or give its parts names", function.name, function.branches)
