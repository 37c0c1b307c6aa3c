# SPDX-License-Identifier: Apache-2.0
"""Every entry of a list in the code has a row in the document where its readers look for it.

Lists are X-lists, `#define TELLTALE_...(X)`. A new one gets a line in DOCUMENTS; all counters have a row
in sensor/COUNTERS.md.
"""
import re
from typing import NamedTuple

from rules.finding import Finding


class Document(NamedTuple):
    list: str
    readme: str
    argument: int  # of an entry: which of its arguments is documented
    form: str = r"`{}`"  # how it looks there
    section: str = ""  # the heading below which it is looked for; the whole file where empty


EVENTS = "exporters/README.md"
SIGNATURES = "signatures/README.md"
OBSERVATIONS = "exporters/observations/README.md"
METRICS = "exporters/prometheus/README.md"
KAFKA = "exporters/kafka/README.md"
OUTBOX = "exporters/store/outbox/README.md"
WORD = r"(?<![\w-]){}(?![\w-])"
CELL = r"\|[^|\n]*(?<![\w.]){}(?![\w.])[^|\n]*\|"
# A list may have several documents; lists that it is made of need no document of their own.
DOCUMENTS = [
    Document("TELLTALE_FIELDS", OBSERVATIONS, 1),
    Document("TELLTALE_RECORD_KINDS", OBSERVATIONS, 1, CELL, "## Kinds"),
    Document("TELLTALE_DNS_TYPES", OBSERVATIONS, 2, CELL, "## Kinds"),
    Document("TELLTALE_DECODE_OUTCOMES", METRICS, 1, section="## Reasons"),
    Document("TELLTALE_PORT_DROPS", METRICS, 1, section="## Reasons"),
    Document("TELLTALE_KAFKA_CAUSES", KAFKA, 1, section="## Causes"),
    Document("TELLTALE_OUTBOX_FAILURES", OUTBOX, 1, section="## When the file refuses to work"),
    Document("TELLTALE_LOOKUP_FIELDS", OUTBOX, 1, section="## Questions"),
    Document("TELLTALE_APPLICATIONS", EVENTS, 0, section="## Words"),
    Document("TELLTALE_DATASETS", EVENTS, 1, CELL, "## Fields of an event"),
    Document("TELLTALE_EVENT_ACTIONS", EVENTS, 1, WORD, "## Fields of an event"),
    Document("TELLTALE_TOPICS", EVENTS, 1, section="## Words"),
    Document("TELLTALE_ATTRIBUTION_METHODS", EVENTS, 1, section="## Words"),
    Document("TELLTALE_UNATTRIBUTED_CAUSES", EVENTS, 1, section="## Words"),
    Document("TELLTALE_RESERVED_OWNERS", EVENTS, 1, section="## Words"),
    Document("TELLTALE_SEVERITIES", EVENTS, 1, section="## Words"),
    Document("TELLTALE_ALERT_STATES", EVENTS, 1, section="## Words"),
    Document("TELLTALE_IDENTIFIER_TYPES", EVENTS, 1, section="## Words"),
    Document("TELLTALE_LEAK_LOCATIONS", EVENTS, 1, section="## Words"),
    Document("TELLTALE_PATTERN_SETS", SIGNATURES, 1, section="## Pattern sets"),
    Document("TELLTALE_EVIDENCE_SOURCES", SIGNATURES, 1, section="## Pattern sets"),
    Document("TELLTALE_EVIDENCE_SOURCES", EVENTS, 1, section="## Words"),
    Document("TELLTALE_OTHER_EVIDENCE", EVENTS, 1, section="## Words"),
    Document("TELLTALE_DESTINATION_NAMES", SIGNATURES, 0, section="## Pattern sets"),
    Document("TELLTALE_CATEGORIES", SIGNATURES, 1, section="## Words of entries"),
    Document("TELLTALE_SYSTEMS", SIGNATURES, 1, section="## Words of entries"),
    Document("TELLTALE_DEVICE_CLASSES", SIGNATURES, 1, section="## Words of entries"),
    Document("TELLTALE_PATTERN_KINDS", SIGNATURES, 1, section="## Words of entries"),
    Document("TELLTALE_POLICY_FIELDS", SIGNATURES, 1, section="## Words of entries"),
    Document("TELLTALE_MALFORMED_REASONS", "sensor/extract/README.md", 0, section="## Outcomes"),
]
INTERNAL = [  # lists without a document, and why
    ("TELLTALE_EVENT_PARTS", "members of a struct, not shown to users"),
    ("TELLTALE_CLEARS", "how correlate asks whether a flow can be read; policies say true and false"),
    ("TELLTALE_CACHE_OUTCOMES", "part of the report of a compilation, for developers"),
    ("TELLTALE_LINK_TYPES", "users see libpcap's names"),
    ("TELLTALE_TRANSPORTS", "a column of the registry of protocols"),
    ("TELLTALE_DELIVERY_STATES", "how the Kafka exporter accounts for what it has sent; not shown to users"),
    ("TELLTALE_SPEAKERS", "a column of the table of what a device says"),
    ("TELLTALE_READINGS", "a column of the table of what a device says"),
]
HERE = "tests/tidy/rules/documents.py"
COUNTERS = "sensor/COUNTERS.md"  # its fields and metrics are checked by tests/unit/app/counters_document_test.cc
COUNTER_ROW = r"\n\| `{}` \|"
COUNTED_WORDS = {"TELLTALE_DECODE_OUTCOMES", "TELLTALE_PORT_DROPS"}  # enumerations with a counter per word
LIST = re.compile(r"^#define (TELLTALE_\w+)\(X\)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
ENTRY = re.compile(r'\bX\(((?:"(?:\\.|[^"\\])*"|[^()"]|\([^()]*\))*)\)')
PART = re.compile(r"\b(TELLTALE_\w+)\(X\)")
ARGUMENT = re.compile(r'\s*("(?:\\.|[^"\\])*"(?:\s*"(?:\\.|[^"\\])*")*|[^,"]*)\s*(?:,|$)')


def _arguments(entry):
    return [re.sub(r'"\s*"', "", argument.strip()).strip('"') if argument.strip() != '""' else ""
            for argument in ARGUMENT.findall(entry.replace("\\\n", " ")) if argument]


class XList(NamedTuple):
    name: str
    path: str
    line: int
    entries: list  # (line, arguments)
    parts: list  # names of the lists that it is made of


def lists(tree):
    """Every X-list, with the entries that it has itself."""
    for path in tree.production():
        text = tree.text(path)
        for found in LIST.finditer(text):
            entries = [(text.count("\n", 0, found.start(2) + entry.start()) + 1, _arguments(entry.group(1)))
                       for entry in ENTRY.finditer(found.group(2))]
            yield XList(found.group(1), path, text.count("\n", 0, found.start()) + 1, entries, PART.findall(found.group(2)))


def whole(name, known):
    """The list and the lists that it is made of."""
    return [name] + [below for part in known[name].parts for below in whole(part, known)] if name in known else []


def entries_of(name, known):
    return [entry for part in whole(name, known) for entry in known[part].entries]


def is_of_counters(name):
    return name.endswith("_COUNTERS") or name in COUNTED_WORDS


def find(tree, documents=None, internal=None):
    documents = DOCUMENTS if documents is None else documents
    internal = INTERNAL if internal is None else internal
    known = {one.name: one for one in lists(tree)}
    documents = documents + [Document(name, COUNTERS, 0 if name.endswith("_COUNTERS") else 1, COUNTER_ROW) for name in known
                             if is_of_counters(name)]
    yield from names(known, documents, internal)
    for document in documents:
        if document.list in known:
            yield from rows(tree, known, document)


def names(known, documents, internal):
    """Every list is named once where it should be, has entries, and what is named exists."""
    without = [name for name, _ in internal]
    documented = {part for document in documents for part in whole(document.list, known)}
    for one in known.values():
        if not entries_of(one.name, known):
            yield Finding(one.path, one.line, f"{one.name} has no entry that tests/tidy can read: write X(...) in each line")
        if not is_of_counters(one.name) and one.name not in documented.union(without):
            yield Finding(one.path, one.line, f"{one.name} is documented nowhere that tests/tidy knows: add it to DOCUMENTS in "
                          f"{HERE}")
    listed = [(document.list, document.readme) for document in documents] + [(name, "") for name in without]
    for at, (name, readme) in enumerate(listed):
        if name not in known:
            yield Finding(HERE, 1, f"{name} is gone: remove its line")
        if (name, readme) in listed[:at]:
            yield Finding(HERE, 1, f"{name} is listed twice{' for ' + readme if readme else ''}: remove a line")


def rows(tree, known, document):
    text = tree.text(document.readme)
    if document.section:
        if document.section + "\n" not in text:
            yield Finding(document.readme, 1, f"has no section '{document.section}' to look for {document.list} in")
            return
        text = text.split(document.section + "\n", 1)[1].split("\n## ", 1)[0]
    seen = 0
    for line, arguments in entries_of(document.list, known):
        word = arguments[document.argument] if len(arguments) > document.argument else ""
        seen += bool(word)
        if word and not re.search(document.form.replace("{}", re.escape(word)), text):
            yield Finding(known[document.list].path, line, f"{word} has no row in {document.readme}"
                          f"{' under ' + document.section if document.section else ''}: add one")
    if not seen:
        yield Finding(HERE, 1, f"{document.list} has no entry with argument {document.argument}: name another")
