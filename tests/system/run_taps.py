#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` on a veth pair between two network namespaces of the test's own: what is sent through it is counted
packet by packet, bytes and packets of every device and owner are those that `telltale read` finds in the file, figures
close while packets come, what must not be looked at is counted and nothing else.

Needs root and the right to make network namespaces, else it is skipped. Nothing leaves the namespaces.
"""
import os
import subprocess
import sys
import time

from live import INTERFACE, at_the_pace, run_ip, veth_pair
from run import check_end, check_events, sums
from sensor_runs import SANITIZED, Checks, events_in, scratch, start_as_root, write_file
from service_runs import Service, check_identities, fetch_in

HERE = os.path.dirname(os.path.abspath(__file__))


class ServiceInNamespace(Service):
    def __init__(self, programs, config, namespace, **environment):
        self.namespace = namespace
        super().__init__(programs, config, prefix=("ip", "netns", "exec", namespace), **environment)

    def get(self, path, post=False):
        return fetch_in(self.namespace, self.port, path)


def send_slowly(namespace, capture):
    """A sender that runs on."""
    return subprocess.Popen(["ip", "netns", "exec", namespace, sys.executable, os.path.join(HERE, "live.py"), "--send",
                             "vs", capture], stdout=subprocess.PIPE)


def config(folder, more):
    return write_file(os.path.join(folder, "telltale.yaml"),
                      f"taps: [{{name: hall, ports: [{INTERFACE}]}}]\nmetrics: {{port: 0}}\n{more}".encode())


def check_office(programs, checks, folder, namespaces):
    capture, truth = programs.generate(folder, "office-day", packets=10_000)
    told = os.path.join(folder, "run.events")
    service = ServiceInNamespace(programs, config(folder, f"events: {told}\n"), namespaces[1])
    checks.equal(service.get("/-/ready")[0], 200, f"ready ({service.err})")
    sender = send_slowly(namespaces[0], capture)
    while sender.poll() is None:
        check_identities(checks, "while packets come", service.metrics())
    sender.communicate()
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= truth["frames"])
    check_identities(checks, "the day", metrics)
    checks.equal(metrics.one("telltale_port_packets_total", port="hall:0"), truth["frames"], "packets received")
    checks.equal(metrics.sum("telltale_packets_analysed_total"), truth["frames"], "packets analysed")
    checks.equal(metrics.one("telltale_flow_bytes_total"), truth["ip_bytes"], "bytes of flows")
    checks.that(metrics.one("telltale_interface_received_packets_total", port="hall:0") >= truth["frames"],
                "the kernel's own count stands beside it")
    check_end(checks, "the day", *service.end())
    events = events_in(told)
    check_events(checks, "the day", events)
    # As in live.py: flows of hosts without an address are compared with the file as it is sent.
    for name, file in (("the file", capture), ("the file as it is sent", at_the_pace(capture))):
        from_file = file + ".events"
        checks.equal(programs.read("--quiet", "--events", from_file, file).status, 0, f"{name}: read")
        wanted, got = sums(events_in(from_file)), sums(events)
        for key in sorted(set(wanted) | set(got)):
            if file != capture or key[1] != "multicast":
                checks.equal(got[key], wanted[key], f"{name}: {key}")
    return capture, truth


def check_ignored(programs, checks, folder, namespaces, capture, truth):
    """A filter that leaves DNS alone: its packets are received and dropped by name."""
    told = os.path.join(folder, "ignored.events")
    more = f"events: {told}\nignore: {{all_but: not udp port 53}}\n"
    service = ServiceInNamespace(programs, config(folder, more), namespaces[1])
    send_slowly(namespaces[0], capture).communicate()
    dropped = {"port": "hall:0", "reason": "capture_filter"}
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") +
                            m.one("telltale_packets_dropped_total", **dropped) >= truth["frames"])
    check_identities(checks, "ignored", metrics)
    checks.that(metrics.one("telltale_packets_dropped_total", **dropped) > 100, "DNS is dropped by name")
    checks.equal(metrics.one("telltale_port_packets_total", port="hall:0"), truth["frames"], "ignored: received")
    check_end(checks, "ignored", *service.end())


def check_xdp(programs, checks, folder, namespaces, capture, truth):
    """The kernel's other way to hand packets over: what it lost it counts."""
    if SANITIZED:
        print("skipped AF_XDP: the driver's library leaves memory behind, which is reported")
        return
    path = write_file(os.path.join(folder, "xdp.yaml"),
                      f"taps: [{{name: hall, ports: ['net_af_xdp0,iface={INTERFACE}']}}]\nmetrics: {{port: 0}}\n"
                      f"events: {folder}/xdp.events\n".encode())
    try:
        service = ServiceInNamespace(programs, path, namespaces[1])
    except RuntimeError as error:
        print("skipped AF_XDP, which this kernel does not give:", str(error).strip()[-200:])
        return
    send_slowly(namespaces[0], capture).communicate()
    seen = lambda m: m.one("telltale_port_packets_total", port="hall:0") + m.one("telltale_port_missed_total",
                                                                                port="hall:0")
    metrics = service.until(lambda m: seen(m) >= truth["frames"])
    checks.equal(seen(metrics), truth["frames"], "AF_XDP: packets received and missed")
    checks.that(metrics.sum("telltale_packets_analysed_total") > 0, "AF_XDP: packets are analysed")
    check_identities(checks, "AF_XDP", metrics)
    check_end(checks, "AF_XDP", *service.end())


def check_link(programs, checks, folder, namespaces):
    """A link that goes away makes the sensor not ready; it runs on, and is ready when the link is back."""
    service = ServiceInNamespace(programs, config(folder, f"events: {folder}/link.events\n"), namespaces[1])
    for state, expected, word in (("down", 503, "no link"), ("up", 200, "ready")):
        run_ip("-n", namespaces[0], "link", "set", "vs", state)
        latest = time.monotonic() + 10
        answer = service.get("/-/ready")
        while answer[0] != expected and time.monotonic() < latest:
            time.sleep(0.1)
            answer = service.get("/-/ready")
        checks.equal((answer[0], word in answer[1]), (expected, True), f"the link is {state}: {answer}")
    check_end(checks, "the link", *service.end())


def main():
    programs, checks = start_as_root(__doc__), Checks()
    with scratch() as folder, veth_pair() as namespaces:
        run_ip("-n", namespaces[1], "link", "set", "lo", "up")
        capture, truth = check_office(programs, checks, folder, namespaces)
        check_ignored(programs, checks, folder, namespaces, capture, truth)
        check_xdp(programs, checks, folder, namespaces, capture, truth)
        check_link(programs, checks, folder, namespaces)
    checks.finish()


if __name__ == "__main__":
    main()
