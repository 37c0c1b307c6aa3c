#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds an entry to a copy of every closed list and compiles the files that know the list: each must either still
compile, because it works with any entry, or be refused by the compiler.

usage: closed_lists.py REPOSITORY [COMPILER [LIST...]]; prints one line per finding and exits 1 if there is any.

Lists are found in the sources (`#define TELLTALE_...(X)`): a list that is not in LISTS below is a finding.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

HEADERS = ("sensor", "exporters", "signatures")
DEFINE = re.compile(r"^#define (TELLTALE_\w+)\(X\)((?:.*\\\n)*.*)$", re.M)
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]

# list: (the entry that is added, files that work with it, files that the compiler must refuse until they decide)
LISTS = {
    "TELLTALE_TOPICS": (
        'X(probe, "probe")',
        ["exporters/store/memory_store.cc", "exporters/store/ordered_reader.cc", "exporters/kafka/exporter_loop.cc",
         "exporters/kafka/figures_board.cc", "exporters/kafka/producer.cc", "sensor/app/config/options_delivery.cc",
         "sensor/app/service/delivery_families.cc", "sensor/app/service/store_health.cc"],
        []),
    "TELLTALE_DATASETS": (
        'X(probe, "telltale.probe", alert, 100)',
        ["exporters/store/memory_store.cc", "exporters/kafka/producer.cc", "sensor/pipeline/event_path.cc"],
        ["exporters/ecs/notation.cc"]),
    "TELLTALE_EVENT_ACTIONS": (
        'X(probe, "probe", alert)', ["exporters/ecs/json_format.cc"], ["sensor/model/sentence.cc"]),
    "TELLTALE_EVENT_PARTS": ("X(Hosting, probe)", [], ["sensor/privacy/privacy_stage.cc"]),
    "TELLTALE_ATTRIBUTION_METHODS": (
        'X(probe, "probe", "a probe")',
        ["sensor/model/sentence.cc", "exporters/ecs/telltale_section.cc", "sensor/app/service/traffic_families.cc"], []),
    "TELLTALE_UNATTRIBUTED_CAUSES": (
        'X(probe, "probe", "probe", "a probe")',
        ["sensor/model/sentence.cc", "sensor/correlate/what/ledger.cc", "sensor/app/summary/summary_text.cc",
         "sensor/app/summary/summary_json.cc", "sensor/app/service/traffic_families.cc"],
        []),
    "TELLTALE_RESERVED_OWNERS": (
        'X(probe, "probe", "a probe")',
        ["signatures/validate.cc", "sensor/app/summary/summary_json.cc", "sensor/app/summary/summary_text.cc",
         "sensor/app/service/fleet_figures.cc"],
        ["sensor/correlate/what/bundle_ids.cc"]),
    "TELLTALE_SEVERITIES": (
        'X(probe, "probe")', ["sensor/app/summary/summary_json.cc", "sensor/app/service/traffic_families.cc"],
        ["signatures/parse_policy.cc"]),
    "TELLTALE_ALERT_STATES": (
        'X(probe, "probe")', ["exporters/ecs/telltale_section.cc", "sensor/app/summary/summary_json.cc"], []),
    "TELLTALE_IDENTIFIER_TYPES": (
        'X(probe, "probe", "a probe")', ["sensor/model/sentence.cc", "exporters/ecs/telltale_section.cc"], []),
    "TELLTALE_LEAK_LOCATIONS": ('X(probe, "probe")', ["exporters/ecs/telltale_section.cc"], []),
    "TELLTALE_DELIVERY_STATES": (
        'X(probe, "a probe")', ["exporters/kafka/delivery_window.cc", "exporters/kafka/exporter_loop.cc"], []),
    "TELLTALE_CLEARS": ('X(probe, "probe")', ["sensor/correlate/what/ledger.cc"], []),
    "TELLTALE_APPLICATIONS": (
        'X(probe, "probe", yes)',
        ["sensor/correlate/what/application.cc", "sensor/correlate/what/event_parts.cc",
         "sensor/correlate/what/ledger.cc"],
        []),
    "TELLTALE_RECORD_KINDS": (
        'X(probe, "probe", "a probe")', ["sensor/model/record.cc", "exporters/observations/observation_writer.cc"],
        ["sensor/correlate/who/steps.cc", "sensor/correlate/what/steps.cc"]),
    "TELLTALE_PORT_DROPS": (
        'X(probe, "probe", "a probe")', ["sensor/app/service/port_families.cc", "sensor/app/service/tick.cc"], []),
    "TELLTALE_DECODE_OUTCOMES": (
        'X(probe, "probe", "a probe")', ["sensor/decode/decode.cc", "sensor/app/setup/health.cc"], []),
    "TELLTALE_CATEGORIES": (
        'X(probe, "probe")', ["signatures/parse_owner.cc", "sensor/correlate/what/bundle_ids.cc"], []),
    "TELLTALE_PATTERN_KINDS": ('X(probe, "probe")', [], ["sensor/match/pattern_text.cc"]),
    "TELLTALE_SYSTEMS": ('X(probe, "probe", "a probe", "linux")', ["sensor/correlate/what/evidence.cc"], []),
    "TELLTALE_DEVICE_CLASSES": ('X(probe, "probe")', ["signatures/validate.cc"], []),
    "TELLTALE_POLICY_FIELDS": (
        'X(probe, "device.probe", device)', ["signatures/parse_policy.cc"],
        ["signatures/validate.cc", "sensor/correlate/what/policies.cc"]),
    "TELLTALE_SPEAKERS": ('X(probe, "probe")', ["sensor/correlate/what/evidence.cc"], []),
    "TELLTALE_READINGS": ('X(probe, "probe")', [], ["signatures/said_rows.cc"]),
    "TELLTALE_DEVICE_TEXTS": (
        'X(probe, "probe", "a probe", device, client_mac, text, dhcp)',
        ["signatures/said_rows.cc", "sensor/correlate/what/evidence.cc",
         "sensor/correlate/what/sayings.cc"],
        []),
    "TELLTALE_FINDINGS": (
        'X(probe, "probe", "a probe", "probes")', ["signatures/said_rows.cc", "sensor/correlate/what/evidence.cc"], []),
    "TELLTALE_OTHER_EVIDENCE": ('X(probe, "probe", "a probe", 0.5)', ["sensor/correlate/what/evidence.cc"], []),
}
# Lists whose entries carry all that is known about them: whoever walks one works with any entry. So are all counters.
WALKED = {
    "TELLTALE_FIELDS", "TELLTALE_DNS_TYPES", "TELLTALE_MALFORMED_REASONS", "TELLTALE_DESTINATION_NAMES",
    # made of other lists
    "TELLTALE_PATTERN_SETS", "TELLTALE_EVIDENCE_SOURCES",
}


