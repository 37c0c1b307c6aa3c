#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds parsers to a cost that grows with the size of a hostile input and not with its square.

usage: cost.py [--all] [--must-fail] PROGRAM CORPUS_FOLDER BYTES

PROGRAM (cost_<name>, cost_main.cc here) runs a fuzz target on inputs of BYTES, 2, 4 and 8 times as many. callgrind counts
instructions, so that the result is the same on a busy machine. A doubling may cost at most MOST_GROWTH times as much.
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

MOST_GROWTH = 2.3
SMALL = 20_000  # instructions: below, what is spent once a call counts for more than the input
SKIPPED = 77


def counts_of(program, corpus, size, folder):
    """{(seed, growth): {bytes: instructions}}"""
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, corpus, size],
                          capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    counts = collections.defaultdict(dict)
    for name in os.listdir(folder):
        label, total = None, None
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("desc: Trigger: Client Request: "):
                    label = line.split("Request: ", 1)[1].strip()
                elif re.match(r"(totals|summary): \d", line):
                    total = int(line.split()[1])
        if label and total is not None:
            seed, growth, grown = label.rsplit(" ", 2)
            counts[seed, growth][int(grown)] = total
    return counts


def main():
    options = {word for word in sys.argv[1:] if word.startswith("--")}
    arguments = [word for word in sys.argv[1:] if word not in options]
    if len(arguments) != 3 or not options <= {"--all", "--must-fail"}:
        sys.exit(__doc__)
    show_all, must_fail = "--all" in options, "--must-fail" in options
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed (tests/install-packages test)")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        counts = counts_of(*arguments, folder)
    if not counts:
        sys.exit("nothing was measured")
    worst, failed = 0.0, 0
    for (seed, growth), by_size in sorted(counts.items()):
        sizes = sorted(by_size)
        ratios = [by_size[large] / max(by_size[small], SMALL) for small, large in zip(sizes, sizes[1:])]
        worst = max(worst, *ratios)
        bad = max(ratios) > MOST_GROWTH
        failed += bad
        if bad or show_all:
            print(f"{'FAILED: ' if bad else ''}{seed}, {growth}: " +
                  ", ".join(f"{size} bytes {by_size[size]:,}" for size in sizes) + f"; at most {max(ratios):.2f} a doubling")
    print(f"{len(counts)} inputs that grow, at most {worst:.2f} times the instructions a doubling, {failed} failed")
    sys.exit(1 if bool(failed) != must_fail else 0)


if __name__ == "__main__":
    main()
