#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes official_fields.json: name, type and expected words of those fields of Elastic Common Schema that events have.

usage: official_fields.py FOLDER     the folder of npm's package @elastic/ecs (`npm pack @elastic/ecs@9.4.0`)
"""
import json
import os
import subprocess
import sys

import fields

FACTS = os.path.join(fields.FOLDER, "official_fields.json")
NOTE = ("Facts (name, type, expected words) of the fields that events have, from the npm package @elastic/ecs by "
        "Elasticsearch B.V., Apache License 2.0. Made by official_fields.py.")
PRINT = "const ecs = require(process.argv[1]); process.stdout.write(JSON.stringify([ecs.EcsVersion, ecs.EcsFlat]))"


def read_package(folder):
    """Returns the version and the definition of every field."""
    index = os.path.join(os.path.abspath(folder), "build", "commonjs", "index.js")
    return json.loads(subprocess.run(["node", "-e", PRINT, index], check=True, capture_output=True, timeout=60).stdout)


def fact(definition):
    says = {"type": definition["type"]}
    if "array" in definition["normalize"]:
        says["list"] = True
    if "pattern" in definition:
        says["pattern"] = definition["pattern"]
    if allowed := definition.get("allowed_values"):
        says["words"] = [word["name"] for word in allowed]
        types = {word["name"]: word["expected_event_types"] for word in allowed if "expected_event_types" in word}
        if types:
            says["types"] = types
    elif expected := definition.get("expected_values"):
        says["words"] = expected
    return says


def facts(folder):
    version, flat = read_package(folder)
    used = sorted({path for schema in fields.by_dataset().values() for path in schema if not path.startswith("telltale.")})
    return {"note": NOTE, "version": version, "fields": {path: fact(flat[path]) for path in used if path in flat}}


def text(made):
    lines = [f"    {json.dumps(path)}: {json.dumps(says)}" for path, says in made["fields"].items()]
    head = "".join(f"  {json.dumps(key)}: {json.dumps(made[key])},\n" for key in ("note", "version"))
    return "{\n" + head + '  "fields": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(FACTS, "w", encoding="utf-8") as file:
        file.write(text(facts(sys.argv[1])))


if __name__ == "__main__":
    main()
