# SPDX-License-Identifier: Apache-2.0
"""Every type that a header defines has a comment: what it stands for, who owns it, which thread, its limits.

Deleters, specialisations and what a namespace ..._detail hides need none.
"""
import re

from rules.finding import Finding


def find(tree):
    for path in tree.production():
        if not path.endswith(".h"):
            continue
        code = tree.cpp(path)
        last_lines = {comment.last_line for comment in code.comments}
        for defined in code.types:
            above, here = defined.header_line - 1 in last_lines, defined.line in last_lines
            of_list = re.search(r"\bTELLTALE_\w+\(", defined.body)  # the list has the comment
            is_deleter = re.match(r"\s*void operator\(\)[^{]*\{[^{}]*\}\s*$", defined.body)
            if of_list or is_deleter or defined.is_specialisation or defined.namespace.endswith("_detail"):
                continue
            if defined.nested or defined.is_alias or not defined.name or above or here:
                continue
            yield Finding(path, defined.header_line, f"{defined.name} has no comment: say what it is, who owns it, which "
                          "thread, its limits", defined.name)
