#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions that `telltale read` spends on a packet, and fails when they have grown.

usage: instructions.py --telltale PROGRAM --generate PROGRAM [--recorded FILE] [--record] [--repeat N]

Two kinds of traffic, each made in two sizes with a fixed seed: (large - small) / packets leaves start-up out. The count
is callgrind's (valgrind), so it does not depend on what else the machine does. What it depends on: the compiler, the
build type, libraries, the shipped signatures, and a little the random keys of hash tables (README.md). Signatures come
from a cache that is filled first, since compiling them would drown the rest; under valgrind too, because databases are
made for the processor that valgrind shows. Without valgrind nothing is checked.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

SCENARIOS = {"handshake-poor": (4_000, 24_000), "hello-rich": (2_000, 10_000)}
SEED = 7
MOST_GROWTH = 0.05
SKIPPED = 77  # ctest: SKIP_RETURN_CODE


def packets_in(capture):
    """Frames of a little-endian pcap file."""
    count = 0
    with open(capture, "rb") as file:
        file.read(24)
        while len(header := file.read(16)) == 16:
            file.seek(int.from_bytes(header[8:12], "little"), os.SEEK_CUR)
            count += 1
    return count


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done


def read_under(tool, arguments, folder, capture):
    return run(["valgrind", *tool, arguments.telltale, "read", "-q", "--cache", os.path.join(folder, "cache"),
                "--events", "/dev/null", capture])


def instructions(arguments, folder, capture):
    done = read_under(["--tool=callgrind", "--callgrind-out-file=/dev/null"], arguments, folder, capture)
    collected = re.search(r"Collected *: *(\d+)", done.stderr)
    if not collected:
        sys.exit(f"no count in callgrind's output:\n{done.stderr}")
    return int(collected.group(1))


def make_captures(arguments, folder):
    """A small and a large one by scenario."""
    captures = {}
    for scenario, sizes in SCENARIOS.items():
        captures[scenario] = []
        for size in sizes:
            capture = os.path.join(folder, f"{scenario}-{size}.pcap")
            run([arguments.generate, "--scenario", scenario, "--seed", str(SEED), "--packets", str(size), "-o", capture])
            captures[scenario].append(capture)
    return captures


def measure(arguments, folder):
    """Instructions a packet by scenario, one number a repetition."""
    captures = make_captures(arguments, folder)
    read_under(["--tool=none"], arguments, folder, captures["hello-rich"][0])
    measured = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for scenario, (small, large) in captures.items():
            packets = packets_in(large) - packets_in(small)
            count = {capture: [pool.submit(instructions, arguments, folder, capture) for _ in range(arguments.repeat)]
                     for capture in (small, large)}
            measured[scenario] = [(more.result() - less.result()) / packets
                                  for less, more in zip(count[small], count[large])]
    return measured


def recorded_in(path):
    recorded = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words:
                recorded[words[0]] = float(words[1])
    return recorded


def record(path, figures):
    with open(path, "w", encoding="utf-8") as file:
        file.write("# Instructions a packet of `telltale read`, by tests/bench/instructions.py --record.\n")
        for scenario, figure in figures.items():
            file.write(f"{scenario} {figure:.0f}\n")


def compare(figures, recorded):
    grown = False
    for scenario, figure in figures.items():
        if scenario not in recorded:
            print(f"{scenario}: {figure:.0f} instructions a packet, nothing recorded; record it with --record")
            grown = True
            continue
        change = figure / recorded[scenario] - 1
        said = f"{scenario}: {figure:.0f} instructions a packet, recorded {recorded[scenario]:.0f}, {change:+.1%}"
        if change > MOST_GROWTH:
            said += f": grew by more than {MOST_GROWTH:.0%}; find out why, or record it anew with --record and say why"
            grown = True
        elif change < -MOST_GROWTH:
            said += ": better; record it anew with --record, so that it stays"
        print(said)
    return grown


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--generate", required=True)
    parser.add_argument("--recorded", default=os.path.join(here, "instructions.txt"))
    parser.add_argument("--record", action="store_true", help="write the recorded values anew")
    parser.add_argument("--repeat", type=int, default=1, help="how often; more than one shows the spread")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed (tests/install-packages test)")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(arguments, folder)
    figures = {scenario: statistics.median(counts) for scenario, counts in measured.items()}
    if arguments.repeat > 1:
        for scenario, counts in measured.items():
            print(f"{scenario}: {min(counts):.1f} to {max(counts):.1f} in {len(counts)} runs")
    if arguments.record:
        record(arguments.recorded, figures)
        return
    if compare(figures, recorded_in(arguments.recorded)):
        sys.exit(1)


if __name__ == "__main__":
    main()
