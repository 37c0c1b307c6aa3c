#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the events for the tests of the feed, in a folder: of generated captures, of one whose frames are cut, of every
golden case, and hand-made ones. Every capture must give events, of every dataset but those that only a service has."""
import argparse
import glob
import os
import shutil
import subprocess

from captures import cut
from feed import HAND_MADE, dataset
from sensor_runs import PROJECT, Checks, Programs, events_in, in_parallel, scratch, write_file

GENERATED = (("office-day", 7, 0), ("hello-rich", 3, 5_000), ("handshake-poor", 3, 5_000))  # the first one is tests/demo's
SNAP_LENGTH = 60
GOLDEN = os.path.join(PROJECT, "tests", "golden", "*", "capture.pcap")


def captures_in(programs, folder):
    """Yields (name, capture)."""
    for scenario, seed, packets in GENERATED:
        capture, _ = programs.generate(folder, scenario, seed, packets)
        yield scenario, capture
        if scenario == "office-day":
            yield "cut", cut(capture, SNAP_LENGTH, os.path.join(folder, "cut.pcap"))
    for capture in sorted(glob.glob(GOLDEN)):
        yield os.path.basename(os.path.dirname(capture)), capture


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("telltale", "generate", "samples", "events"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    programs, checks, seen = Programs(arguments.telltale, arguments.generate), Checks(), set()
    shutil.rmtree(arguments.events, ignore_errors=True)
    os.makedirs(arguments.events)

    def read(named):
        path = os.path.join(arguments.events, named[0] + ".jsonl")
        return named[0], path, programs.read("--quiet", "--events", path, named[1])

    with scratch() as folder:
        for name, path, done in in_parallel(read, list(captures_in(programs, folder))):
            checks.equal((done.status, done.err), (0, ""), name)
            datasets = {dataset(event) for event in events_in(path)}
            checks.that("health" in datasets and len(datasets) > 1, f"{name}: only {datasets}")
            seen |= datasets
    made = subprocess.run([arguments.samples], check=True, capture_output=True, timeout=60).stdout
    path = write_file(os.path.join(arguments.events, HAND_MADE + ".jsonl"), made)
    checks.equal(seen, {dataset(event) for event in events_in(path)} - {"config", "leak"}, "datasets")
    checks.finish()


if __name__ == "__main__":
    main()
