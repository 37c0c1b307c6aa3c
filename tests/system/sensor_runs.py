# SPDX-License-Identifier: Apache-2.0
"""Shared by all system tests: running the programs, collecting what fails, finding the corpus.

A test is a script that takes --telltale and --generate (by default the release build's programs), prints one line for every expectation that did not hold and
ends with 1 then, with SKIPPED when what it needs is not there, else with 0.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SKIPPED = 77  # CTest's SKIP_RETURN_CODE
PROCESSES = 2
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Sanitizers make the program many times slower: the long tests then take fewer cases.
SANITIZED = bool(os.environ.get("TELLTALE_SANITIZE"))
# Take every capture, as tests/run long does.
WHOLE = bool(os.environ.get("TELLTALE_WHOLE_CORPUS"))

SANITIZER_REPORT = re.compile(
    r"(Address|Leak|Thread|UndefinedBehavior|Memory)Sanitizer|runtime error:|Assertion .* failed")

Done = collections.namedtuple("Done", "status out err command")


class Checks:
    """Collects what did not hold. One thread."""

    MOST_SHOWN = 40
    MOST_CHARACTERS = 600

    def __init__(self):
        self.failed = []
        self.count = 0

    def that(self, holds, text):
        self.count += 1
        if not holds:
            self.failed.append(str(text)[: self.MOST_CHARACTERS])
        return bool(holds)

    def equal(self, got, expected, text):
        return self.that(got == expected, f"{text}: expected {expected!r:.200}, got {got!r:.300}")

    def finish(self):
        for text in self.failed[: self.MOST_SHOWN]:
            print("FAILED:", text)
        if len(self.failed) > self.MOST_SHOWN:
            print("FAILED: and", len(self.failed) - self.MOST_SHOWN, "more")
        print(f"{self.count} expectations, {len(self.failed)} failed")
        sys.exit(1 if self.failed or not self.count else 0)


class Programs:
    def __init__(self, telltale, generate):
        self.telltale = os.path.abspath(telltale)
        self.generator = os.path.abspath(generate)

    def run(self, *arguments, **options):
        """Runs telltale with these arguments; a standard stream that is not given is captured as bytes."""
        command = [self.telltale, *map(str, arguments)]
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("timeout", 300)
        done = subprocess.run(command, check=False, **options)
        return Done(done.returncode, done.stdout or b"", (done.stderr or b"").decode("utf-8", "replace"), command)

    def read(self, *arguments, **options):
        return self.run("read", *arguments, **options)

    def generate(self, folder, scenario, seed=1, packets=0, form="pcap"):
        """Makes a capture; returns its path and the truth about it."""
        path = os.path.join(folder, f"{scenario}-{seed}.{form}")
        truth = path + ".truth.json"
        subprocess.run([self.generator, "--scenario", scenario, "--seed", str(seed), "--packets", str(packets),
                        "--format", form, "--truth", truth, "--output", path], check=True, timeout=300)
        with open(truth, encoding="utf-8") as file:
            return path, json.load(file)


def crashed(done):
    """Returns what a run did that no input may cause; empty if all is well."""
    if done.status < 0 or done.status >= 128:
        return f"ended by signal or with status {done.status}"
    found = SANITIZER_REPORT.search(done.err)
    return f"reported: {done.err[found.start():found.start() + 400]}" if found else ""


def start(description):
    """The command line of a test: its programs."""
    parser = argparse.ArgumentParser(description=description)
    release = os.path.join(PROJECT, "build", "release")
    parser.add_argument("--telltale", default=os.path.join(release, "sensor", "app", "telltale"))
    parser.add_argument("--generate", default=os.path.join(release, "tests", "support", "telltale-generate"))
    arguments = parser.parse_args()
    return Programs(arguments.telltale, arguments.generate)


def start_as_root(description):
    """The same for a test that makes network interfaces: skips it without root or ip."""
    programs = start(description)
    if os.geteuid() != 0:
        skip("this test needs root")
    if not shutil.which("ip"):
        skip("this test needs ip (iproute2)")
    return programs


def corpus():
    """The folder of real captures (pcap/, truth/, score.py), or None."""
    folder = os.environ.get("TELLTALE_CORPUS") or os.path.join(PROJECT, "..", "shared", "corpus")
    return os.path.abspath(folder) if os.path.isdir(os.path.join(folder, "pcap")) else None


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def scratch():
    return tempfile.TemporaryDirectory(prefix="telltale-system-")


def in_parallel(function, cases):
    """The results of function(case), in the cases' order."""
    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(function, cases))


def events_in(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_file(path, content):
    with open(path, "wb") as file:
        file.write(content)
    return path


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()
