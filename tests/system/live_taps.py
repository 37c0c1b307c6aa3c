#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` on a tap of two ports, one for each direction, and with several workers behind one polling thread:
bytes and packets of every device and owner are those that `telltale read` finds in the file. Sent as fast as they can be,
packets are all counted, and figures close while they come.

Needs root and the right to make network namespaces, else it is skipped. Nothing leaves the namespaces.
"""
import collections
import contextlib
import os
import socket
import struct
import subprocess
import sys
import time

from live import INTERFACE, PACKETS_A_SECOND, at_the_pace, in_namespace, run_ip, veth_pair
from run import check_end
from run_taps import ServiceInNamespace
from sensor_runs import SANITIZED, Checks, events_in, read_bytes, scratch, start_as_root, write_file
from service_runs import check_identities

SECOND_SENDS, SECOND = "ws", "wr"
ATTEMPTS = 4
LEAST_OF_A_LOAD = 0.05 if SANITIZED else 0.25 # the rest must be reported as missed


def sums(events):
    """Bytes and packets by device and owner."""
    told = collections.Counter()
    for event in events:
        if event["event"]["dataset"] == "telltale.transfer":
            key = (event.get("host", {}).get("mac", [""])[0], event["telltale"]["owner"]["id"])
            told[(*key, "up")] += event["source"]["bytes"]
            told[(*key, "down")] += event["destination"]["bytes"]
            told[(*key, "packets")] += event["network"]["packets"]
    return told


def frames_in(capture):
    content, at = read_bytes(capture), 24
    while at < len(content):
        length, = struct.unpack_from("<I", content, at + 8)
        yield content[at + 16:at + 16 + length]
        at += 16 + length


def send(capture, rounds, *interfaces):
    """Sends a capture's frames; of two interfaces the second has what the busiest MAC sends. 0 rounds: once, paced."""
    frames = list(frames_in(capture))
    busiest = collections.Counter(frame[6:12] for frame in frames).most_common(1)[0][0]
    ports = []
    for interface in interfaces:
        ports.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
        ports[-1].bind((interface, 0))
    started, count = time.monotonic(), 0
    for _ in range(max(1, int(rounds))):
        for frame in frames:
            ports[-1 if frame[6:12] == busiest else 0].send(frame)
            count += 1
            if rounds == "0" and count % 64 == 0:
                time.sleep(max(0, started + count / PACKETS_A_SECOND - time.monotonic()))
    print(count)


def sender(namespace, capture, rounds, *interfaces):
    return subprocess.Popen(["ip", "netns", "exec", namespace, sys.executable, os.path.abspath(__file__), "--send",
                             capture, str(rounds), *interfaces], stdout=subprocess.PIPE)


@contextlib.contextmanager
def two_veth_pairs():
    with veth_pair() as names:
        run_ip("-n", names[0], "link", "add", "name", SECOND_SENDS, "type", "veth", "peer", "name", SECOND, "netns",
               names[1])
        for name, interface in zip(names, (SECOND_SENDS, SECOND)):
            in_namespace(name, "sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{interface}/disable_ipv6")
            run_ip("-n", name, "link", "set", interface, "arp", "off", "up")
        run_ip("-n", names[1], "link", "set", "lo", "up")
        yield names


def config(folder, name, ports, more):
    text = f"taps: [{{name: hall, ports: [{', '.join(ports)}], blind_after: 2s}}]\nmetrics: {{port: 0}}\n{more}"
    return write_file(os.path.join(folder, name + ".yaml"), text.encode())


def day_on_ports(programs, checks, folder, namespaces, day, name, ports, workers):
    """The day sent once: the sensor, its figures, its events."""
    capture, truth, _ = day
    told = os.path.join(folder, name + ".events")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(told)
    service = ServiceInNamespace(programs, config(folder, name, ports, f"events: {told}\nworkers: {workers}\n"),
                                 namespaces[1])
    sending = sender(namespaces[0], capture, 0, *(("vs", SECOND_SENDS) if len(ports) == 2 else ("vs",)))
    while sending.poll() is None:
        check_identities(checks, f"{name}: while packets come", service.metrics())
    sending.communicate()
    seen = lambda m: m.sum("telltale_packets_analysed_total") + m.sum("telltale_port_missed_total")
    return service, service.until(lambda m: seen(m) >= truth["frames"]), told


