#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every event against Elastic Common Schema and the published JSON Schema: events of generated traffic, of the golden
captures and hand-made ones of every dataset, which have every field of the schema between them."""
import copy

import fields
from ecs import Official, prefixes
from feed import HAND_MADE, dataset, start
from schemas import Schemas
from sensor_runs import Checks


def check_events(checks, official, name, events):
    schemas, major = Schemas(), fields.version()[0]
    checks.that(events, f"{name}: no events")
    for event in events:
        faults = [*official.faults(event), *schemas.faults(event["event"]["dataset"], event)]
        checks.equal(faults[:3], [], f"{name}: {event['event']['id']}")
        checks.that(f".v{major}:" in event["event"]["id"], f"{name}: {event['event']['id']} is not of version {major}")
        checks.equal(event["ecs"]["version"], official.version, f"{name}: ecs.version")


def check_paths(checks, events):
    """One index pattern reads all datasets: what is a value in one must not be an object in another."""
    told = {path for event in events for path, _, _ in fields.leaves(event)}
    checks.equal(list(prefixes(told)), [], "paths of all events")
    described = {path for part in fields.by_dataset().values() for path, field in part.items() if field.kind != "objects"}
    checks.equal(list(prefixes(described)), [], "paths of the schema")


def check_every_field(checks, events):
    told = {path for event in events for path, _, _ in fields.leaves(event)}
    described = {path for part in fields.by_dataset().values() for path, field in part.items() if field.kind != "objects"}
    for path in sorted(described - told):
        held = path.endswith(fields.ANY) and any(one.startswith(path[:-len(fields.ANY)]) for one in told)
        checks.that(held, f"{path} is in the schema, and no hand-made event has it")


def with_change(event, path, value):
    changed = copy.deepcopy(event)
    *folders, last = path.split(".")
    part = changed
    for folder in folders:
        part = part.setdefault(folder, {})
    part[last] = value
    return changed


# Changes that ECS refuses, each put into a hand-made alert.
REFUSED = (("made.up", 1), ("event.category", ["made_up"]), ("event.category", "network"), ("event.type", ["change"]),
           ("event.duration", "1 s"), ("event.severity", 2**63), ("event.created", "yesterday"), ("source.ip", "here"),
           ("host.mac", ["64:cc:2e:0a:00:01"]), ("host.name", None), ("related.ip", []), ("host.os", {}),
           ("network.direction", "up"))
BELOW_A_VALUE = "telltale.device.class.other"  # telltale.device.class is a word


def check_refused(checks, official, event):
    checks.equal(list(official.faults(event)), [], "the alert itself")
    for path, value in REFUSED:
        checks.that(list(official.faults(with_change(event, path, value))), f"nobody objects to {path} = {value!r}")
    told = {path for path, _, _ in fields.leaves(event)}
    checks.that(list(prefixes(told | {BELOW_A_VALUE})), "nobody objects to a value that is an object elsewhere")


def main():
    given, checks, official = start(__doc__), Checks(), Official()
    samples = given.events[HAND_MADE]
    for name, events in given.events.items():
        check_events(checks, official, name, events)
    check_every_field(checks, samples)
    check_paths(checks, [event for events in given.events.values() for event in events])
    check_refused(checks, official, next(event for event in samples if dataset(event) == "alert"))
    checks.finish()


if __name__ == "__main__":
    main()
