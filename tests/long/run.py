#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the long checks: CTest's tests with the configuration and label `long`, of the presets release and asan.

usage: tests/run long [--list] [--again] [NAME...]

Without names every one that has not passed yet at this commit: a run that was interrupted goes on where it was. Names may
be parts of names. The ledger, build/long/ledger.json or $TELLTALE_LEDGER, remembers when each last passed, with its
figures; a table of it is printed before and after. Outputs: build/long/*.log. Ends with 1 unless all that ran passed.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import re
import subprocess
import sys
import threading
import time

from ledger import Ledger, table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "build", "long")
# Presets, and the targets that the long tests need of each.
PRESETS = {"release": ["telltale", "telltale-generate", "telltale-send", "telltale_set_clock"],
           "asan": ["telltale", "telltale-generate", "telltale_set_clock"]}
AT_A_TIME = 2  # of tests that may run beside another
FIGURES = re.compile(r"^\d+: (?:figures: )(.*)$", re.MULTILINE)
SUMS = re.compile(r"^\d+: (\d+ expectations, .*)$", re.MULTILINE)


def run(*command, **options):
    return subprocess.run(command, cwd=ROOT, text=True, check=False, **options)


def make(*command):
    path = os.path.join(FOLDER, "build.log")
    with open(path, "w", encoding="utf-8") as log:
        if run(*command, stdout=log, stderr=log).returncode:
            sys.exit(f"error: {' '.join(command)} failed; the log is {path}")


def tests_of(preset):
    """{name: its properties} of the preset's long tests."""
    shown = run("ctest", "--preset", preset, "-C", "long", "-L", "^long$", "--show-only=json-v1", capture_output=True)
    tests = {}
    for test in json.loads(shown.stdout)["tests"]:
        properties = {each["name"]: each["value"] for each in test["properties"]}
        if "long" in properties.get("LABELS", ()):
            tests[test["name"]] = properties
    return tests


def commit():
    """The commit, marked when there are changes beside it but those that the search of the parsers writes down."""
    head = run("git", "rev-parse", "--short", "HEAD", capture_output=True).stdout.strip()
    changed = run("git", "status", "--porcelain", "--", ".", ":!tests/fuzz/LEDGER.md", capture_output=True).stdout
    return head + ("-dirty" if changed else "")


def perform(ledger, preset, name, at_commit):
    """Runs one test and writes down what came of it; returns whether it passed."""
    path = os.path.join(FOLDER, f"{preset}.{name}.log")
    started = time.monotonic()
    print(f"{datetime.datetime.now():%H:%M:%S}  {preset} {name} begins", flush=True)
    with open(path, "w", encoding="utf-8") as log:
        done = run("ctest", "--preset", preset, "-C", "long", "--verbose", "-R", f"^{re.escape(name)}$", stdout=log, stderr=log)
    with open(path, encoding="utf-8", errors="replace") as log:
        said = log.read()
    status = "failed" if done.returncode else "skipped" if "***Skipped" in said else "passed"
    figures = " ".join(FIGURES.findall(said)[-1:] or SUMS.findall(said)[-1:])
    seconds = round(time.monotonic() - started)
    ledger.note(f"{preset} {name}", status, {"date": datetime.datetime.now().isoformat(" ", "minutes"), "commit": at_commit,
                                             "seconds": seconds, "figures": figures})
    print(f"{datetime.datetime.now():%H:%M:%S}  {preset} {name} {status} after {seconds / 60:.1f} min"
          f"{'' if status == 'passed' else ': ' + path}", flush=True)
    return status == "passed"


def perform_all(ledger, wanted, at_commit):
    """Those that want the machine for themselves one after the other, then the others."""
    serial = [each for each in wanted if each[2].get("RUN_SERIAL")]
    passed = [perform(ledger, preset, name, at_commit) for preset, name, _ in serial]
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        passed += pool.map(lambda each: perform(ledger, each[0], each[1], at_commit),
                           [each for each in wanted if each not in serial])
    return all(passed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the table alone")
    parser.add_argument("--again", action="store_true", help="also what has passed at this commit")
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    os.makedirs(FOLDER, exist_ok=True)
    ledger = Ledger(os.environ.get("TELLTALE_LEDGER") or os.path.join(FOLDER, "ledger.json"), threading.Lock())
    for preset in PRESETS:
        make("cmake", "--preset", preset)
    every = [(preset, name, properties) for preset in PRESETS for name, properties in tests_of(preset).items()]
    names = [f"{preset} {name}" for preset, name, _ in every]
    at_commit = commit()
    wanted = [each for each, full in zip(every, names)
              if (not given.names or any(part in full for part in given.names))
              and (given.again or given.names or not ledger.has_passed(full, at_commit))]
    print(table(ledger, names, at_commit))
    if given.list:
        return
    if "dirty" in at_commit:
        print("there are changes that are not committed: what passes now is run again next time")
    print(f"{len(wanted)} of {len(every)} to run")
    for preset in [preset for preset in PRESETS if any(each[0] == preset for each in wanted)]:
        print(f"building the preset {preset}", flush=True)
        make("cmake", "--build", "--preset", preset, "--target", *PRESETS[preset])
    passed = False
    try:
        passed = perform_all(ledger, wanted, at_commit)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on with what is left")
    print(table(ledger, names, at_commit))
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
