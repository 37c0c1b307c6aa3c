#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds an entry to a copy of every closed list and compiles all code that names the list or its enumeration: it must either
still compile, because it works with any entry, or be refused by the compiler, where the table below says so. A switch with a
default that swallows the new entry is a finding.

usage: closed_lists.py REPOSITORY [COMPILER [LIST...]]; prints one line per finding and exits 1 if there is any.

Lists are found in the sources (`#define TELLTALE_...(X)`), and their users too: only what the compiler refuses is listed here.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

HEADERS = ("sensor", "exporters", "signatures")
VERSION = "sensor/app/version.h"  # which CMake makes
DEFINE = re.compile(r"^#define (TELLTALE_\w+)\(X\)((?:.*\\\n)*.*)$", re.M)
PACKAGES = ("libhs", "libdpdk")  # whose headers are not where the compiler looks
FLAGS = ["-std=c++20", "-fsyntax-only", "-DFMT_HEADER_ONLY", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wswitch-enum",
         "-Wno-error=switch-enum"]

# list: (the entry that is added, files that the compiler must refuse until they decide, files that use it without naming it).
# Counters need no line.
LISTS = {
    "TELLTALE_TOPICS": ('X(probe, "probe")', ["exporters/kafka/topic_plan.cc"]),
    "TELLTALE_DATASETS": ('X(probe, "telltale.probe", alert, 100)', ["exporters/ecs/notation.cc"]),
    "TELLTALE_EVENT_ACTIONS": ('X(probe, "probe", alert)', ["sensor/model/sentence.cc"]),
    "TELLTALE_EVENT_PARTS": ("X(Hosting, probe)", ["sensor/privacy/privacy_stage.cc"]),
    "TELLTALE_ATTRIBUTION_METHODS": ('X(probe, "probe", "a probe")', ["signatures/said_rows.cc"]),
    "TELLTALE_UNATTRIBUTED_CAUSES": ('X(probe, "probe", "probe", "a probe")', []),
    "TELLTALE_RESERVED_OWNERS": ('X(probe, "probe", "a probe")', ["sensor/correlate/what/bundle_ids.cc"]),
    "TELLTALE_SEVERITIES": ('X(probe, "probe")', ["signatures/parse_policy.cc"]),
    "TELLTALE_ALERT_STATES": ('X(probe, "probe")', []),
    "TELLTALE_IDENTIFIER_TYPES": ('X(probe, "probe", "a probe")', []),
    "TELLTALE_LEAK_LOCATIONS": ('X(probe, "probe")', [], ["exporters/ecs/telltale_section.cc"]),
    "TELLTALE_KAFKA_CAUSES": ('X(probe, "probe", topic, "a probe", "probe")', []),
    "TELLTALE_DELIVERY_STATES": ('X(probe, "a probe")', []),
    "TELLTALE_LOOKUP_FIELDS": ('X(probe, "probe", "a probe")', []),
    "TELLTALE_OUTBOX_FAILURES": ('X(probe, "probe", "a probe")', []),
    "TELLTALE_CLEARS": ('X(probe, "probe")', []),
    "TELLTALE_APPLICATIONS": ('X(probe, "probe", yes)', []),
    "TELLTALE_RECORD_KINDS": (
        'X(probe, "probe", "a probe")', ["sensor/correlate/who/steps.cc", "sensor/correlate/what/steps.cc"]),
    "TELLTALE_PORT_DROPS": ('X(probe, "probe", "a probe")', []),
    "TELLTALE_DECODE_OUTCOMES": ('X(probe, "probe", "a probe")', []),
    "TELLTALE_CATEGORIES": ('X(probe, "probe")', []),
    "TELLTALE_PATTERN_KINDS": ('X(probe, "probe")', ["sensor/match/pattern_text.cc"]),
    "TELLTALE_SYSTEMS": ('X(probe, "probe", "a probe", "linux")', []),
    "TELLTALE_DEVICE_CLASSES": ('X(probe, "probe")', []),
    "TELLTALE_POLICY_FIELDS": (
        'X(probe, "device.probe", device)', ["signatures/validate.cc", "sensor/correlate/what/policies.cc"]),
    "TELLTALE_SPEAKERS": ('X(probe, "probe")', []),
    "TELLTALE_READINGS": ('X(probe, "probe")', ["signatures/said_rows.cc"]),
    "TELLTALE_DEVICE_TEXTS": ('X(probe, "probe", "a probe", device, client_mac, text, dhcp)', []),
    "TELLTALE_FINDINGS": ('X(probe_finding, "probe_finding", "a probe", "probes")', []),
    "TELLTALE_OTHER_EVIDENCE": ('X(probe_other, "probe_other", "a probe", 0.5)', []),
    "TELLTALE_DESTINATION_NAMES": ("X(http_host, 0.9, client_mac, text, http)", []),
    "TELLTALE_FIELDS": ('X(probe, "probe", text)', []),
    "TELLTALE_DNS_TYPES": ('X(probe, 999, "PROBE")', []),
    "TELLTALE_MALFORMED_REASONS": ('X(probe, "malformed_probe", "a probe")', []),
    "TELLTALE_CACHE_OUTCOMES": ('X(probe, "probe")', []),
    "TELLTALE_TRANSPORTS": ('X(probe, "probe")', []),
    "TELLTALE_LINK_TYPES": ('X(probe, "probe", DLT_EN10MB)', ["sensor/decode/link_layer.cc"]),
}
COUNTER = 'X(probe, counter, "Probes")'
OF_OTHERS = {"TELLTALE_PATTERN_SETS", "TELLTALE_EVIDENCE_SOURCES"}  # made of other lists, which get the entries
OTHER_NAMES = {"TELLTALE_RECORD_KINDS": "RecordKind", "TELLTALE_FIELDS": "Field"}  # enumerations that are declared by hand
SWALLOWS = {  # files with a switch whose default is right for any entry, and why
    "exporters/observations/observation_writer.cc": "kinds that are written once per sender are named; others always are",
    "sensor/correlate/what/event_parts.cc": "applications with words of their own are named; others are in clear or not",
    "sensor/decode/defragmenter.cc": "links of ports are named; others, of files, are decoded whole",
}
ENUMERATION = re.compile(r"\bTELLTALE_ENUMERATION\((\w+),[^,]*,\s*(TELLTALE_\w+)\)")
SWALLOWED = re.compile(r"^(\S+?):\d+:\d+: warning: enumeration value .probe\w*. not handled in switch", re.M)


