# SPDX-License-Identifier: Apache-2.0
"""Every entry of a list in the code has a row in the document where its readers look for it.

Lists are X-lists, `#define TELLTALE_...(X)`. A new one gets a line in DOCUMENTS; lists of counters make sensor/COUNTERS.md.
"""
import re
from typing import NamedTuple

from rules.finding import Finding


class Document(NamedTuple):
    readme: str
    argument: int  # of an entry: which of its arguments is documented
    form: str = r"`{}`"  # how it looks there
    section: str = ""  # the heading below which it is looked for; the whole file where empty


EVENTS = "exporters/README.md"
SIGNATURES = "signatures/README.md"
OBSERVATIONS = "exporters/observations/README.md"
WORD = r"(?<![\w-]){}(?![\w-])"
CELL = r"\|[^|\n]*(?<![\w.]){}(?![\w.])[^|\n]*\|"
DOCUMENTS = {
    "TELLTALE_FIELDS": Document(OBSERVATIONS, 1),
    "TELLTALE_RECORD_KINDS": Document(OBSERVATIONS, 1, CELL, "## Kinds"),
    "TELLTALE_DNS_TYPES": Document(OBSERVATIONS, 2, CELL, "## Kinds"),
    "TELLTALE_CATEGORIES": Document("signatures/README.md", 1, WORD),
    "TELLTALE_DECODE_OUTCOMES": Document("exporters/prometheus/README.md", 1, section="## Reasons"),
    "TELLTALE_PORT_DROPS": Document("exporters/prometheus/README.md", 1, section="## Reasons"),
    "TELLTALE_APPLICATIONS": Document(EVENTS, 0, section="## Words"),
    "TELLTALE_EVIDENCE_SOURCES": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_DATASETS": Document(EVENTS, 1, CELL, "## Fields of an event"),
    "TELLTALE_EVENT_ACTIONS": Document(EVENTS, 1, WORD, "## Fields of an event"),
    "TELLTALE_TOPICS": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_ATTRIBUTION_METHODS": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_UNATTRIBUTED_CAUSES": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_RESERVED_OWNERS": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_SEVERITIES": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_ALERT_STATES": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_IDENTIFIER_TYPES": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_LEAK_LOCATIONS": Document(EVENTS, 1, section="## Words"),
    "TELLTALE_PATTERN_SETS": Document(SIGNATURES, 1),
    "TELLTALE_EVIDENCE_SOURCES": Document(SIGNATURES, 1),
    "TELLTALE_DEVICE_TEXTS": Document(SIGNATURES, 1, section="## Pattern sets"),
    "TELLTALE_FINDINGS": Document(SIGNATURES, 1, section="## Pattern sets"),
    "TELLTALE_OTHER_EVIDENCE": Document(SIGNATURES, 1, section="## Pattern sets"),
    "TELLTALE_DESTINATION_NAMES": Document(SIGNATURES, 0, section="## Pattern sets"),
    "TELLTALE_CATEGORIES": Document(SIGNATURES, 1, section="## Words of entries"),
    "TELLTALE_SYSTEMS": Document(SIGNATURES, 1, section="## Words of entries"),
    "TELLTALE_DEVICE_CLASSES": Document(SIGNATURES, 1, section="## Words of entries"),
    "TELLTALE_PATTERN_KINDS": Document(SIGNATURES, 1, section="## Words of entries"),
    "TELLTALE_POLICY_FIELDS": Document(SIGNATURES, 1, section="## Words of entries"),
    "TELLTALE_MALFORMED_REASONS": Document("sensor/extract/README.md", 0, section="## Outcomes"),
}
INTERNAL = {  # lists without a document, and why
    "TELLTALE_DELIVERY_STATES": "within the Kafka exporter, not shown to users",
    "TELLTALE_EVENT_PARTS": "members of a struct, not shown to users",
    "TELLTALE_CLEARS": "how correlate asks whether a flow can be read; policies say true and false",
    "TELLTALE_CACHE_OUTCOMES": "part of the report of a compilation, for developers",
    "TELLTALE_DELIVERY_STATES": "how the exporter keeps account of what is under way; not shown to users",
    "TELLTALE_SPEAKERS": "a column of the table of what a device says",
    "TELLTALE_READINGS": "a column of the table of what a device says",
}
COUNTERS = "sensor/COUNTERS.md"  # written by counters.py
COUNTED_WORDS = {"TELLTALE_DECODE_OUTCOMES", "TELLTALE_PORT_DROPS"}  # enumerations with a counter per word
LIST = re.compile(r"^#define (TELLTALE_\w+)\(X\)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
ENTRY = re.compile(r'\bX\(((?:"(?:\\.|[^"\\])*"|[^()"]|\([^()]*\))*)\)')
ARGUMENT = re.compile(r'\s*("(?:\\.|[^"\\])*"(?:\s*"(?:\\.|[^"\\])*")*|[^,"]*)\s*(?:,|$)')


def _arguments(entry):
    return [re.sub(r'"\s*"', "", argument.strip()).strip('"') if argument.strip() != '""' else ""
            for argument in ARGUMENT.findall(entry.replace("\\\n", " ")) if argument]


def lists(tree):
    """(list, path, line, [(line, arguments)]) of every X-list."""
    for path in tree.production():
        text = tree.text(path)
        for found in LIST.finditer(text):
            entries = []
            for entry in ENTRY.finditer(found.group(2)):
                line = text.count("\n", 0, found.start(2) + entry.start()) + 1
                arguments = _arguments(entry.group(1))
                entries.append((line, arguments))
            yield found.group(1), path, text.count("\n", 0, found.start()) + 1, entries


def is_of_counters(name):
    return name.endswith("_COUNTERS") or name in COUNTED_WORDS


def counters_document(tree):
    """sensor/COUNTERS.md as the lists have it."""
    parts = ["# Counters\n\nEvery counter of the sensor, as the code lists it: `tests/tidy/counters.py --update` writes this file. "
             "The health\nevent shows them as `telltale.health.*`, `/metrics` as `telltale_*`, both under the prefix of their "
             "list.\n"]
    for name, path, _, entries in lists(tree):
        if is_of_counters(name):
            rows = "".join(f"| `{arguments[0]}` | {arguments[-1]} |\n" for _, arguments in entries)
            parts.append(f"\n## {path}\n\n| counter | what it counts |\n| --- | --- |\n{rows}")
    return "".join(parts)


def find(tree, documents=None):
    documents = DOCUMENTS if documents is None else documents
    if tree.text(COUNTERS) != counters_document(tree):
        yield Finding(COUNTERS, 1, "is not what the lists of counters say: run tests/tidy/counters.py --update")
    for name, path, line, entries in lists(tree):
        if is_of_counters(name) or name in INTERNAL:
            continue
        document = documents.get(name)
        if document is None:
            yield Finding(path, line, f"{name} is documented nowhere that tests/tidy knows: add it to DOCUMENTS in "
                          "tests/tidy/rules/documents.py")
            continue
        text = tree.text(document.readme)
        if document.section:
            text = text.split(document.section + "\n", 1)[-1].split("\n## ", 1)[0]
        for line, arguments in entries:
            word = arguments[document.argument] if len(arguments) > document.argument else ""
            if word and not re.search(document.form.replace("{}", re.escape(word)), text):
                yield Finding(path, line, f"{word} has no row in {document.readme}"
                              f"{' under ' + document.section if document.section else ''}: add one")
