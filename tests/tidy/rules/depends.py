# SPDX-License-Identifier: Apache-2.0
"""DEPENDS and USES of a library in CMake are what its files include: no arrow more, no arrow less."""
import re

from rules.finding import Finding
from rules.floors import library_of

LIBRARY = re.compile(r"^telltale_library\((\w+)([^)]*)\)", re.MULTILINE)
LINKED_AS = {  # library: the target of CMake that brings it; what is headers alone needs none
    "pcap": "PkgConfig::PCAP",
    "dpdk": "PkgConfig::DPDK",
    "hyperscan": "PkgConfig::HYPERSCAN",
    "openssl": "OpenSSL",
    "nghttp2": "PkgConfig::NGHTTP2",
    "yaml-cpp": "yaml-cpp",
    "pcre2": "PkgConfig::PCRE2",
    "psl": "PkgConfig::PSL",
    "rdkafka": "PkgConfig::RDKAFKA",
    "prometheus": "prometheus-cpp::core",
    "httplib": "PkgConfig::HTTPLIB",
    "cli11": "CLI11::CLI11",
    "spdlog": "spdlog::spdlog",
    "fmt": "fmt::fmt",
    "sqlite": "SQLiteCpp",
    "simdjson": "simdjson::simdjson",
    "systemd": "PkgConfig::SYSTEMD",
}


def libraries(tree):
    """{folder: (name, CMakeLists.txt, line, {our libraries declared}, {others declared})}"""
    found = {}
    for path in tree.named("CMakeLists.txt"):
        text = tree.text(path)
        for row in LIBRARY.finditer(text):
            words = {"": [], "DEPENDS": [], "USES": []}
            at = ""
            for word in row.group(2).split():
                at = word if word in words else at
                words[at].append(word)
            folder = path.rsplit("/", 1)[0]
            line = text.count("\n", 0, row.start()) + 1
            found[folder] = (row.group(1), path, line, set(words["DEPENDS"]) - {"DEPENDS"}, set(words["USES"]) - {"USES"})
    return found


def folder_of(path, folders):
    return max((folder for folder in folders if path.startswith(folder + "/")), key=len, default=None)


def find(tree):
    known = libraries(tree)
    ours = {folder: {} for folder in known}  # folder: {library: (file, line) of an include}
    others = {folder: {} for folder in known}
    for path in tree.sources():
        here = folder_of(path, known)
        if here is None or path == f"{here}/main.cc":
            continue
        for include in tree.cpp(path).includes:
            if include.kind == '"':
                there = folder_of(include.target, known)
                if there not in (None, here):
                    ours[here].setdefault(known[there][0], (path, include.line))
            elif LINKED_AS.get(library := library_of(include.target)):
                others[here].setdefault(LINKED_AS[library], (path, include.line))
    for folder, (name, cmake, line, declared, used) in known.items():
        for library in sorted(ours[folder].keys() - declared):
            where = ":".join(map(str, ours[folder][library]))
            yield Finding(cmake, line, f"{name} includes {library} ({where}): add {library} to DEPENDS")
        for library in sorted(declared - ours[folder].keys()):
            yield Finding(cmake, line, f"{name} includes nothing of {library}: take it out of DEPENDS")
        targets = {target.split("::")[0] if target.startswith("OpenSSL") else target for target in used}
        for target in sorted(others[folder].keys() - targets):
            where = ":".join(map(str, others[folder][target]))
            yield Finding(cmake, line, f"{name} includes a library of {target} ({where}): add it to USES")
        for target in sorted(targets - others[folder].keys() - {"Threads::Threads"}):
            yield Finding(cmake, line, f"{name} includes nothing of {target}: take it out of USES")
