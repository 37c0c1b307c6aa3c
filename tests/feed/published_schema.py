#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The schema against the one published last: added fields raise MINOR, removed or renamed ones MAJOR; what does not change
raises nothing. The topics end with MAJOR."""
import copy
import os

import fields
import published
from sensor_runs import PROJECT, Checks

COUNT = {"$ref": "common.json#/definitions/count"}


def properties(schemas, dataset, *path):
    found = schemas[dataset + ".json"]["properties"]
    for part in path:
        found = found[part]["properties"]
    return found


def add_field(schemas):
    properties(schemas, "device", "telltale")["made_up"] = COUNT


def remove_field(schemas):
    del properties(schemas, "alert", "event")["reason"]


def rename_field(schemas):
    event = properties(schemas, "alert", "event")
    event["cause"] = event.pop("reason")


def change_kind(schemas):
    properties(schemas, "alert", "event")["reason"] = COUNT


def add_word(schemas):
    schemas["common.json"]["definitions"]["network"]["properties"]["type"]["enum"].append("ipx")


def remove_word(schemas):
    schemas["common.json"]["definitions"]["network"]["properties"]["type"]["enum"].remove("ipv6")


def no_longer_always(schemas):
    schemas["alert.json"]["properties"]["event"]["required"].remove("severity")


def always_from_now_on(schemas):
    schemas["alert.json"]["properties"]["event"]["required"].append("reason")


MAJOR, MINOR, SAME = (1, 0), (0, 1), (0, 0)
CHANGES = ((add_field, MINOR), (add_word, MINOR), (always_from_now_on, MINOR), (remove_field, MAJOR), (rename_field, MAJOR),
           (change_kind, MAJOR), (remove_word, MAJOR), (no_longer_always, MAJOR), (lambda schemas: None, SAME))


def check_changes(checks):
    now = fields.load()
    before = published.text((3, 4), fields.by_dataset(now))
    for change, raised in CHANGES:
        changed = copy.deepcopy(now)
        change(changed)
        wanted = (4, 0) if raised == MAJOR else (3, 4 + raised[1])
        for version in ((3, 4), (3, 5), (4, 0)):
            faults = list(published.compare(before, version, fields.by_dataset(changed)))
            checks.equal(faults == [], version == wanted, f"{change.__name__}, version {version}: {faults[:3]}")


def main():
    checks = Checks()
    checks.equal(list(published.compare(published.read(), fields.version(), fields.by_dataset())), [], "the schema's version")
    check_changes(checks)
    with open(os.path.join(PROJECT, "exporters", "README.md"), encoding="utf-8") as file:
        topics = f"`telltale.{{device,destination,transfer,alert,health}}.v{fields.version()[0]}`"
        checks.that(topics in file.read(), f"exporters/README.md does not say {topics}")
    checks.finish()


if __name__ == "__main__":
    main()
