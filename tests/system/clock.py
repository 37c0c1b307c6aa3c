#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` whose wall clock is set an hour back and two hours forward while it runs: health goes on being reported,
no port is called blind, bytes go on being reported, each step is an event and a metric. The clock is that of the program
alone (set_clock.cc). On a port that plays a file, and as root on veth pairs."""
import os
import shutil
import struct
import time

from live import INTERFACE, run_ip, veth_pair
from live_taps import SECOND, SECOND_SENDS, sender, two_veth_pairs
from outputs import at
from run import check_end, check_events, config
from run_taps import ServiceInNamespace, config as config_of_interface, send_slowly
from sensor_runs import SANITIZED, Checks, events_in, scratch, skip, start, write_file
from service_runs import Service

HOUR_NS = 3600 * 10**9
STEPS = ((-HOUR_NS, "the clock was set 3600.0 s back"), (HOUR_NS, "the clock was set 7200.0 s forward"))


def created(metrics, kind):
    return metrics.one("telltale_events_created_total", kind=kind)


def set_clock(clock, offset_ns):
    with open(clock, "r+b") as file:
        file.write(struct.pack("<q", offset_ns))


def check_step(checks, service, port, clock, offset_ns):
    set_clock(clock, offset_ns)
    before = created(service.metrics(), "health")
    metrics = service.until(lambda m: created(m, "health") >= before + 4, seconds=12)
    checks.that(created(metrics, "health") >= before + 4, f"{port}, {offset_ns}: health goes on being reported")
    offset = metrics.one("telltale_clock_offset_seconds")
    checks.that(abs(offset - offset_ns / 1e9) < 0.3, f"{port}: the clock is off by {offset} s, not by {offset_ns / 1e9}")
    checks.equal(metrics.one("telltale_port_blind", port=port), 0, f"{port}, {offset_ns}: the port is not blind")
    silent = metrics.one("telltale_port_silent_seconds", port=port)
    checks.that(silent < 60, f"{port}, {offset_ns}: silent for {silent} s")


def check_told(checks, name, told):
    events = events_in(told)
    check_events(checks, name, events)
    stepped = [event for event in events if at(event, "event.action") == "clock-stepped"]
    checks.equal([event["message"] for event in stepped], [text for _, text in STEPS], f"{name}: steps that were reported")


def check_file(programs, checks, folder, clock, environment):
    capture, truth = programs.generate(folder, "office-day", packets=2_000)
    told = os.path.join(folder, "file.events")
    path = config(folder, capture, f"events: {told}\nservice: {{health_interval: 1s}}\n")
    service = Service(programs, path, **environment)
    service.until(lambda m: m.sum("telltale_packets_analysed_total") == truth["frames"])
    time.sleep(1)
    for offset_ns, _ in STEPS:
        check_step(checks, service, "up:0", clock, offset_ns)
    check_end(checks, "a file", *service.end())
    check_told(checks, "a file", told)


def check_two_ports(programs, checks, folder, clock, environment):
    """The clock is set back while frames of one port wait for those of the other: that does not make them wait longer."""
    capture, truth = programs.generate(folder, "office-day", seed=3, packets=10_000)
    told = os.path.join(folder, "two.events")
    path = write_file(os.path.join(folder, "two.yaml"),
                      f"taps: [{{name: hall, ports: [{INTERFACE}, {SECOND}]}}]\nmetrics: {{port: 0}}\n"
                      f"events: {told}\n".encode())
    with two_veth_pairs() as (sending, receiving):
        run_ip("-n", receiving, "link", "set", "lo", "up")
        service = ServiceInNamespace(programs, path, receiving, **environment)
        sending = sender(sending, capture, 0, "vs", SECOND_SENDS)
        service.until(lambda m: m.sum("telltale_packets_analysed_total") > truth["frames"] / 4)
        set_clock(clock, -HOUR_NS)
        sending.communicate()
        metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= truth["frames"], seconds=10)
        checks.equal(metrics.sum("telltale_packets_analysed_total"), truth["frames"], "two ports: frames analysed")
        check_end(checks, "two ports", *service.end())


def check_interface(programs, checks, folder, clock, environment):
    """Packets that come after a step are booked and reported like those before it."""
    capture, truth = programs.generate(folder, "office-day", seed=2, packets=2_000)
    told = os.path.join(folder, "interface.events")
    more = f"events: {told}\nservice: {{health_interval: 1s}}\ntracking: {{interval: 1s}}\n"
    with veth_pair() as (sending, receiving):
        run_ip("-n", receiving, "link", "set", "lo", "up")
        service = ServiceInNamespace(programs, config_of_interface(folder, more), receiving, **environment)
        for sent, offset_ns in enumerate([0, *(offset_ns for offset_ns, _ in STEPS)], 1):
            if offset_ns:
                check_step(checks, service, "hall:0", clock, offset_ns)
            before = created(service.metrics(), "transfer")
            send_slowly(sending, capture).communicate()
            reported = lambda m: (m.one("telltale_flow_bytes_total") == sent * truth["ip_bytes"]
                                  and m.one("telltale_ledger_bytes_total") == sent * truth["ip_bytes"])
            metrics = service.until(reported, seconds=15)
            checks.equal([metrics.one(f"telltale_{what}_bytes_total") for what in ("flow", "ledger")],
                         [sent * truth["ip_bytes"]] * 2, f"{offset_ns}: bytes counted, and bytes reported")
            checks.that(created(metrics, "transfer") > before, f"{offset_ns}: transfers go on being reported")
        check_end(checks, "an interface", *service.end())
    check_told(checks, "an interface", told)


def main():
    programs, checks = start(__doc__), Checks()
    if SANITIZED:
        skip("a sanitizer's library must be the first")
    with scratch() as folder:
        interfaces = os.geteuid() == 0 and shutil.which("ip")
        if not interfaces:
            print("skipped interfaces, which need root and ip")
        for check in (check_file, check_interface, check_two_ports)[:3 if interfaces else 1]:
            clock = write_file(os.path.join(folder, "clock"), struct.pack("<q", 0))
            environment = {"LD_PRELOAD": os.environ["TELLTALE_SET_CLOCK"], "TELLTALE_CLOCK_FILE": clock}
            check(programs, checks, folder, clock, environment)
    checks.finish()


if __name__ == "__main__":
    main()
