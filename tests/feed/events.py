#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the events for the tests of the feed, in a folder: of generated captures, of one whose frames are cut, of every
golden case, of a service that is configured anew, and hand-made ones. Each must give events, and all of them together
every dataset but leaks, which the sensor does not make yet."""
import argparse
import glob
import os
import shutil
import signal
import subprocess

from captures import cut
from feed import HAND_MADE, dataset
from sensor_runs import PROJECT, Checks, Programs, events_in, in_parallel, scratch, write_file
from service_runs import Service

GENERATED = (("office-day", 7, 0), ("hello-rich", 3, 5_000), ("handshake-poor", 3, 5_000))  # the first one is tests/demo's
SNAP_LENGTH = 60
GOLDEN = os.path.join(PROJECT, "tests", "golden", "*", "capture.pcap")
CONFIG = "taps:\n  - name: hall\n    ports: ['net_pcap0,rx_pcap={}']\nmetrics: {{port: 0}}\nevents: {}\n"
RELOADS = ("service: {log_level: warning}\n", "made_up: 1\n")  # one is taken, one is rejected


def captures_in(programs, folder):
    """Returns {name: capture}."""
    found = {scenario: programs.generate(folder, scenario, seed, packets)[0] for scenario, seed, packets in GENERATED}
    found["cut"] = cut(found["hello-rich"], SNAP_LENGTH, os.path.join(folder, "cut.pcap"))
    return found | {os.path.basename(os.path.dirname(path)): path for path in sorted(glob.glob(GOLDEN))}


def serve(programs, folder, capture, told):
    """Runs the sensor as a service that reads its configuration again; returns its end."""
    path = os.path.join(folder, "telltale.yaml")
    write_file(path, CONFIG.format(capture, told).encode())
    service = Service(programs, path)
    for number, more in enumerate(RELOADS, 1):
        write_file(path, (CONFIG.format(capture, told) + more).encode())
        service.process.send_signal(signal.SIGHUP)
        service.until(lambda metrics: metrics.one("telltale_config_reloads_total") == number)
    return service.end()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("telltale", "generate", "samples", "events"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    programs, checks, made = Programs(arguments.telltale, arguments.generate), Checks(), os.path.abspath(arguments.events)
    shutil.rmtree(made, ignore_errors=True)
    os.makedirs(made)
    path_of = lambda name: os.path.join(made, name + ".jsonl")
    with scratch() as folder:
        captures = captures_in(programs, folder)
        read = lambda name: programs.read("--quiet", "--events", path_of(name), captures[name])
        ends = dict(zip(captures, in_parallel(read, captures)))
        ends["service"] = serve(programs, folder, captures["handshake-poor"], path_of("service"))
    datasets = {name: {dataset(event) for event in events_in(path_of(name))} for name in ends}
    for name, done in ends.items():
        checks.equal(done.status, 0, f"{name}: {done.err[-300:]}")
        checks.that("health" in datasets[name] and len(datasets[name]) > 1, f"{name}: only {datasets[name]}")
    hand_made = subprocess.run([arguments.samples], check=True, capture_output=True, timeout=60).stdout
    write_file(path_of(HAND_MADE), hand_made)
    wanted = {dataset(event) for event in events_in(path_of(HAND_MADE))} - {"leak"}
    checks.equal(set().union(*datasets.values()), wanted, "datasets")
    checks.finish()


if __name__ == "__main__":
    main()
