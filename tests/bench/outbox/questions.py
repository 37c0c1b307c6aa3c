#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks an outbox of many events, as bench_outbox_fill makes it, for the newest 100 that meet a condition, with `telltale
events`, and fails if an answer takes longer than the limit:

    questions.py --telltale P --store FILE [--fill bench_outbox_fill] [--limit 1.0]

Terms that are common, rare, only in the oldest events, and in none; each without and with a range of time. With --fill,
once more while another process writes to the file as fast as it can. The first pass finds the file's pages as the machine
has them, so drop the caches before it (/proc/sys/vm/drop_caches) to see a cold disk."""
import argparse
import json
import subprocess
import sys
import time

FILTERS = (
    (), ("--dataset", "transfer"), ("--dataset", "alert"), ("--dataset", "health"), ("--dataset", "leak"),
    ("--device", "device-0"), ("--device", "device-19990"), ("--device", "10.0.30.1"), ("--device", "old-device"),
    ("--device", "nobody"),
    ("--owner", "owner-0"), ("--owner", "owner-299"), ("--owner", "rare-owner"), ("--owner", "old-owner"),
    ("--owner", "nobody"),
    ("--domain", "example.org"), ("--domain", "cdn-59990.example.org"), ("--domain", "old.example.net"),
    ("--domain", "nowhere.example"),
    ("--severity", "47"), ("--severity", "99"), ("--severity", "1"),
    ("--owner", "owner-7", "--dataset", "alert"), ("--device", "device-3", "--owner", "rare-owner"),
)
RANGES = ((), ("--since", "1h"), ("--since", "20d", "--until", "19d"), ("--until", "29d"), ("--since", "2001-01-01", "--until", "2001-01-02"))


def ask(options, condition):
    started = time.monotonic()
    done = subprocess.run([options.telltale, "events", "--store", options.store, "--format", "json", *condition],
                          capture_output=True, check=True, timeout=600)
    seconds = time.monotonic() - started
    lines = done.stdout.splitlines()
    if lines:
        json.loads(lines[-1])
    return seconds, len(lines)


def round_of_questions(options, name):
    answers = []
    for one in FILTERS:
        for within in RANGES:
            seconds, found = ask(options, one + within)
            answers.append((seconds, found, " ".join(one + within) or "everything"))
    answers.sort(reverse=True)
    late = [answer for answer in answers if answer[0] > options.limit]
    print(f"{name}: {len(answers)} answers, median {answers[len(answers) // 2][0]:.3f} s, slowest:")
    for seconds, found, condition in answers[:max(8, len(late))]:
        print(f"  {seconds:7.3f} s  {found:4} events  {condition}")
    sys.stdout.flush()
    return len(late)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--fill")
    parser.add_argument("--limit", type=float, default=1.0, help="seconds that an answer may take")
    options = parser.parse_args()
    late = round_of_questions(options, "first pass") + round_of_questions(options, "again")
    if options.fill:
        with subprocess.Popen([options.fill, options.store, "100000000"], stderr=subprocess.DEVNULL) as writing:
            time.sleep(2)
            late += round_of_questions(options, "while another process writes")
            writing.terminate()
    print(f"{late} answers took longer than {options.limit} s")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
