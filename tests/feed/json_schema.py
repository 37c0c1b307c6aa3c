#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The published JSON Schema by a validator that is not ours, npm's ajv in strict mode: it takes the schema, every event keeps
it, and what our own validator refuses it refuses, too."""
import argparse
import json
import os
import subprocess

import fields
import tools
from conformance import with_change
from feed import HAND_MADE, dataset
from schemas import Schemas
from sensor_runs import Checks, events_in, scratch, skip

VALIDATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "validate.js")
MISSING = object()
# Changes of a hand-made alert that break one keyword of the schema each.
BROKEN = (("made_up", 1), ("telltale.made_up", 1), ("event.severity", "high"), ("event.severity", -1), ("source.port", 70_000),
          ("event.category", []), ("event.category", ["made_up"]), ("host.ip", ["here"]), ("rule.id", ""),
          ("rule.id", "x" * 256), ("telltale.alert.state", "ajar"), ("telltale.device.mac.randomized", 1),
          ("telltale.device.confidence", 1.5), ("telltale.schema", "0.9"), ("@timestamp", "2014-06-30"),
          ("telltale.alert.id", MISSING), ("event.id", None))


def validate(tools_folder, events_folder):
    """Returns (events, faults, what it says)."""
    done = subprocess.run(["node", VALIDATE, tools.ajv_folder(tools_folder), fields.SCHEMAS, events_folder], check=False,
                          capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return 0, 0, done.stderr
    *said, numbers = done.stdout.splitlines()
    return *map(int, numbers.split()), "\n".join(said[:3])


def broken_events(alert):
    for path, value in BROKEN:
        event = with_change(alert, path, value)
        if value is MISSING:
            del event["telltale"]["alert"]["id"]
        yield path, event


def check_broken(checks, tools_folder, alert):
    ours = Schemas()
    checks.equal(ours.faults("telltale.alert", alert), [], "the alert itself")
    with scratch() as folder:
        with open(os.path.join(folder, "broken.jsonl"), "w", encoding="utf-8") as file:
            for path, event in broken_events(alert):
                checks.that(ours.faults("telltale.alert", event), f"our validator takes a broken {path}")
                file.write(json.dumps(event) + "\n")
        checks.equal(validate(tools_folder, folder)[:2], (len(BROKEN), len(BROKEN)), "broken events, and what ajv refuses")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("events", "tools"):
        parser.add_argument("--" + name, required=True)
    given, checks = parser.parse_args(), Checks()
    if not os.path.isdir(tools.ajv_folder(given.tools)):
        skip("npm's package ajv cannot be had")
    files = {name: events_in(os.path.join(given.events, name)) for name in os.listdir(given.events)}
    count, faults, said = validate(given.tools, given.events)
    checks.equal((count, faults), (sum(map(len, files.values())), 0), f"events that break the schema: {said}")
    alert = next(event for event in files[HAND_MADE + ".jsonl"] if dataset(event) == "alert")
    check_broken(checks, given.tools, alert)
    checks.finish()


if __name__ == "__main__":
    main()
