# SPDX-License-Identifier: Apache-2.0
"""Says what Elastic Common Schema does not allow in an event, by the facts in exporters/ecs/official_fields.json."""
import datetime
import ipaddress
import json
import re

import fields
import official_fields

OURS = "telltale."


def is_date(value):
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except (AttributeError, ValueError):
        return False


def is_ip(value):
    try:
        return bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def is_text(value):
    return isinstance(value, str) and value != ""


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_long(value):
    return isinstance(value, int) and not isinstance(value, bool) and -2**63 <= value < 2**63


HOLDS = {"keyword": is_text, "wildcard": is_text, "match_only_text": is_text, "constant_keyword": is_text,
         "long": is_long, "float": is_number, "ip": is_ip, "date": is_date}


def prefixes(paths):
    """Yields every path that is the beginning of another one: no index can hold both."""
    known = set(paths)
    for path in sorted(known):
        parts = path.split(".")
        for end in range(1, len(parts)):
            if (shorter := ".".join(parts[:end])) in known:
                yield f"{shorter} is a value and, in {path}, an object"


class Official:
    def __init__(self):
        with open(official_fields.FACTS, encoding="utf-8") as file:
            read = json.load(file)
        self.version, self.fields = read["version"], read["fields"]

    def faults(self, event):
        """Yields what ECS does not allow in this event."""
        seen = {}
        for path, value, in_list in fields.leaves(event):
            seen[path] = in_list
            if value is None:
                yield f"{path} is null, or empty"
            elif not path.startswith(OURS):
                yield from self._value(path, value)
        for path, in_list in seen.items():
            if path in self.fields and in_list != self.fields[path].get("list", False):
                yield f"{path} is {'a list' if in_list else 'no list'}, ECS says otherwise"
        yield from prefixes(seen)
        yield from self._classes(event)

    def _value(self, path, value):
        says = self.fields.get(path)
        if says is None:
            yield f"{path} is neither a field of ECS nor under {OURS}"
        elif not HOLDS[says["type"]](value):
            yield f"{path}: {value!r} is no {says['type']}"
        elif value not in says.get("words", (value,)):
            yield f"{path}: ECS does not expect {value!r}"
        elif not re.search(says.get("pattern", ""), str(value)):
            yield f"{path}: {value!r} does not match {says['pattern']}"

    def _classes(self, event):
        """event.type must be one that ECS expects in one of the event's categories."""
        types = self.fields["event.category"]["types"]
        expected = {word for category in event["event"]["category"] for word in types.get(category, ())}
        for word in event["event"]["type"]:
            if word not in expected:
                yield f"event.type {word!r} is not expected in {event['event']['category']}"
