#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `telltale read` on a case's capture and compares events and observations with what is expected.

usage: golden.py --telltale PROGRAM [--update] CASE_FOLDER...

What a run does not decide (host name, boot, wall clock, event ids) is taken out of the events on both sides; health
events, which count the sensor's own work, are left out.
"""
import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile

RUN_DEPENDENT = ("created", "id", "sequence")


def stable_event(line):
    event = json.loads(line)
    if event["event"]["dataset"] == "telltale.health":
        return None
    for key in RUN_DEPENDENT:
        event["event"].pop(key, None)
    event.pop("observer", None)
    event.get("telltale", {}).pop("sensor", None)
    event.get("telltale", {}).pop("signatures", None)
    return json.dumps(event, sort_keys=True)


def run(program, capture):
    with tempfile.TemporaryDirectory() as folder:
        events, observations = os.path.join(folder, "events"), os.path.join(folder, "observations")
        done = subprocess.run(
            [program, "read", "--quiet", "--events", events, "--observations", observations, capture],
            capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            sys.exit(f"telltale read ended with {done.returncode}:\n{done.stderr}")
        with open(events, encoding="utf-8") as file:
            stable = [line for line in map(stable_event, file) if line is not None]
        with open(observations, encoding="utf-8") as file:
            return {"events.jsonl": stable, "observations.jsonl": [line.rstrip("\n") for line in file]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("cases", nargs="+")
    arguments = parser.parse_args()
    failed = False
    for case in arguments.cases:
        for name, got in run(arguments.telltale, os.path.join(case, "capture.pcap")).items():
            path = os.path.join(case, name)
            if arguments.update:
                with open(path, "w", encoding="utf-8") as file:
                    file.writelines(line + "\n" for line in got)
                continue
            with open(path, encoding="utf-8") as file:
                expected = file.read().splitlines()
            if got != expected:
                failed = True
                print("\n".join(difflib.unified_diff(expected, got, "expected " + path, "got", lineterm="", n=1)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
