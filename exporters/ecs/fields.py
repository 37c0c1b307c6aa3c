# SPDX-License-Identifier: Apache-2.0
"""The fields of events as exporters/ecs/schema describes them: what templates, searches, rules and tests are held against."""
import collections
import json
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(FOLDER, "schema")
COMMON = "common.json"

# kind: a definition of common.json that has no parts (text, count, ip, ...), or words, boolean, objects (a list of
# objects, whose parts are fields, too). words: the closed list, or (). always: no event of the dataset lacks it.
Field = collections.namedtuple("Field", "kind is_list words always")
ANY = "*"  # the last part of a path whose name the sensor chooses: telltale.health.*


def load():
    """Returns the schemas by file name."""
    schemas = {}
    for name in sorted(os.listdir(SCHEMAS)):
        with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
            schemas[name] = json.load(file)
    return schemas


def version(schemas=None):
    """Returns telltale.schema as (major, minor)."""
    words = (schemas or load())[COMMON]["definitions"]["schema_version"]["enum"]
    assert len(words) == 1, "telltale.schema has one value"
    major, minor = words[0].split(".")
    return int(major), int(minor)


def by_dataset(schemas=None):
    """Returns {"alert": {"event.severity": Field, ...}, ...}: the leaves of every dataset's schema."""
    schemas = schemas or load()
    common = schemas[COMMON]["definitions"]
    found = {}
    for name, schema in schemas.items():
        if name != COMMON:
            fields = found[name[:-len(".json")]] = {}
            _collect(schema, common, "", True, False, fields)
    return found


def _collect(schema, common, path, always, is_list, fields):
    kind = None
    while "$ref" in schema:
        kind = schema["$ref"].rsplit("/", 1)[1]
        schema = common[kind]
    if schema.get("type") == "array":
        items = schema["items"]
        if "properties" in items:
            fields[path] = Field("objects", True, (), always)
        _collect(items, common, path, always, True, fields)
    elif "properties" in schema:
        for key, part in schema["properties"].items():
            inner = f"{path}.{key}" if path else key
            _collect(part, common, inner, always and key in schema.get("required", ()), is_list, fields)
    elif schema.get("type") == "object":
        _collect(schema["additionalProperties"], common, f"{path}.{ANY}", False, is_list, fields)
    elif "enum" in schema:
        words = tuple(sorted(schema["enum"], key=str))
        boolean = all(isinstance(word, bool) for word in words)
        fields[path] = Field("boolean" if boolean else "words", is_list, () if boolean else words, always)
    else:
        fields[path] = Field(kind or _plain(schema, path), is_list, (), always)


def _plain(schema, path):
    plain = {"boolean": "boolean", "integer": "count", "string": "text"}
    assert schema.get("type") in plain, f"{path}: the schema says no type"
    return plain[schema["type"]]


def find(fields, path):
    """Returns the field of this path in a dataset's fields, or None: telltale.health.frames is telltale.health.*"""
    if path in fields:
        return fields[path]
    parts = path.split(".")
    for end in range(1, len(parts)):
        if found := fields.get(".".join(parts[:end] + [ANY])):
            return found
    return None


def leaves(event, path=""):
    """Yields (path, value, is in a list) of every value of an event; lists of objects are looked into. The value of an
    empty list or object is None."""
    if event in ({}, []):
        yield path, None, isinstance(event, list)
    elif isinstance(event, dict):
        for key, part in event.items():
            yield from leaves(part, f"{path}.{key}" if path else key)
    elif isinstance(event, list):
        for part in event:
            for inner, value, _ in leaves(part, path):
                yield inner, value, True
    else:
        yield path, event, False
