# SPDX-License-Identifier: Apache-2.0
"""The events' published schema, for tests."""
import json
import os
import re

from sensor_runs import PROJECT

SCHEMAS = os.path.join(PROJECT, "exporters", "ecs", "schema")
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}


class Schemas:
    """JSON Schema, as far as exporters/ecs/schema uses it; an unknown keyword is an error."""

    NOTES = {"$schema", "$id", "title", "description", "definitions"}

    def __init__(self):
        self.files = {}
        for name in os.listdir(SCHEMAS):
            with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
                self.files[name] = json.load(file)

    def faults(self, dataset, event):
        name = dataset.replace("telltale.", "") + ".json"
        return list(self._check(self.files[name], name, event, "")) if name in self.files else [f"no schema {name}"]

    def _check(self, schema, file, value, where):
        for keyword, rule in schema.items():
            if keyword not in self.NOTES:
                yield from getattr(self, "_" + keyword.lstrip("$"))(rule, schema, file, value, where)

    def _ref(self, rule, schema, file, value, where):
        target, _, path = rule.partition("#")
        target = target or file
        found = self.files[target]
        for part in path.strip("/").split("/"):
            found = found[part] if part else found
        yield from self._check(found, target, value, where)

    def _type(self, rule, schema, file, value, where):
        right = isinstance(value, TYPES[rule]) and (rule == "boolean" or not isinstance(value, bool))
        if not right:
            yield f"{where}: {value!r} is no {rule}"

    def _enum(self, rule, schema, file, value, where):
        if value not in rule:
            yield f"{where}: {value!r} is none of {rule}"

    def _required(self, rule, schema, file, value, where):
        for key in rule:
            if isinstance(value, dict) and key not in value:
                yield f"{where}.{key} is missing"

    def _properties(self, rule, schema, file, value, where):
        for key, part in value.items() if isinstance(value, dict) else ():
            if key in rule:
                yield from self._check(rule[key], file, part, f"{where}.{key}")

    def _additionalProperties(self, rule, schema, file, value, where):
        for key, part in value.items() if isinstance(value, dict) else ():
            if key in schema.get("properties", {}):
                continue
            if rule is False:
                yield f"{where}.{key} is not in the schema"
            elif isinstance(rule, dict):
                yield from self._check(rule, file, part, f"{where}.{key}")

    def _items(self, rule, schema, file, value, where):
        for part in value if isinstance(value, list) else ():
            yield from self._check(rule, file, part, where + "[]")

    def _minItems(self, rule, schema, file, value, where):
        if isinstance(value, list) and len(value) < rule:
            yield f"{where}: fewer than {rule}"

    def _minLength(self, rule, schema, file, value, where):
        if isinstance(value, str) and len(value) < rule:
            yield f"{where}: shorter than {rule}"

    def _maxLength(self, rule, schema, file, value, where):
        if isinstance(value, str) and len(value) > rule:
            yield f"{where}: {len(value)} characters, more than {rule}"

    def _pattern(self, rule, schema, file, value, where):
        if isinstance(value, str) and not re.search(rule, value):
            yield f"{where}: {value!r} does not match {rule}"

    def _minimum(self, rule, schema, file, value, where):
        if isinstance(value, (int, float)) and value < rule:
            yield f"{where}: {value} is below {rule}"

    def _maximum(self, rule, schema, file, value, where):
        if isinstance(value, (int, float)) and value > rule:
            yield f"{where}: {value} is above {rule}"
