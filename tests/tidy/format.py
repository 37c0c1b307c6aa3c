#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every C++ source to .clang-format.

usage: format.py REPOSITORY

Ends with 1 and names the files that differ; with 77 (skipped) where the reference platform's clang-format is not installed:
other versions format otherwise.
"""
import os
import re
import shutil
import subprocess
import sys

VERSION = "14."
FOLDERS = ("sensor", "signatures", "exporters", "tests")
SKIPPED = 77


def sources(root):
    for folder in FOLDERS:
        for path, _, names in os.walk(os.path.join(root, folder)):
            yield from (os.path.join(path, name) for name in sorted(names) if name.endswith((".cc", ".h")))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool = shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout if tool else ""
    if f"version {VERSION}" not in version:
        print(f"skipped: no clang-format {VERSION}x (tests/install-packages test); there is: {version.strip() or 'none'}")
        sys.exit(SKIPPED)
    files = list(sources(sys.argv[1]))
    done = subprocess.run([tool, "--dry-run", *files], capture_output=True, text=True, check=False)
    different = sorted(set(re.findall(r"^(.+?):\d+:\d+: ", done.stderr, re.MULTILINE)))
    for name in different:
        print(f"{os.path.relpath(name, sys.argv[1])} is not formatted as .clang-format says; run clang-format -i on it")
    print(f"{len(files)} files, {len(different)} differ")
    sys.exit(1 if different or done.returncode else 0)


if __name__ == "__main__":
    main()
