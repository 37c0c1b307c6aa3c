# SPDX-License-Identifier: Apache-2.0
"""Files that nothing uses, and conditions of CMake for files that have long been there."""
import re

from rules.depends import libraries
from rules.finding import Finding

SIGNATURES = "signatures"
MANIFEST = "manifest.yaml"
EXISTS = re.compile(r"\bif\s*\(\s*EXISTS\b|\bif\s*\(\s*NOT\s+TARGET\b")


def find(tree):
    yield from headers(tree)
    yield from units(tree)
    yield from golden(tree)
    yield from yaml(tree)
    for path in tree.named("CMakeLists.txt"):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if EXISTS.search(line):
                yield Finding(path, number, "asks for what is always there: take the condition out")


def headers(tree):
    included = {include.target for path in tree.sources() for include in tree.cpp(path).includes}
    for path in tree.sources():
        if path.endswith(".h") and path not in included:
            yield Finding(path, 1, "nobody includes this header: remove it")


def units(tree):
    """A .cc file belongs to a target when its folder, or one above it, has a library or lists it, by name or by pattern."""
    folders = libraries(tree)
    lists = {path.rsplit("/", 1)[0]: tree.text(path) for path in tree.named("CMakeLists.txt") if "/" in path}
    for path in tree.sources():
        if not path.endswith(".cc") or any(path.startswith(folder + "/") for folder in folders):
            continue
        if not any(_lists(tree, lists[folder], folder, path) for folder in lists if path.startswith(folder + "/")):
            yield Finding(path, 1, "is in no target: add it to its CMakeLists.txt, or remove it")


def _lists(tree, text, folder, path):
    name = path[len(folder) + 1:]
    if re.search(rf"(?<![\w/]){re.escape(name)}\b", text):
        return True
    for pattern in re.findall(r"\$\{CMAKE_CURRENT_SOURCE_DIR\}/(\S*?\*\S*?\.cc)\b", text):
        shape = re.escape(pattern).replace(r"\*", "[^/]*").replace(r"\$\{folder\}/", r"(?:[^/]*/)+")
        deep = "GLOB_RECURSE" in text
        if re.fullmatch(("(?:.*/)?" if deep else "") + shape, name):
            return True
    suffix = re.search(r"\$\{name\}(_\w+\.cc)", text)
    return bool(suffix and name.endswith(suffix.group(1)))


def golden(tree):
    """Cases of tests/golden: folder, capture and maker."""
    makers = "".join(tree.text(path) for path in tree.sources("tests/golden/"))
    made = set(re.findall(r'\{\s*"(\w+)",\s*\w+_case\b|\bgolden_case\(\s*"?(\w+)', makers))
    made = {name for pair in made for name in pair if name}
    cases = {name for name in tree.folders("tests/golden") if name != "cases"}
    for name in sorted(cases - made):
        yield Finding(f"tests/golden/{name}", 1, "no case of tests/golden makes its capture: register one, or remove the folder")
    for name in sorted(made - cases):
        yield Finding("tests/golden/make_cases.cc", 1, f"makes {name}, which has no folder: add tests/golden/{name}/")
    for name in sorted(cases & made):
        for wanted in ("README.md", "capture.pcap", "events.jsonl", "observations.jsonl"):
            if f"tests/golden/{name}/{wanted}" not in tree:
                yield Finding(f"tests/golden/{name}", 1, f"has no {wanted}: golden.py --update makes expectations")


def yaml(tree):
    """YAML of the signatures' bundle that its manifest does not load."""
    manifest = tree.text(f"{SIGNATURES}/{MANIFEST}")
    files = re.search(r"^files:\s*\[([^\]]*)\]", manifest, re.MULTILINE)
    listed = [entry.strip() for entry in files.group(1).split(",")] if files else []
    for path in tree.paths:
        name = path[len(SIGNATURES) + 1:]
        if not path.startswith(f"{SIGNATURES}/") or not path.endswith((".yaml", ".yml")) or name == MANIFEST:
            continue
        if not any(name == entry or name.startswith(entry + "/") for entry in listed):
            yield Finding(path, 1, f"{SIGNATURES}/{MANIFEST} does not load it: list it, or remove it")
