# SPDX-License-Identifier: Apache-2.0
"""Who includes whom, and which library is named where: the table of floors in sensor/README.md."""
import re

from rules.finding import Finding

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
    "simdjson": r"simdjson\.h$",
    "rdkafka": r"(librdkafka/)?rdkafka",
    "prometheus": r"prometheus/",
    "httplib": r"httplib\.h",
    "cli11": r"CLI/",
    "spdlog": r"spdlog/",
    "fmt": r"fmt/",
    "sqlite": r"(sqlite3|SQLiteCpp)",
    "systemd": r"systemd/",
}
EXPORTERS_KNOW = ("exporters", "sensor/model", "sensor/base")
README = "sensor/README.md"
LEAST_FLOORS = 10


def read_floors(readme_text):
    """{folder: (floor, also, libraries)} from the table under "## Floors"."""
    floors = {}
    section = readme_text.split("## Floors", 1)[-1]
    for line in section.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) != 4 or not cells[1].isdigit():
            continue
        words = lambda cell: {w.strip() for w in cell.split(",") if w.strip()}
        floors[cells[0]] = (int(cells[1]), words(cells[2]), words(cells[3]))
    return floors


def folder_of(path, floors):
    """The longest folder of the table that holds the path, or None."""
    holding = [folder for folder in floors if path.startswith(folder + "/")]
    return max(holding, key=len, default=None)


def library_of(target):
    """The library that an include of <target> names, or None."""
    return next((name for name, pattern in LIBRARIES.items() if re.match(pattern, target)), None)


def check_include(path, kind, target, floors):
    """Returns what is wrong with this include, or None."""
    here = folder_of(path, floors)
    if here is None:
        return None
    floor, also, libraries = floors[here]
    if kind == '"':
        there = folder_of(target, floors)
        if there is None:
            return f'includes "{target}", which is in no folder of the table in {README}: write the path from the root'
        if here == "exporters" and there not in EXPORTERS_KNOW:
            return f'includes "{target}": exporters know sensor/model and sensor/base alone'
        if there != here and floors[there][0] >= floor and there not in also:
            return f'includes "{target}" of floor {floors[there][0]} from floor {floor}: move what is needed further down'
        return None
    library = library_of(target)
    if library and library not in libraries:
        return f"includes <{target}>: the table in {README} does not give {library} to {here}"
    return None


def find(tree):
    floors = read_floors(tree.text(README))
    if len(floors) < LEAST_FLOORS:
        yield Finding(README, 1, 'the table under "## Floors" was not found')
    named = {folder: set() for folder in floors}
    for path in tree.sources():
        here = folder_of(path, floors)
        for include in tree.cpp(path).includes:
            wrong = check_include(path, include.kind, include.target, floors)
            if wrong:
                yield Finding(path, include.line, wrong)
            elif here and include.kind == "<":
                named[here].add(library_of(include.target))
    for folder, (_, _, libraries) in floors.items():
        for library in sorted(libraries - named[folder]):
            line = next(n for n, text in enumerate(tree.text(README).splitlines(), 1) if text.startswith(f"| {folder} |"))
            yield Finding(README, line, f"gives {library} to {folder}, which does not include it: take it out of the row")
