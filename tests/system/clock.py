#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` whose wall clock is set an hour back and two hours forward while it runs: health goes on being reported,
no port is called blind, each step is an event and a metric. The clock is that of the program alone (set_clock.cc)."""
import os
import struct
import time

from outputs import at
from run import check_end, check_events, config
from sensor_runs import SANITIZED, Checks, events_in, scratch, skip, start, write_file
from service_runs import Service

HOUR_NS = 3600 * 10**9
STEPS = ((-HOUR_NS, "the clock was set 3600.0 s back"), (HOUR_NS, "the clock was set 7200.0 s forward"))


def check_step(checks, service, clock, offset_ns):
    with open(clock, "r+b") as file:
        file.write(struct.pack("<q", offset_ns))
    before = service.metrics().one("telltale_events_created_total", kind="health")
    metrics = service.until(lambda m: m.one("telltale_events_created_total", kind="health") >= before + 4, seconds=12)
    checks.that(metrics.one("telltale_events_created_total", kind="health") >= before + 4,
                f"{offset_ns}: health goes on being reported")
    offset = metrics.one("telltale_clock_offset_seconds")
    checks.that(abs(offset - offset_ns / 1e9) < 0.3, f"the clock is off by {offset} s, not by {offset_ns / 1e9}")
    checks.equal(metrics.one("telltale_port_blind", port="up:0"), 0, f"{offset_ns}: the port is not blind")
    silent = metrics.one("telltale_port_silent_seconds", port="up:0")
    checks.that(silent < 60, f"{offset_ns}: silent for {silent} s")


def main():
    programs, checks = start(__doc__), Checks()
    if SANITIZED:
        skip("a sanitizer's library must be the first")
    with scratch() as folder:
        clock = write_file(os.path.join(folder, "clock"), struct.pack("<q", 0))
        capture, truth = programs.generate(folder, "office-day", packets=2_000)
        told = os.path.join(folder, "events")
        path = config(folder, capture, f"events: {told}\nservice: {{health_interval: 1s}}\n")
        service = Service(programs, path, LD_PRELOAD=os.environ["TELLTALE_SET_CLOCK"], TELLTALE_CLOCK_FILE=clock)
        service.until(lambda m: m.sum("telltale_packets_analysed_total") == truth["frames"])
        time.sleep(1)
        for offset_ns, _ in STEPS:
            check_step(checks, service, clock, offset_ns)
        check_end(checks, "the end", *service.end())
        events = events_in(told)
        check_events(checks, "clock", events)
        stepped = [event for event in events if at(event, "event.action") == "clock-stepped"]
        checks.equal([event["message"] for event in stepped], [text for _, text in STEPS], "the steps that were reported")
        checks.equal([event["telltale"]["health"]["clock.set_back_ns"] // 10**9 for event in stepped[1:]], [0], "the direction")
    checks.finish()


if __name__ == "__main__":
    main()
