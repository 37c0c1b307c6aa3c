#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real captures, damaged: frames cut, octets changed, frames dropped, repeated and out of order, the same damage at every
run. No crash, no sanitizer report, no run that takes long, and every frame ends in exactly one counter.

As a test some captures are taken (ONE_OF); with --all, or TELLTALE_WHOLE_CORPUS set, every one, 20 times each:

    tests/system/mutations.py --all
"""
import json
import os
import random
import sys

import packets
from capture_reader import read_capture
from sensor_runs import SANITIZED, WHOLE, Checks, corpus, crashed, events_in, in_parallel, scratch, skip, start, write_file

MUTATIONS = 20
ONE_OF = 20 if SANITIZED else 12
MOST_SECONDS = 120
MOST_FRAMES = 3_000  # of a capture: later ones are like these


def damage(frames, numbers):
    """A damaged copy."""
    result = []
    for octets in frames:
        how = numbers.random()
        if how < 0.05:
            continue
        if how < 0.20:
            octets = octets[:numbers.randrange(len(octets) + 1)]
        elif how < 0.50 and octets:
            changed = bytearray(octets)
            for _ in range(numbers.choice((1, 1, 2, 4, 16))):
                # Headers are where lengths and types are.
                at = numbers.randrange(min(len(changed), numbers.choice((64, 128, len(changed)))))
                changed[at] = numbers.choice((0, 1, 0x3F, 0x7F, 0x80, 0xC0, 0xFF, numbers.randrange(256)))
            octets = bytes(changed)
        elif how < 0.55:
            octets += numbers.randbytes(numbers.randrange(1, 200))
        result.append(octets)
        if how > 0.97:
            result.append(octets)
    for _ in range(len(result) // 10):
        one, other = numbers.randrange(len(result)), numbers.randrange(len(result))
        result[one], result[other] = result[other], result[one]
    return result


def run_capture(programs, checks, folder, path):
    name = os.path.basename(path)
    capture = read_capture(path)
    if capture is None or not capture[1]:
        return 0
    link, frames = capture
    numbers = random.Random(name)
    files, count = [], 0
    for number in range(MUTATIONS):
        damaged = damage(frames[:MOST_FRAMES], numbers)
        count += len(damaged)
        timed = [(index / 1000, octets) for index, octets in enumerate(damaged)]
        files.append(write_file(os.path.join(folder, f"{name}-{number}.pcap"), packets.pcap(timed, link)))
    events = os.path.join(folder, name + ".events")
    done = programs.read("--quiet", "--format", "json", "--events", events, "--observations", events + ".observed",
                         "--workers", 1 + len(name) % 2, *files, timeout=MOST_SECONDS)
    refused = done.status == 2 and "not supported" in done.err
    if not checks.equal(crashed(done), "", name) or refused:
        return 0
    if checks.equal(done.status, 0, f"{name}: exit status ({done.err[:300]})"):
        health = [one for one in events_in(events) if one["event"]["dataset"] == "telltale.health"][-1]
        checks.equal(health["telltale"]["health"]["frames"], count, f"{name}: frames counted")
        with open(events + ".observed", encoding="utf-8") as file:
            for line in file:
                json.loads(line)
    for path in (*files, events, events + ".observed"):
        os.unlink(path)
    return len(files)


def main():
    every = WHOLE or "--all" in sys.argv
    if "--all" in sys.argv:
        sys.argv.remove("--all")
    programs, checks, real = start(__doc__), Checks(), corpus()
    if real is None:
        skip("there is no corpus at ../shared/corpus nor at $TELLTALE_CORPUS")
    names = sorted(os.listdir(os.path.join(real, "pcap")))
    chosen = names if every else names[::ONE_OF]
    with scratch() as folder:
        runs = in_parallel(lambda name: run_capture(programs, checks, folder, os.path.join(real, "pcap", name)), chosen)
    print(f"{sum(runs)} damaged captures of {sum(run > 0 for run in runs)} real ones")
    checks.that(sum(runs) > len(chosen), "hardly any capture could be read")
    checks.finish()


if __name__ == "__main__":
    main()
