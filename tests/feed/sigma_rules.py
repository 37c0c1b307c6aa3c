#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule of exporters/sigma over events of the sensor, by pySigma's SQLite backend: it hits in one capture and not in
another, its fields are the schema's, and its words are possible."""
import sqlite3
import sys

import fields
import tools
from feed import captured, start
from sensor_runs import Checks, skip

# In which capture a rule must hit, and in which, of the same kind of events, it must not.
EXPECTED = {
    "account_in_clear": ("http", "tunnel"),
    "data_to_watched_country": ("quic", "ssh"),
    "encrypted_dns": ("office-day", "tls_server"),
    "hidden_server_name": ("tls", "tls_server"),
    "sensor_sees_less": ("cut", "office-day"),
    "severe_alert_opened": ("http", "http2"),
    "telemetry_to_maker": ("dns", "http"),
    "unidentified_device": ("tunnel", "arp"),
    "upload_to_unknown_owner": ("office-day", "ssh"),
    "vpn_tunnel": ("openvpn", "tls"),
}
NUMBERS = {"count", "delta", "unit", "port"}
ORDERED = {"gt", "gte", "lt", "lte"}
TEXT_ONLY = {"startswith", "endswith", "contains"}


def make_table(events, columns):
    """An event is a row, a field a column: no rule reads a list."""
    table = sqlite3.connect(":memory:")
    quoted = [f"`{column}`" for column in columns]
    table.execute(f"CREATE TABLE events ({', '.join(quoted)})")
    for event in events:
        values = {path: value for path, value, _ in fields.leaves(event)}
        row = [str(value).lower() if isinstance(value, bool) else value for value in map(values.get, columns)]
        table.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(columns))})", row)
    return table


def check_fields(checks, rules, rule, figures):
    described = fields.by_dataset()[rules.dataset_of(rule)]
    checks.equal(rule.read["logsource"], {"product": "telltale", "service": rules.dataset_of(rule)}, f"{rule.name}: logsource")
    for path in [field for field, _, _ in rules.tests_of(rule)] + rule.read["fields"]:
        field = fields.find(described, path)
        if not checks.that(field, f"{rule.name}: the schema has no {path} in this dataset"):
            continue
        checks.that(not field.is_list, f"{rule.name}: {path} is a list, which SIEMs name differently")
        checks.that(not path.startswith("telltale.health.") or path in figures, f"{rule.name}: no health event has {path}")
    for path, modifiers, value in rules.tests_of(rule):
        field = fields.find(described, path)
        if field is None or "exists" in modifiers:
            continue
        if field.kind == "words" and not modifiers:
            checks.that(value in field.words, f"{rule.name}: {path} is never {value!r}, one of {field.words}")
        kind = bool if field.kind == "boolean" else int if field.kind in NUMBERS else str
        checks.that(isinstance(value, kind), f"{rule.name}: {path} is a {field.kind}, {value!r} is not")
        checks.that(not ORDERED & set(modifiers) or field.kind in NUMBERS, f"{rule.name}: {path} has no order")
        checks.that(not TEXT_ONLY & set(modifiers) or field.kind == "text", f"{rule.name}: {path} is no text")


def check_hits(checks, rules, loaded, captures):
    columns = sorted({field for rule in loaded for field, _, _ in rules.tests_of(rule)})
    tables = {name: make_table(events, columns) for name, events in captures.items()}
    for rule in loaded:
        kind = f"`event.dataset` = 'telltale.{rules.dataset_of(rule)}'"
        hit, miss = EXPECTED[rule.name]
        checks.that(tables[hit].execute(rule.sqlite).fetchall(), f"{rule.name}: no hit in {hit}")
        checks.equal(tables[miss].execute(rule.sqlite).fetchall(), [], f"{rule.name}: hits in {miss}")
        for name in (hit, miss):
            all_of_kind = tables[name].execute(f"SELECT count(*) FROM events WHERE {kind}").fetchone()[0]
            checks.that(all_of_kind, f"{rule.name}: {name} has no such events, so that it shows nothing")
        everything = sum(len(table.execute(rule.sqlite).fetchall()) for table in tables.values())
        print(f"{rule.name}: {everything} hits in {len(captures)} captures")


def main():
    given, checks = start(__doc__), Checks()
    if not tools.has_python(given.tools):
        skip("pySigma cannot be had")
    sys.path.insert(0, tools.python_folder(given.tools))
    import rules
    loaded = rules.load()
    checks.equal([rule.name for rule in loaded], sorted(EXPECTED), "rules of exporters/sigma")
    checks.equal(len({rule.read["id"] for rule in loaded}), len(loaded), "ids of the rules")
    captures = captured(given)
    figures = {path for events in captures.values() for event in events for path, _, _ in fields.leaves(event)}
    for rule in loaded:
        check_fields(checks, rules, rule, figures)
    check_hits(checks, rules, loaded, captures)
    checks.finish()


if __name__ == "__main__":
    main()