def entry_of(name):
    return COUNTER if name.endswith("_COUNTERS") else LISTS[name][0]


class House:
    """The sources, and which of them use which list."""

    def __init__(self, root, compiler):
        self.root, self.compiler = root, compiler
        found = subprocess.run(["pkg-config", "--cflags-only-I", *PACKAGES], capture_output=True, text=True, check=True)
        self.flags = FLAGS + found.stdout.replace("-I", "-isystem").split()
        self.texts = {}
        for top in HEADERS:
            for folder, _, names in os.walk(os.path.join(root, top)):
                for name in names:
                    if name.endswith((".h", ".cc")):
                        path = os.path.relpath(os.path.join(folder, name), root)
                        self.texts[path] = open(os.path.join(root, path), encoding="utf-8").read()
        self.lists = {match.group(1): path for path, text in self.texts.items() for match in DEFINE.finditer(text)}
        self.enumerations = dict(OTHER_NAMES)
        for text in self.texts.values():
            self.enumerations |= {match.group(2): match.group(1) for match in ENUMERATION.finditer(text)}

    def words(self, name):
        """The names by which code uses a list: its own, of its enumeration, of tables by that, and of lists made of it."""
        words = {name}
        if enumeration := self.enumerations.get(name):
            by_it = re.compile(rf"\bEnumArray<(?:\w+::)*{enumeration},[^;]*?>\s+(k\w+)")
            words |= {enumeration} | {match.group(1) for text in self.texts.values() for match in by_it.finditer(text)}
        for match in DEFINE.finditer(self.texts[self.lists[name]]):
            if match.group(1) != name and f"{name}(X)" in match.group(2):
                words |= self.words(match.group(1))
        return words

    def users(self, name):
        """Files that name the list, or say in the table above that they use it."""
        word = re.compile(rf"\b(?:{'|'.join(self.words(name))})\b")
        return {path for path, text in self.texts.items() if word.search(text)}.union(*LISTS.get(name, [])[1:])

    def compile(self, path, lists):
        """Compiles a file with one more entry in each of the lists; returns whether that is possible, and the messages."""
        with tempfile.TemporaryDirectory() as overlay:
            for header in {self.lists[name] for name in lists}:
                text = self.texts[header]
                for name in lists:
                    if self.lists[name] == header:
                        text = with_entry(text, name, entry_of(name))
                self.write(overlay, header, text)
            unit = path if path.endswith(".cc") else self.write(overlay, "unit.cc", f'#include "{path}"\n')
            if not os.path.exists(unit := os.path.join(overlay, unit)):
                unit = os.path.join(self.root, path)
            version = open(os.path.join(self.root, VERSION + ".in"), encoding="utf-8").read()
            self.write(overlay, VERSION, re.sub(r"@\w+@", "0", version))
            command = [self.compiler, *self.flags, "-I", overlay, "-I", self.root, unit]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return done.returncode == 0, done.stderr

    @staticmethod
    def write(folder, path, text):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
        return path


