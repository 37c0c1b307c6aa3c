# SPDX-License-Identifier: Apache-2.0
"""Shared by the tests of the feed: the events that they hold against schemas, templates, rules and pages."""
import argparse
import collections
import os

from sensor_runs import events_in

HAND_MADE = "hand-made"  # every dataset, every field, every word
Given = collections.namedtuple("Given", "events tools")


def start(description):
    """The command line of a test: .events is {name of a capture: its events}, .tools the folder that tools.py made."""
    parser = argparse.ArgumentParser(description=description)
    for name in ("events", "tools"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    names = sorted(os.listdir(arguments.events))
    events = {name[:-len(".jsonl")]: events_in(os.path.join(arguments.events, name)) for name in names}
    assert HAND_MADE in events, f"{arguments.events} is not what events.py makes"
    return Given(events, arguments.tools)


def captured(given):
    """Returns the events that the sensor made of captures, without the hand-made ones."""
    return {name: events for name, events in given.events.items() if name != HAND_MADE}


def dataset(event):
    return event["event"]["dataset"].replace("telltale.", "")
