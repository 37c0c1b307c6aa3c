#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs what the tests of the feed need of PyPI (requirements.txt) and npm (package-lock.json), pinned by hash, into a
folder of the build; nothing is done if it is there.

usage: tools.py FOLDER
"""
import hashlib
import os
import shutil
import subprocess
import sys

from sensor_runs import SKIPPED, read_bytes

HERE = os.path.dirname(os.path.abspath(__file__))
# Words of package managers when a package is not the one that was pinned: a failure, not a missing network.
WRONG_HASH = ("DO NOT MATCH THE HASHES", "EINTEGRITY")


def python_folder(folder):
    return os.path.join(folder, "python")


def has_python(folder):
    return os.path.exists(python_folder(folder) + ".stamp")


def ecs_folder(folder):
    return os.path.join(folder, "npm", "node_modules", "@elastic", "ecs")


def ajv_folder(folder):
    return os.path.join(folder, "npm", "node_modules", "ajv")


def pip(target):
    return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2",
            "--no-deps", "--no-compile", "--require-hashes", "--target", target, "--requirement", os.path.join(HERE, "requirements.txt")]


def npm(target):
    """Copies what npm wants beside the packages."""
    os.makedirs(target)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(HERE, name), target)
    return ["npm", "ci", "--prefix", target, "--fetch-retries", "1", "--ignore-scripts", "--no-audit",
            "--no-fund"]


def stamp_of(names):
    content = b"".join(read_bytes(os.path.join(HERE, name)) for name in names)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def install(target, command, names):
    """Returns why it could not be installed; empty: it is there."""
    stamp, wanted = target + ".stamp", stamp_of(names)
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return ""
        os.remove(stamp)
    shutil.rmtree(target, ignore_errors=True)
    try:
        done = subprocess.run(command(target), capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = (done.stdout + done.stderr).strip()
    if any(mark in said for mark in WRONG_HASH):
        sys.exit(f"not the package that was pinned: {said[-2000:]}")
    if done.returncode != 0:
        return f"ended with {done.returncode}: {said[-600:]}"
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return ""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    failed = [why for why in (install(python_folder(folder), pip, ("requirements.txt",)),
                              install(os.path.join(folder, "npm"), npm, ("package.json", "package-lock.json"))) if why]
    for why in failed:
        print("skipped: a package cannot be had:", why)
    sys.exit(SKIPPED if failed else 0)


if __name__ == "__main__":
    main()
