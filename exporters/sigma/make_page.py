#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the rules as queries into ../SIEM.md, between its two marks. Needs pySigma (tests/feed/tools.py installs it)."""
import os

import rules

PAGE = os.path.join(os.path.dirname(rules.FOLDER), "SIEM.md")
FROM, TO = "<!-- rules: from here -->\n", "<!-- rules: to here -->\n"
LANGUAGES = (("Lucene", "lucene"), ("ES|QL", "esql"), ("Splunk", "splunk"))


def section(rule):
    description = " ".join(rule.read["description"].split())
    head = f"### {rule.read['title']}\n\n`sigma/{rule.name}.yml`, level {rule.read['level']}. {description}\n"
    queries = [f"\n{language}:\n\n```text\n{getattr(rule, name)}\n```\n" for language, name in LANGUAGES]
    return head + "".join(queries)


def with_rules(page, loaded):
    """Returns the page with these rules between the marks."""
    before, rest = page.split(FROM)
    _, after = rest.split(TO)
    return before + FROM + "\n" + "\n".join(map(section, loaded)) + "\n" + TO + after


def main():
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(with_rules(page, rules.load()))


if __name__ == "__main__":
    main()
