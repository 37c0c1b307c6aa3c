#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes searches.ndjson for Kibana: a data view, a saved search for every view below and one for every rule of
exporters/sigma, as pySigma's Lucene backend writes it. Needs pySigma (tests/feed/tools.py installs it)."""
import json
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(FOLDER), "sigma"))
import rules  # noqa: E402

SEARCHES = "searches.ndjson"
DATA_VIEW = "telltale"
INDEX_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"

# name, title, description, query, columns
VIEWS = (
    ("alerts", "Alerts", "What the policies reported, newest first.", "event.dataset:telltale.alert",
     ("event.severity", "rule.name", "host.name", "destination.domain", "telltale.owner.name", "telltale.alert.state",
      "telltale.alert.count")),
    ("devices", "Devices", "Who is on the network: every device as it was seen first, identified or changed.",
     "event.dataset:telltale.device",
     ("event.action", "host.name", "host.ip", "device.manufacturer", "device.model.name", "host.os.family", "host.type",
      "telltale.device.confidence")),
    ("contacts", "First contacts", "Who met whom for the first time.", "event.dataset:telltale.destination",
     ("host.name", "destination.domain", "destination.ip", "telltale.owner.name", "telltale.owner.country",
      "telltale.destination.category", "network.protocol")),
    ("transfers", "Transfers", "Bytes of a device to an owner in an interval; sum them, they are deltas.",
     "event.dataset:telltale.transfer",
     ("host.name", "telltale.owner.name", "telltale.destination.category", "source.bytes", "destination.bytes",
      "telltale.transfer.domains")),
    ("not-attributed", "Transfers to owners that are not known", "And why not: telltale.owner.cause.",
     "event.dataset:telltale.transfer AND telltale.owner.id:unattributed",
     ("host.name", "source.bytes", "destination.bytes", "telltale.owner.cause", "telltale.transfer.domains")),
    ("health", "Sensors", "What the sensors say of themselves.", "event.dataset:telltale.health",
     ("observer.name", "message", "telltale.health.frames", "telltale.health.records.lost")),
    ("configuration", "Changes of the configuration", "Reloads, applied or rejected.", "event.dataset:telltale.config",
     ("observer.name", "event.action", "event.outcome", "error.message", "telltale.config.applied")),
)


def saved_object(kind, identity, attributes, references=()):
    return {"id": identity, "type": kind, "attributes": attributes, "references": list(references),
            "coreMigrationVersion": "8.8.0", "typeMigrationVersion": "8.0.0"}


def search(name, title, description, query, columns):
    source = {"query": {"query": query, "language": "lucene"}, "filter": [], "indexRefName": INDEX_REFERENCE}
    attributes = {"title": title, "description": description, "columns": list(columns), "sort": [["@timestamp", "desc"]],
                  "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)}}
    reference = {"id": DATA_VIEW, "name": INDEX_REFERENCE, "type": "index-pattern"}
    return saved_object("search", f"telltale-{name}", attributes, [reference])


def objects(loaded):
    view = {"title": rules.ELASTIC_INDEX, "name": "Telltale", "timeFieldName": "@timestamp"}
    yield saved_object("index-pattern", DATA_VIEW, view)
    for name, title, description, query, columns in VIEWS:
        yield search(name, f"Telltale: {title}", description, query, columns)
    for rule in loaded:
        yield search("rule-" + rule.name.replace("_", "-"), f"Telltale rule: {rule.read['title']}",
                     " ".join(rule.read["description"].split()), rule.lucene, rule.read["fields"])


def text(loaded):
    return "".join(json.dumps(one, sort_keys=True) + "\n" for one in objects(loaded))


def main():
    with open(os.path.join(FOLDER, SEARCHES), "w", encoding="utf-8") as file:
        file.write(text(rules.load()))


if __name__ == "__main__":
    main()
