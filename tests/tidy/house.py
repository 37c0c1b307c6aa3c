#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tree against the table of floors in sensor/README.md and the habits of the house.

usage: house.py REPOSITORY; prints one line a finding ("file:line: what") and exits 1 if there is any.
"""
import os
import re
import sys

LIBRARIES = {  # library: what an include of it looks like
    "pcap": r"pcap(/|\.h|-)",
    "dpdk": r"rte_",
    "hyperscan": r"(hs/)?hs(_\w+)?\.h$",
    "openssl": r"openssl/",
    "nghttp2": r"nghttp2/",
    "yaml-cpp": r"yaml-cpp/",
    "pcre2": r"pcre2\.h$",
    "psl": r"libpsl\.h$",
    "maxminddb": r"maxminddb",
    "rapidjson": r"rapidjson/",
    "rdkafka": r"(librdkafka/)?rdkafka",
    "prometheus": r"prometheus/",
    "httplib": r"httplib\.h",
    "cli11": r"CLI/",
    "spdlog": r"spdlog/",
    "fmt": r"fmt/",
    "sqlite": r"sqlite3",
    "systemd": r"systemd/",
}
EXPORTERS_KNOW = ("exporters", "sensor/model", "sensor/base")
MAX_FILE_LINES = 600
SPDX = "SPDX-License-Identifier: Apache-2.0"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def read_floors(readme_text):
    """{folder: (floor, also, libraries)} from the table under "## Floors"."""
    floors = {}
    section = readme_text.split("## Floors", 1)[1]
    for line in section.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) != 4 or not cells[1].isdigit():
            continue
        words = lambda cell: {w.strip() for w in cell.split(",") if w.strip()}
        floors[cells[0]] = (int(cells[1]), words(cells[2]), words(cells[3]))
    return floors


def folder_of(path, floors):
    """The longest folder of the table that holds the path, or None."""
    best = None
    for folder in floors:
        if path.startswith(folder + "/") and (best is None or len(folder) > len(best)):
            best = folder
    return best


def check_include(path, kind, target, floors):
    """What is wrong with this include, or None."""
    here = folder_of(path, floors)
    if here is None:
        return None
    floor, also, libraries = floors[here]
    if kind == '"':
        there = folder_of(target, floors)
        if there is None:
            return f'includes "{target}", which is in no folder of the table in sensor/README.md'
        if here == "exporters" and there not in EXPORTERS_KNOW:
            return f'includes "{target}": exporters know sensor/model and sensor/base alone'
        if there != here and floors[there][0] >= floor and there not in also:
            return f'includes "{target}" of floor {floors[there][0]} from floor {floor}'
        return None
    for library, pattern in LIBRARIES.items():
        if re.match(pattern, target) and library not in libraries:
            return f"includes <{target}>: the table in sensor/README.md does not give {library} to {here}"
    return None


def sources(root):
    for top in ("sensor", "signatures", "exporters", "tests"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".h", ".cc")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def check_file(path, text, floors):
    lines = text.splitlines()
    if not lines or SPDX not in lines[0]:
        yield f"{path}:1: the first line must hold '{SPDX}'"
    if path.endswith(".h") and "#pragma once" not in text:
        yield f"{path}:1: a header needs '#pragma once'"
    if len(lines) > MAX_FILE_LINES:
        yield f"{path}:{len(lines)}: longer than {MAX_FILE_LINES} lines"
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            wrong = check_include(path, found.group(1), found.group(2), floors)
            if wrong:
                yield f"{path}:{number}: {wrong}"


def check_protocols(root):
    """A protocol is a folder of sensor/extract: it has a unit test, a fuzz target, a corpus, a golden case, a row."""
    extract = os.path.join(root, "sensor/extract")
    if not os.path.isdir(extract):
        return
    readme = ""
    if os.path.exists(os.path.join(extract, "README.md")):
        readme = open(os.path.join(extract, "README.md"), encoding="utf-8").read()
    for name in sorted(os.listdir(extract)):
        if not os.path.isdir(os.path.join(extract, name)):
            continue
        wanted = {
            f"tests/unit/extract/{name}": "unit test",
            f"tests/fuzz/{name}_fuzz.cc": "fuzz target",
            f"tests/fuzz/corpus/{name}": "named fuzz corpus",
            f"tests/golden/{name}": "golden case",
        }
        for path, what in wanted.items():
            full = os.path.join(root, path)
            there = os.path.exists(full) or os.path.exists(full + "_test.cc")
            if not there or (os.path.isdir(full) and not os.listdir(full)):
                yield f"sensor/extract/{name}: has no {what} ({path})"
        if not re.search(rf"^\| *`?{name}", readme, re.M):
            yield f"sensor/extract/{name}: has no row in sensor/extract/README.md"


def main():
    root = sys.argv[1]
    floors = read_floors(open(os.path.join(root, "sensor/README.md"), encoding="utf-8").read())
    findings = []
    if len(floors) < 10:
        findings.append("sensor/README.md: the table of floors was not found")
    for path in sources(root):
        text = open(os.path.join(root, path), encoding="utf-8").read()
        findings += check_file(path, text, floors)
    findings += check_protocols(root)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
