#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Faults happen to a sensor under load and to a real Kafka, one after the other in random order; then an independent
reader checks what arrived: nothing that was stored is lost up to the end that the next boot states, what was dropped is
reported as ranges, an event that came twice is the same one, the events of a key are in order.

usage: faults.py [--seed N] [KIND=COUNT...]

Needs root, java, and mvn for the first time, else it is skipped. The seed, and with it the order, moments and times of
the faults, is printed.
"""
import argparse
import json
import os
import random
import struct
import sys
import time

import rig as rigs
from kinds import KINDS, plan
from sensor_runs import PROJECT, Checks, Programs, scratch, skip, write_file

RELEASE = os.path.join(PROJECT, "build", "release")
LEAST_EVENTS_A_FAULT = 100
LARGE_STORE = ", disk_size: 16GiB"  # nothing may be dropped
SMALL_STORE = ", disk_size: 16MiB, " + ", ".join(
    f"keep.{topic}.size: 1MiB" for topic in ("device", "destination", "transfer", "alert", "health"))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="\n".join(f"{name}: {kind.__doc__}" for name, kind in KINDS.items()))
    parser.add_argument("--telltale", default=os.path.join(RELEASE, "sensor", "app", "telltale"))
    parser.add_argument("--send", default=os.path.join(RELEASE, "tests", "support", "telltale-send"))
    parser.add_argument("--set-clock", default=os.path.join(RELEASE, "tests", "system", "libtelltale_set_clock.so"))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--rate", type=int, default=20_000, help="packets per second")
    parser.add_argument("--devices", type=int, default=200, help="devices that send them")
    parser.add_argument("--lasting", type=float, default=0, metavar="SECONDS", help="of a fault without an end of its own")
    parser.add_argument("--least-events", type=int, default=0, help="that have to come through")
    parser.add_argument("--small-store", action="store_true",
                        help="a store that gets full: events are dropped, and all of them reported as ranges")
    parser.add_argument("faults", nargs="*", metavar="KIND=COUNT", default=["kill=5", "broker-restart=1"])
    given = parser.parse_args()
    given.wanted = {}
    for fault in given.faults:
        name, _, count = fault.partition("=")
        if name not in KINDS:
            parser.error(f"no kind of fault is called {name}; there are {', '.join(KINDS)}")
        given.wanted[name] = int(count or 1)
    return given


def check(checks, rig, delivered, given, seconds):
    figures = delivered.figures()
    faults = sum(given.wanted.values())
    checks.that(1 < figures["boots"] <= rig.sensor.starts, f"{rig.sensor.starts} starts: {figures}")
    checks.that(figures["events"] > LEAST_EVENTS_A_FAULT * faults, f"hardly any load: {figures}")
    checks.that(figures["events"] >= given.least_events, f"fewer events than {given.least_events}: {figures}")
    checks.equal(figures["dropped"] > 0, given.small_store, f"events are dropped where the store is small: {figures}")
    print("figures:", json.dumps({"seed": given.seed, **figures, "seconds": round(seconds), **given.wanted}))


def run(programs, checks, given, folder):
    order, numbers = plan(given.wanted, given.seed)
    environment = {}
    if "clock-step" in given.wanted:
        clock = write_file(os.path.join(folder, "clock"), struct.pack("<q", 0))
        environment = {"LD_PRELOAD": given.set_clock, "TELLTALE_CLOCK_FILE": clock}
    traffic = ("--scenario", "hello-rich", "--seed", given.seed, "--packets", 1000 * given.devices, "--rate", given.rate)
    started = time.monotonic()
    rig = rigs.Rig(programs, checks, folder, traffic, SMALL_STORE if given.small_store else LARGE_STORE, given.lasting, environment)
    if "disk-full" in given.wanted:
        rig.mount_disk()
    with rig:
        for number, name in enumerate(order, 1):
            print(f"{time.monotonic() - started:6.1f} s  {number} of {len(order)}: {name}", flush=True)
            KINDS[name](rig, numbers)
        rig.sensor.until_it_answers()
        check(checks, rig, rig.finish(), given, time.monotonic() - started)


def main():
    given, checks = arguments(), Checks()
    if os.geteuid() != 0:
        skip("this test needs root")
    if why := rigs.kafka.missing():
        skip(why)
    rigs.in_own_mount_namespace()
    print("seed", given.seed, flush=True)
    programs = Programs(given.telltale, "")
    programs.sender = os.path.abspath(given.send)
    with scratch() as folder:
        try:
            run(programs, checks, given, folder)
        except RuntimeError as error:
            checks.that(False, error)
    checks.finish()


if __name__ == "__main__":
    main()
