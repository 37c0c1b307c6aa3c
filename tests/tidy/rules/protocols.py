# SPDX-License-Identifier: Apache-2.0
"""A protocol is a folder of sensor/extract and a line of its registry. With it come a unit test, a fuzz target with a corpus
and a row in the ledger, a golden case, a benchmark and a row in the README, and nothing of them stays without it."""
import re

from rules.finding import Finding

EXTRACT = "sensor/extract"
REGISTRY = "sensor/extract/registry.h"
README = "sensor/extract/README.md"
BENCH = "tests/bench/extract_bench.cc"
FUZZ = "tests/fuzz/CMakeLists.txt"
LEDGER = "tests/fuzz/LEDGER.md"
ROW = re.compile(r'^\s*\{"(\w+)",\s*Transport::\w+,\s*(\w+)::', re.MULTILINE)
BENCHMARK = re.compile(r"^BENCHMARK\((\w+)\)", re.MULTILINE)
NO_PROTOCOL = "Unknown"  # how a benchmark of bytes of no protocol begins


def line_of(text, what):
    return text.count("\n", 0, max(text.find(what), 0)) + 1


def table_rows(text):
    """{name in backticks: line} of the first column of every table."""
    rows = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("|"):
            for name in re.findall(r"`([\w/]+)`", line.split("|")[1]):
                rows[name] = number
    return rows


def camel(folder):
    return "".join(word.capitalize() for word in folder.split("_"))


def find(tree):
    folders = set(tree.folders(EXTRACT))
    rows = [(found.group(1), found.group(2), line_of(tree.text(REGISTRY), found.group(0).strip()))
            for found in ROW.finditer(tree.text(REGISTRY))]
    if not rows:
        yield Finding(REGISTRY, 1, "no line of the registry was found")
    yield from registry(folders, rows)
    yield from readme(tree, rows)
    yield from benchmarks(tree, folders)
    yield from fuzz(tree, folders)
    for folder in sorted(folders):
        if not any(path.startswith((f"tests/unit/extract/{folder}/", f"tests/unit/extract/{folder}_test")) for path in tree.paths):
            yield Finding(f"{EXTRACT}/{folder}", 1, f"has no unit test: add tests/unit/extract/{folder}/")
        if f"tests/golden/{folder}/capture.pcap" not in tree:
            yield Finding(f"{EXTRACT}/{folder}", 1, f"has no golden case: add tests/golden/{folder}/")


def registry(folders, rows):
    for name, folder, line in rows:
        if folder not in folders:
            yield Finding(REGISTRY, line, f"{name} is of {folder}, which is no folder of {EXTRACT}: add it or take the line out")
    for folder in sorted(folders - {folder for _, folder, _ in rows}):
        yield Finding(f"{EXTRACT}/{folder}", 1, f"has no line in {REGISTRY}: add one, or remove the folder")


def readme(tree, rows):
    section = tree.text(README).split("## What is read", 1)[-1].split("\n## ", 1)[0]
    documented = table_rows(section)
    for name, _, line in rows:
        if name not in documented:
            yield Finding(REGISTRY, line, f"{name} has no row in {README}: say what is read, by which specification")
    for name in sorted(documented.keys() - {name for name, _, _ in rows}):
        yield Finding(README, line_of(tree.text(README), f"| `{name}`"), f"{name} is in no line of {REGISTRY}: take the row out")


def benchmarks(tree, folders):
    """BENCHMARK(TlsServerAnswer): begins with its folder's name."""
    longest_first = sorted(folders, key=len, reverse=True)
    measured = set()
    text = tree.text(BENCH)
    for found in BENCHMARK.finditer(text):
        of = next((folder for folder in longest_first if found.group(1).startswith(camel(folder))), None)
        measured.add(of)
        if of is None and not found.group(1).startswith(NO_PROTOCOL):
            yield Finding(BENCH, line_of(text, found.group(0)), f"{found.group(1)} begins with no protocol's name: call it "
                          f"as its folder ('tls_server': TlsServer...), or {NO_PROTOCOL}...")
    for folder in sorted(folders - measured):
        yield Finding(f"{EXTRACT}/{folder}", 1, f"has no benchmark: add BENCHMARK({camel(folder)}...) to {BENCH}")


def fuzz(tree, folders):
    """Target, corpus and ledger row of every protocol; target, corpus and row of everything else that is fuzzed."""
    targets = {path[len("tests/fuzz/"):-len("_fuzz.cc")] for path in tree.paths
               if re.fullmatch(r"tests/fuzz/\w+_fuzz\.cc", path)}
    corpora = set(tree.folders("tests/fuzz/corpus"))
    ledger = {found.group(1): line_of(tree.text(LEDGER), found.group(0))
              for found in re.finditer(r"^\| (\w+) \| \d", tree.text(LEDGER), re.MULTILINE)}
    for folder in sorted(folders - targets):
        yield Finding(f"{EXTRACT}/{folder}", 1, f"has no fuzz target: add tests/fuzz/{folder}_fuzz.cc")
    for target in sorted(targets):
        path = f"tests/fuzz/{target}_fuzz.cc"
        if target not in corpora:
            yield Finding(path, 1, f"has no corpus: add named inputs in tests/fuzz/corpus/{target}/")
        if target not in ledger:
            yield Finding(path, 1, f"has no row in {LEDGER}: search for long with 'tests/fuzz/long {target}'")
    for target in sorted(corpora - targets):
        yield Finding(f"tests/fuzz/corpus/{target}", 1, f"is of no target: remove it, or add tests/fuzz/{target}_fuzz.cc")
    for target in sorted(ledger.keys() - targets):
        yield Finding(LEDGER, ledger[target], f"{target} is no target: take the row out")
