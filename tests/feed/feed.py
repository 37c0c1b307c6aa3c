# SPDX-License-Identifier: Apache-2.0
"""Shared by the tests of the feed: events of the sensor, made from the captures that the tests have."""
import argparse
import glob
import json
import os
import subprocess

from captures import cut
from sensor_runs import PROJECT, Programs, events_in

GOLDEN = sorted(glob.glob(os.path.join(PROJECT, "tests", "golden", "*", "capture.pcap")))
GENERATED = (("office-day", 7, 0), ("hello-rich", 3, 5_000), ("handshake-poor", 3, 5_000))


def start(description):
    """The command line of a test: its programs, and in .samples and .tools what else it was given."""
    parser = argparse.ArgumentParser(description=description)
    for name in ("telltale", "generate", "samples", "tools"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    programs = Programs(arguments.telltale, arguments.generate)
    programs.samples, programs.tools = arguments.samples, arguments.tools
    return programs


def sample_events(programs):
    """Hand-made events: every dataset, every field, every word."""
    done = subprocess.run([programs.samples], check=True, capture_output=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_events(programs, folder, capture):
    path = os.path.join(folder, "read.events")
    done = programs.read("--quiet", "--events", path, capture)
    assert done.status == 0, f"telltale read {capture}: {done.err}"
    return events_in(path)


def captured_events(programs, folder):
    """Events of the generated captures, of one that is cut, and of every golden case, as (name, events)."""
    for scenario, seed, packets in GENERATED:
        capture, _ = programs.generate(folder, scenario, seed, packets)
        yield scenario, read_events(programs, folder, capture)
        if scenario == "office-day":
            yield "cut", read_events(programs, folder, cut(capture, 60, os.path.join(folder, "cut.pcap")))
    for capture in GOLDEN:
        yield os.path.basename(os.path.dirname(capture)), read_events(programs, folder, capture)


def dataset(event):
    return event["event"]["dataset"].replace("telltale.", "")