def is_walked(name):
    return name in WALKED or name.endswith("_COUNTERS")


def find_lists(root):
    """{list: path of the header that declares it}"""
    found = {}
    for top in HEADERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if not name.endswith((".h", ".cc")):
                    continue
                path = os.path.join(folder, name)
                text = open(path, encoding="utf-8").read()
                for match in DEFINE.finditer(text):
                    found[match.group(1)] = os.path.relpath(path, root)
    return found


def with_entry(text, name, entry):
    """The header's text with one more entry at the end of the list."""
    match = next(m for m in DEFINE.finditer(text) if m.group(1) == name)
    return text[:match.end()].rstrip() + " " + entry + text[match.end():]


def compiles(compiler, root, overlay, path):
    command = [compiler, *FLAGS, "-I", overlay, "-I", root, "-I", os.path.join(overlay, "generated")]
    command += ["-DFMT_HEADER_ONLY", os.path.join(root, path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stderr


def check_list(compiler, root, name, header):
    entry, works, refused = LISTS[name]
    findings = []
    with tempfile.TemporaryDirectory() as overlay:
        copy = os.path.join(overlay, header)
        os.makedirs(os.path.dirname(copy))
        text = open(os.path.join(root, header), encoding="utf-8").read()
        open(copy, "w", encoding="utf-8").write(with_entry(text, name, entry))
        for path in works + refused:
            good, said = compiles(compiler, root, overlay, path)
            if path in works and not good:
                findings.append(f"{path}: does not compile with one more entry in {name}:\n{said[:1500]}")
            if path in refused and good:
                findings.append(f"{path}: compiles with an entry in {name} that it does not know")
            reasons = ("probe", "Hosting", "static assertion failed")
            if path in refused and not good and not any(reason in said for reason in reasons):
                findings.append(f"{path}: is refused for another reason than the entry in {name}:\n{said[:1500]}")
    return findings


def main():
    root = sys.argv[1]
    compiler = sys.argv[2] if len(sys.argv) > 2 else "c++"
    chosen = set(sys.argv[3:]) or set(LISTS)
    lists = find_lists(root)
    findings = [f"{lists[name]}: {name} is not in tests/tidy/closed_lists.py: say who knows it"
                for name in sorted(set(lists) - set(LISTS)) if not is_walked(name)]
    findings += [f"tests/tidy/closed_lists.py: {name} is gone" for name in sorted((set(LISTS) | WALKED) - set(lists))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(check_list, compiler, root, name, lists[name]) for name in sorted(chosen & set(lists))]
        for job in jobs:
            findings += job.result()
    for finding in findings:
        print(finding)
    print(f"{len(lists)} lists, {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