def with_entry(text, name, entry):
    """The header's text with one more entry at the end of the list."""
    match = next(m for m in DEFINE.finditer(text) if m.group(1) == name)
    end = match.end() - (len(match.group()) - len(match.group().rstrip()))
    return text[:end] + " " + entry + text[match.end():]


def works(house, path, lists):
    """The file compiles with any entry, and no default swallows one."""
    good, said = house.compile(path, lists)
    if not good:
        yield f"{path}: does not compile with one more entry in {', '.join(sorted(lists))}:\n{said[:1500]}"
    for place in SWALLOWED.findall(said):
        where = next(known for known in house.texts if place.endswith(known))
        if where not in SWALLOWS:
            yield f"{where}: a default swallows a new entry: name each, or say in SWALLOWS why it is right ({path})"


def refuses(house, path, name):
    good, said = house.compile(path, [name])
    if good:
        yield f"{path}: compiles with an entry in {name} that it does not know"
    elif not any(reason in said for reason in ("probe", "Hosting", "static assertion failed")):
        yield f"{path}: is refused for another reason than the entry in {name}:\n{said[:1500]}"


def table(house):
    """Yields what is missing from the table here, or is in it for nothing."""
    for name in sorted(set(house.lists) - set(LISTS) - OF_OTHERS):
        if not name.endswith("_COUNTERS"):
            yield f"{house.lists[name]}: {name} is not in tests/tidy/closed_lists.py: give it an entry"
    for name in sorted((set(LISTS) | OF_OTHERS) - set(house.lists)):
        yield f"tests/tidy/closed_lists.py: {name} is gone"
    for path in sorted(set(SWALLOWS) - set(house.texts)):
        yield f"tests/tidy/closed_lists.py: {path} is gone"
    for name in sorted(set(LISTS) & set(house.lists)):
        if len(house.users(name)) < 2:  # the header alone
            yield f"{house.lists[name]}: nothing uses {name}"


def main():
    house = House(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "c++")
    chosen = set(sys.argv[3:]) & set(house.lists) or {
        name for name in house.lists if name in LISTS or name.endswith("_COUNTERS")}
    refused = {(path, name) for name in chosen & set(LISTS) for path in LISTS[name][1]}
    users = sorted(set().union(*(house.users(name) for name in chosen)))
    findings = list(table(house))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(lambda path: list(works(house, path, chosen - {name for at, name in refused if at == path})), path)
                for path in users]
        jobs += [pool.submit(lambda at: list(refuses(house, *at)), at) for at in sorted(refused)]
        for job in jobs:
            findings += job.result()
    for finding in findings:
        print(finding)
    print(f"{len(chosen)} lists, {len(users)} users, {len(findings)} findings")
    sys.exit(1 if findings or not users else 0)


if __name__ == "__main__":
    main()
