#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions that `telltale read` spends per packet and per rendered event; fails if they have grown.

usage: instructions.py --telltale PROGRAM --generate PROGRAM [--recorded FILE] [--record] [--repeat N]

Per packet: two kinds of traffic, each generated in two sizes with a fixed seed. (large - small) / packets leaves
start-up out. Per event: the render call with everything it calls, averaged over all events of the office day.

callgrind (valgrind) counts, so other load on the machine does not matter. The counts depend on the compiler, the build
type, libraries, the shipped signatures and, a little, on the random keys of hash tables (README.md). The compiled
signatures come from a cache, because compiling them would drown the rest. The cache is filled under valgrind, because
databases are made for the processor that valgrind shows. Without valgrind, nothing is checked.
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
EVENTS = "office-day"
RENDERED = "rendered-event"
RENDER = "telltale::ecs::JsonFormat::render*"
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


def read_under(tool, arguments, folder, capture, events="/dev/null"):
    return run(["valgrind", *tool, arguments.telltale, "read", "-q", "--cache", os.path.join(folder, "cache"),
                "--events", events, capture])


def instructions(arguments, folder, capture, *options, events="/dev/null"):
    """Counts the instructions of reading a capture, as far as callgrind's options collect them."""
    tool = ["--tool=callgrind", "--callgrind-out-file=/dev/null", *options]
    done = read_under(tool, arguments, folder, capture, events)
    collected = re.search(r"Collected *: *(\d+)", done.stderr)
    if not collected:
        sys.exit(f"no count in callgrind's output:\n{done.stderr}")
    return int(collected.group(1))


def instructions_per_event(arguments, folder, capture, run_number):
    events = os.path.join(folder, f"events-{run_number}")
    count = instructions(arguments, folder, capture, f"--toggle-collect={RENDER}", events=events)
    with open(events, "rb") as lines:
        rendered = sum(1 for _ in lines)
    if count == 0 or rendered == 0:
        sys.exit(f"{rendered} events, {count} instructions: no function is called {RENDER}, or there were no events")
    return count / rendered


def make_capture(arguments, folder, scenario, packets):
    capture = os.path.join(folder, f"{scenario}-{packets}.pcap")
    run([arguments.generate, "--scenario", scenario, "--seed", str(SEED), "--packets", str(packets), "-o", capture])
    return capture


def measure(arguments, folder):
    """Returns what was counted, by figure: one number per repetition."""
    captures = {scenario: [make_capture(arguments, folder, scenario, size) for size in sizes]
                for scenario, sizes in SCENARIOS.items()}
    day = make_capture(arguments, folder, EVENTS, 0)
    read_under(["--tool=none"], arguments, folder, captures["hello-rich"][0])
    measured = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        times = range(arguments.repeat)
        per_event = [pool.submit(instructions_per_event, arguments, folder, day, i) for i in times]
        for scenario, (small, large) in captures.items():
            packets = packets_in(large) - packets_in(small)
            count = {capture: [pool.submit(instructions, arguments, folder, capture) for _ in times]
                     for capture in (small, large)}
            measured[scenario] = [(more.result() - less.result()) / packets
                                  for less, more in zip(count[small], count[large])]
        measured[RENDERED] = [count.result() for count in per_event]
    return measured


def recorded_in(path):
    """Returns {figure: (recorded value, the most that it may ever be)}."""
    recorded = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words:
                recorded[words[0]] = (float(words[1]), float(words[2]) if len(words) > 2 else float("inf"))
    return recorded


def record(path, figures):
    """Writes the file anew, with the limits that it has."""
    limits = {figure: limit for figure, (_, limit) in recorded_in(path).items() if limit != float("inf")}
    with open(path, "w", encoding="utf-8") as file:
        file.write("# Instructions of `telltale read` per packet, by kind of traffic, and per rendered event; then the most\n"
                   "# that a figure may be. The values are from tests/bench/instructions.py --record.\n")
        for figure, count in figures.items():
            limit = f" {limits[figure]:.0f}" if figure in limits else ""
            file.write(f"{figure} {count:.0f}{limit}\n")


def compare(figures, recorded):
    """Prints how the figures compare. Returns whether one of them fails."""
    failed = False
    for figure, count in figures.items():
        said = f"{figure}: {count:.0f} instructions"
        if figure not in recorded:
            print(f"{said}, nothing recorded; record it with --record")
            failed = True
            continue
        value, limit = recorded[figure]
        change = count / value - 1
        said += f", recorded {value:.0f}, {change:+.1%}"
        if count > limit:
            said += f": more than the limit of {limit:.0f}"
        elif change > MOST_GROWTH:
            said += f": grew by more than {MOST_GROWTH:.0%}; find out why, or record it anew with --record and say why"
        elif change < -MOST_GROWTH:
            said += ": better; record it anew with --record, so that it stays"
        print(said)
        failed = failed or count > limit or change > MOST_GROWTH
    return failed


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
    if compare(figures, recorded_in(arguments.recorded)):
        sys.exit(1)


if __name__ == "__main__":
    main()
