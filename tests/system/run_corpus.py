#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` on real captures that DPDK's net_pcap plays gives the same events as `telltale read` of the file. Those
captures that net_pcap can play as they are: Ethernet, no frame cut, none larger than a buffer. A part of the corpus;
all of it with TELLTALE_WHOLE_CORPUS set."""
import collections
import json
import os
import struct

from sensor_runs import SANITIZED, WHOLE, Checks, corpus, crashed, events_in, in_parallel, scratch, skip, start, write_file
from service_runs import ENDS_WITHIN_S, Service, check_identities

MOST_CAPTURES = 3 if SANITIZED else 24
LARGEST_FRAME = 2048  # of a buffer
LARGEST_FILE = 1 << 30 if WHOLE else 4 << 20

CONFIG = """taps:
  - name: file
    ports: ['net_pcap0,rx_pcap={capture}']
metrics: {{port: 0}}
events: {events}
store: {{events: 1000000}}
"""


def frames_of(path):
    """How many frames net_pcap can play of a capture as they are; 0 where it cannot."""
    with open(path, "rb") as file:
        content = file.read(LARGEST_FILE + 1)
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\x3c\x4d": ">"}.get(content[:4])
    if order is None or len(content) > LARGEST_FILE or len(content) < 24:
        return 0
    if struct.unpack_from(order + "I", content, 20)[0] & 0x0fffffff != 1:
        return 0
    frames, at = 0, 24
    while at + 16 <= len(content):
        captured, wire = struct.unpack_from(order + "II", content, at + 8)
        if captured != wire or captured > LARGEST_FRAME or captured < 14 or at + 16 + captured > len(content):
            return 0
        at += 16 + captured
        frames += 1
    return frames


def told(path):
    """Returns the events without the run, the place where the packets came in, and the time of reporting; health counts the sensor's
    own work."""
    kept = collections.Counter()
    for event in events_in(path):
        if event["event"]["dataset"] in ("telltale.health", "telltale.config"):
            continue
        for key in ("id", "sequence", "created"):
            event["event"].pop(key, None)
        event.pop("observer", None)
        event["telltale"].pop("sensor", None)
        kept[json.dumps(event, sort_keys=True)] += 1
    return kept


def compare(programs, folder, path, frames):
    """Returns failures as texts, and the number of events."""
    name, found = os.path.basename(path), Checks()
    base = os.path.join(folder, name)
    configuration = write_file(base + ".yaml", CONFIG.format(capture=path, events=base + ".run").encode())
    service = Service(programs, configuration)
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= frames)
    found.equal(metrics.sum("telltale_packets_analysed_total"), frames, f"{name}: packets analysed")
    check_identities(found, name, metrics)
    done, seconds = service.end()
    found.equal((done.status, crashed(done)), (0, ""), f"{name}: the end")
    found.that(seconds < ENDS_WITHIN_S, f"{name}: it took {seconds:.1f} s to end")
    read = programs.read("--quiet", "--events", base + ".read", path)
    found.equal((read.status, crashed(read)), (0, ""), f"{name}: read")
    ran, expected = told(base + ".run"), told(base + ".read")
    missing, added = expected - ran, ran - expected
    found.that(not missing and not added,
               f"{name}: {sum(missing.values())} events missing, {sum(added.values())} added:\n"
               f"  {list(missing)[:1]}\n  {list(added)[:1]}")
    for ending in (".yaml", ".run", ".read"):
        os.unlink(base + ending)
    return found.failed, sum(expected.values())


def main():
    programs, checks = start(__doc__), Checks()
    checks.MOST_CHARACTERS = 3000
    real = corpus()
    if not real:
        skip("there is no corpus")
    folder = os.path.join(real, "pcap")
    captures = [(os.path.join(folder, name), frames_of(os.path.join(folder, name)))
                for name in sorted(os.listdir(folder))]
    captures = [(path, frames) for path, frames in captures if frames]
    if not WHOLE:
        captures = captures[:: max(1, len(captures) // MOST_CAPTURES)]
    with scratch() as scratched:
        with_events = 0
        for failures, events in in_parallel(lambda one: compare(programs, scratched, *one), captures):
            for text in failures:
                checks.that(False, text)
            checks.count += 1
            with_events += events > 1
        checks.that(with_events * 2 > len(captures), f"only {with_events} of {len(captures)} captures have events")
    print(len(captures), "captures")
    checks.finish()


if __name__ == "__main__":
    main()
