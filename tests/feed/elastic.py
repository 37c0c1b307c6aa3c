#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exporters/elastic against the schema: the files are what their scripts make, every field of every event has a type in
the mappings that takes its value, the index pattern takes every dataset, and saved searches ask for fields that exist."""
import fnmatch
import json
import os
import re
import sys

import ecs
import fields
import make_templates
import tools
from feed import captured, dataset, start
from sensor_runs import Checks

HOLDS = {**ecs.HOLDS, "boolean": lambda value: isinstance(value, bool)}
FIELD = re.compile(r"(?:_exists_:)?([@A-Za-z_][\w.]*):")


def read(name):
    with open(os.path.join(make_templates.FOLDER, name), encoding="utf-8") as file:
        return file.read()


def flat(properties, path=""):
    """Returns {path: type} of mappings; open objects end with fields.ANY."""
    found = {}
    for key, part in properties.items():
        inner = f"{path}.{key}" if path else key
        if part.get("dynamic") is True:
            found[f"{inner}.{fields.ANY}"] = "object"
        if "type" in part and part["type"] != "object":
            found[inner] = part["type"]
        found.update(flat(part.get("properties", {}), inner))
    return found


def check_templates(checks):
    for name, document in make_templates.documents().items():
        checks.that(read(name) == make_templates.text(document) + "\n", f"make_templates.py makes another {name}")
    mappings = json.loads(read(make_templates.MAPPINGS))["template"]["mappings"]
    kinds = flat(mappings["properties"])
    for template in mappings["dynamic_templates"]:
        for rule in template.values():
            kinds[rule["path_match"]] = rule["mapping"]["type"]
    described = fields.by_dataset()
    wanted = {path for part in described.values() for path in part}
    checks.equal(sorted(wanted ^ set(kinds)), [], "fields of the schema and of the mappings")
    pattern, = json.loads(read(make_templates.TEMPLATE))["index_patterns"]
    for name in described:
        checks.that(fnmatch.fnmatchcase(make_templates.data_stream(name), pattern), f"{pattern} does not take {name}")
    return kinds


def check_values(checks, kinds, name, events):
    open_paths = tuple(path[:-len(fields.ANY)] for path in kinds if path.endswith(fields.ANY))
    faults = []
    for event in events:
        for path, value, _ in fields.leaves(event):
            kind = kinds.get(path)
            if path.startswith(open_paths):
                kind = next(kinds[start_of + fields.ANY] for start_of in open_paths if path.startswith(start_of))
            if kind not in HOLDS or not HOLDS[kind](value):
                faults.append(f"the mappings say {kind} of {path}, {value!r}")
    checks.equal(faults[:3], [], f"{name}: values that the mappings do not take")


def check_searches(checks, figures):
    described, known = fields.by_dataset(), set()
    for line in read("searches.ndjson").splitlines():
        one = json.loads(line)
        checks.that((one["type"], one["id"]) not in known, f"{one['id']} is there twice")
        known.add((one["type"], one["id"]))
        for reference in one["references"]:
            checks.that((reference["type"], reference["id"]) in known, f"{one['id']} refers to {reference['id']}")
        if one["type"] != "search":
            checks.that(fnmatch.fnmatchcase(make_templates.data_stream("alert"), one["attributes"]["title"]), "the data view")
            continue
        source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        query = source["query"]["query"]
        about = re.search(r"event\.dataset:telltale\.(\w+)", query)
        if not checks.that(about and about.group(1) in described, f"{one['id']} names no dataset: {query}"):
            continue
        asked = FIELD.findall(query.replace("_exists_:", "")) + one["attributes"]["columns"]
        checks.that(re.search(r"event\.dataset", " ".join(asked)), f"{one['id']}: no field found in {query}")
        for path in asked + re.findall(r"_exists_:([\w.]+)", query):
            there = fields.find(described[about.group(1)], path)
            checks.that(there and (path in figures or not path.startswith("telltale.health.")), f"{one['id']}: no field {path}")


def check_made(checks, folder):
    """Without pySigma the searches are held against the schema alone."""
    if not tools.has_python(folder):
        print("pySigma cannot be had: whether make_searches.py makes the same searches was not tested")
        return
    sys.path.insert(0, tools.python_folder(folder))
    import make_searches
    import rules
    checks.that(read(make_searches.SEARCHES) == make_searches.text(rules.load()), "make_searches.py makes other searches")


def main():
    given, checks = start(__doc__), Checks()
    kinds = check_templates(checks)
    for name, events in given.events.items():
        check_values(checks, kinds, name, events)
    health = [event for events in captured(given).values() for event in events if dataset(event) == "health"]
    figures = {path for event in health for path, _, _ in fields.leaves(event)}
    check_searches(checks, figures)
    check_made(checks, given.tools)
    checks.finish()


if __name__ == "__main__":
    main()
