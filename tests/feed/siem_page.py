#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exporters/SIEM.md: its queries are what pySigma makes of the rules, every field that it names is in the schema, its
topics exist, and its examples for jq print what it says when they read the events of the demo's day."""
import json
import os
import re
import shutil
import subprocess
import sys

import fields
import tools
from feed import captured, start
from sensor_runs import PROJECT, Checks, skip

PAGE = os.path.join(PROJECT, "exporters", "SIEM.md")
DAY = "office-day"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOPIC = re.compile(r"telltale\.([a-z]+)\.v([0-9]+)")


def topic_of(event):
    return event["event"]["id"].rsplit(":", 2)[1]


def known_names():
    """Returns every field of the schema, and every part of one that has fields."""
    known = set()
    for described in fields.by_dataset().values():
        for path in described:
            parts = path.split(".")
            known |= {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return known


def check_names(checks, page, events):
    known = known_names()
    figures = {path for event in events for path, _, _ in fields.leaves(event)}
    datasets = {f"telltale.{name}" for name in fields.by_dataset()}
    tops = "|".join(sorted(re.escape(name) for name in known if "." not in name))
    named = set(re.findall(rf"(?<![\w./@-])((?:{tops})(?:\.[a-z_0-9]+)+)(?![\w/])", page))
    checks.that(len(named) > 30, f"only {len(named)} fields found in the page")
    for name in sorted(named):
        if TOPIC.fullmatch(name) or name in datasets:
            continue
        there = name in figures if name.startswith("telltale.health.") else name in known
        checks.that(there, f"the page names {name}, which the schema does not have")


def check_topics(checks, page, events):
    major, topics = fields.version()[0], {topic_of(event) for event in events}
    for name, version in sorted(set(TOPIC.findall(page))):
        checks.equal(int(version), major, f"version of the topic {name}")
        checks.that(f"{name}.v{version}" in topics, f"there is no topic {name}.v{version}")


def check_jq(checks, page, events):
    blocks = BLOCK.findall(page)
    examples = [(code, blocks[at + 1]) for at, (language, code) in enumerate(blocks) if language == "sh" and "kcat" in code]
    checks.that(len(examples) >= 4, f"{len(examples)} examples with kcat")
    for code, (language, expected) in examples:
        kcat, pipe = code.split("|", 1)
        checks.equal(language, "text", f"{kcat}: what follows")
        topic = re.search(r" -t telltale\.(\S+) ", kcat).group(1)
        records = "".join(json.dumps(event) + "\n" for event in events if topic_of(event) == topic)
        done = subprocess.run(["bash", "-c", pipe], input=records, capture_output=True, text=True, timeout=60, check=False)
        checks.equal((done.returncode, done.stderr), (0, ""), f"{topic}: jq")
        checks.equal(done.stdout, expected, f"{topic}: what it prints")


def check_file(checks, page, events):
    """A file has all topics: what the page writes in place of kcat."""
    found = re.search(r"`(jq -c 'select\([^`]*) FILE`", page)
    if checks.that(found, "the page does not say how to read a file"):
        everything = "".join(json.dumps(event) + "\n" for event in events)
        done = subprocess.run(["bash", "-c", found.group(1)], input=everything, capture_output=True, text=True, check=False)
        topics = {topic_of(json.loads(line)) for line in done.stdout.splitlines()}
        checks.equal(topics, {f"transfer.v{fields.version()[0]}"}, "topics that jq selects of a file")


def check_rules(checks, page, folder):
    if not tools.has_python(folder):
        skip("pySigma cannot be had")
    sys.path.insert(0, tools.python_folder(folder))
    import make_page
    import rules
    checks.that(make_page.with_rules(page, rules.load()) == page, "exporters/sigma/make_page.py writes another page")


def main():
    given, checks = start(__doc__), Checks()
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    day = captured(given)[DAY]
    check_names(checks, page, day)
    check_topics(checks, page, day)
    if checks.failed:
        checks.finish()
    if not shutil.which("jq"):
        skip("jq is not installed: the page's examples were not run")
    check_jq(checks, page, day)
    check_file(checks, page, day)
    if checks.failed:
        checks.finish()
    check_rules(checks, page, given.tools)
    checks.finish()


if __name__ == "__main__":
    main()
