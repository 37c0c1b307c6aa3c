#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes mappings.json and index_template.json for Elasticsearch: the fields of exporters/ecs/schema with the types of
exporters/ecs/official_fields.json, and for what is under telltale the types below."""
import json
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(FOLDER), "ecs"))
import fields  # noqa: E402
import official_fields  # noqa: E402

MAPPINGS, TEMPLATE = "mappings.json", "index_template.json"
COMPONENT, CUSTOM = "telltale@mappings", "telltale@custom"
PATTERN = "logs-telltale.*-*"
TYPES = {"text": "keyword", "words": "keyword", "mac": "keyword", "country": "keyword", "long_text": "match_only_text",
         "timestamp": "date", "ip": "ip", "count": "long", "delta": "long", "port": "long", "unit": "float",
         "boolean": "boolean", "objects": "nested"}


def data_stream(dataset, namespace="default"):
    return f"logs-telltale.{dataset}-{namespace}"


def mapping_of(kind):
    if kind == "keyword":
        return {"type": kind, "ignore_above": 1024}
    if kind == "nested":  # also searched as if it were flat, so that Lucene queries find it
        return {"type": kind, "include_in_parent": True}
    return {"type": kind}


def types():
    """Returns the type of every field; a field has the same in all datasets."""
    with open(official_fields.FACTS, encoding="utf-8") as file:
        official = json.load(file)["fields"]
    found = {}
    for dataset, described in fields.by_dataset().items():
        for path, field in described.items():
            kind = official[path]["type"] if path in official else TYPES[field.kind]
            assert found.setdefault(path, kind) == kind, f"{path} is {kind} in {dataset}, {found[path]} elsewhere"
    return found


def properties(kinds):
    """Returns the mappings of these fields as nested objects."""
    tree = {}
    for path, kind in sorted(kinds.items()):
        *folders, last = path.split(".")
        part = tree
        for folder in folders:
            part = part.setdefault(folder, {}).setdefault("properties", {})
        part.setdefault(last, {}).update(mapping_of(kind))
    return tree


def mappings():
    kinds = types()
    open_paths = sorted(path for path in kinds if path.endswith("." + fields.ANY))
    tree = properties({path: kind for path, kind in kinds.items() if path not in open_paths})
    templates = []
    for path in open_paths:  # names that the sensor chooses: only there may fields be added
        folder = path[:-len("." + fields.ANY)]
        part = {"properties": tree}
        for name in folder.split("."):
            part = part["properties"].setdefault(name, {})
        part.update({"type": "object", "dynamic": True})
        templates.append({folder: {"path_match": path, "match_mapping_type": "long", "mapping": mapping_of(kinds[path])}})
    return {"dynamic": False, "dynamic_templates": templates, "properties": tree}


def documents():
    """Returns what the files say."""
    meta = {"telltale_schema": "{}.{}".format(*fields.version()), "made_by": "exporters/elastic/make_templates.py"}
    settings = {"index.mode": "standard", "index.mapping.total_fields.limit": 2000}  # the health event has many figures
    component = {"template": {"settings": settings, "mappings": mappings()}, "_meta": meta}
    template = {"index_patterns": [PATTERN], "priority": 200, "data_stream": {}, "composed_of": [COMPONENT, CUSTOM],
                "ignore_missing_component_templates": [CUSTOM], "_meta": meta}
    return {MAPPINGS: component, TEMPLATE: template}


def text(document, depth=0):
    """Returns JSON with a field on a line."""
    if not isinstance(document, dict) or not any(isinstance(part, dict) for part in document.values()):
        return json.dumps(document)
    inner = ",\n".join("  " * (depth + 1) + json.dumps(key) + ": " + text(part, depth + 1) for key, part in document.items())
    return "{\n" + inner + "\n" + "  " * depth + "}"


def main():
    for name, document in documents().items():
        with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as file:
            file.write(text(document) + "\n")


if __name__ == "__main__":
    main()