def check_day(programs, checks, folder, namespaces, day, name, ports, workers):
    _, truth, wanted = day
    for _ in range(ATTEMPTS):
        service, metrics, told = day_on_ports(programs, checks, folder, namespaces, day, name, ports, workers)
        missed = metrics.sum("telltale_port_missed_total")
        if not missed:
            break
        # A machine that is busy with other things: then only the count must be right.
        checks.equal(metrics.sum("telltale_port_packets_total") + missed, truth["frames"], f"{name}: missed are counted")
        print(f"{name}: the driver missed {missed:.0f} packets, and said so; once more")
        service.end()
    else:
        checks.that(False, f"{name}: the driver missed packets each of {ATTEMPTS} times")
        return
    checks.equal(metrics.sum("telltale_port_packets_total"), truth["frames"],
                 f"{name}: packets received ({service.err})")
    checks.equal(metrics.sum("telltale_packets_analysed_total"), truth["frames"], f"{name}: packets analysed")
    for number in range(len(ports)):
        received = metrics.one("telltale_port_packets_total", port=f"hall:{number}")
        checks.that(received is not None and received > 100, f"{name}: port {number} has its direction: {received}")
    check_end(checks, name, *service.end())
    got = sums(events_in(told))
    for what, ways in (("bytes", ("up", "down")), ("packets", ("packets",))):
        told_all, wanted_all = [sum(side[key] for key in side if key[2] in ways) for side in (got, wanted)]
        checks.equal(told_all, wanted_all, f"{name}: all devices and owners, {what}")
    for key in sorted(set(wanted) | set(got)):
        checks.equal(got[key], wanted[key], f"{name}: {key}")


def check_load(programs, checks, folder, namespaces, capture):
    """Every packet that the kernel hands over is counted, analysed or not, and figures close all the time."""
    more = f"workers: 2\nevents: {folder}/load.events\n"
    service = ServiceInNamespace(programs, config(folder, "load", (INTERFACE, SECOND), more), namespaces[1])
    sending = sender(namespaces[0], capture, 20, "vs", SECOND_SENDS)
    looks = 0
    while sending.poll() is None:
        check_identities(checks, "load", service.metrics())
        looks += 1
    sent = int(sending.communicate()[0])
    checks.that(looks > 1, f"the load was over after {looks} looks")
    metrics = service.until(lambda m: m.sum("telltale_packets_in_flight") == 0 and
                            m.sum("telltale_port_packets_total") + m.sum("telltale_port_missed_total") >= sent, seconds=15)
    check_identities(checks, "behind the load", metrics)
    checks.equal(metrics.sum("telltale_packets_in_flight"), 0, "nothing stays in flight")
    kernel = metrics.sum("telltale_interface_received_packets_total")
    checks.equal(kernel, sent, "the kernel's count")
    received, missed = metrics.sum("telltale_port_packets_total"), metrics.sum("telltale_port_missed_total")
    checks.equal(received + missed, sent, "what the driver took and what it says that it missed")
    checks.that(received > LEAST_OF_A_LOAD * sent, f"received {received} of {sent}")
    print(f"load: {sent} sent, {received:.0f} received, {missed:.0f} missed, "
          f"{metrics.sum('telltale_packets_dropped_total'):.0f} dropped")
    check_end(checks, "load", *service.end())


def main():
    programs, checks = start_as_root(__doc__), Checks()
    with scratch() as folder, two_veth_pairs() as namespaces:
        capture, truth = programs.generate(folder, "office-day", packets=10_000)
        # As in live.py: with the times at which it is sent.
        paced = at_the_pace(capture)
        checks.equal(programs.read("--quiet", "--events", paced + ".events", paced).status, 0, "read")
        day = capture, truth, sums(events_in(paced + ".events"))
        checks.that(len(day[2]) > 50, f"only {len(day[2])} sums to compare")
        check_day(programs, checks, folder, namespaces, day, "two ports", (INTERFACE, SECOND), 1)
        check_day(programs, checks, folder, namespaces, day, "one port, two workers", (INTERFACE,), 2)
        check_day(programs, checks, folder, namespaces, day, "two ports, two workers", (INTERFACE, SECOND), 2)
        check_load(programs, checks, folder, namespaces, capture)
    checks.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(*sys.argv[2:])
    else:
        main()
