#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale live` on a veth pair between two network namespaces of the test's own: a generated day of an office is sent
through it, every packet is counted, and bytes and packets of every device and owner are those that `telltale read`
finds in the file. Ends on SIGTERM and SIGINT, with everything written; says in one line why it cannot start.

A day that is sent in a second has other flows where hosts without an address share one 5-tuple (DHCP broadcasts, see
office_day.py): one flow of the first sender, and in the file one of each. Multicast bytes of single devices are
therefore compared with those of the same file with the times at which it is sent.

Needs root and the right to make network namespaces, else it is skipped. Nothing leaves the namespaces.
"""
import collections
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

from sensor_runs import SANITIZED, Checks, Done, crashed, events_in, read_bytes, scratch, skip, start_as_root, write_file

PACKETS_A_SECOND = 1_500 if SANITIZED else 8_000
ENDS_WITHIN_S = 20 if SANITIZED else 5
STARTS_WITHIN_S = 120  # with signatures that are compiled anew, under a sanitizer
INTERFACE = "vr"


def run_ip(*arguments):
    return subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True, timeout=20)


@contextlib.contextmanager
def veth_pair():
    """Two namespaces and an interface in each, connected; yields the namespaces' names."""
    names = [f"telltale-{os.getpid()}-{side}" for side in ("send", "receive")]
    made = []
    try:
        for name in names:
            done = run_ip("netns", "add", name)
            if done.returncode:
                skip(f"network namespaces cannot be made here: {done.stderr.strip()}")
            made.append(name)
        done = run_ip("-n", names[0], "link", "add", "name", "vs", "type", "veth",
                      "peer", "name", INTERFACE, "netns", names[1])
        if done.returncode:
            skip(f"a veth pair cannot be made here: {done.stderr.strip()}")
        for name, interface in zip(names, ("vs", INTERFACE)):
            # Nothing of the kernel's own may mix with what is sent.
            in_namespace(name, "sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{interface}/disable_ipv6")
            run_ip("-n", name, "link", "set", interface, "arp", "off", "up")
        yield names
    finally:
        for name in made:
            run_ip("netns", "del", name)


def in_namespace(name, *command):
    return subprocess.run(["ip", "netns", "exec", name, *map(str, command)], check=False, capture_output=True,
                          text=True, timeout=120)


def send(interface, capture):
    """Sends a classic pcap file's frames, paced; prints how many."""
    content, at, count = read_bytes(capture), 24, 0
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    port.bind((interface, 0))
    started = time.monotonic()
    while at < len(content):
        length, = struct.unpack_from("<I", content, at + 8)
        port.send(content[at + 16:at + 16 + length])
        at += 16 + length
        count += 1
        if count % 64 == 0:
            time.sleep(max(0, started + count / PACKETS_A_SECOND - time.monotonic()))
    print(count)


def at_the_pace(capture):
    """The same capture with the times at which it is sent."""
    content = bytearray(read_bytes(capture))
    a_second = 1_000_000_000 if content[:4] == b"\x4d\x3c\xb2\xa1" else 1_000_000
    at, count = 24, 0
    while at < len(content):
        struct.pack_into("<II", content, at, 1_772_524_800, count * a_second // PACKETS_A_SECOND)
        at += 16 + struct.unpack_from("<I", content, at + 8)[0]
        count += 1
    return write_file(capture + ".paced.pcap", content)


class Live:
    """A running `telltale live` in a namespace."""

    def __init__(self, programs, namespace, *arguments):
        self.command = ["ip", "netns", "exec", namespace, programs.telltale, "live", INTERFACE, *map(str, arguments)]
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.err = b""
        latest = time.monotonic() + STARTS_WITHIN_S
        while b"listening" not in self.err and time.monotonic() < latest:
            if select.select([self.process.stderr], [], [], 1)[0]:
                part = os.read(self.process.stderr.fileno(), 65536)
                if not part:
                    break
                self.err += part

    def end(self, signal_number):
        """Its end as a Done, and the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal_number)
        try:
            out, err = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        err = (self.err + err).decode("utf-8", "replace")
        return Done(self.process.returncode, out, err, self.command), time.monotonic() - started


def totals(events):
    """Bytes and packets by device and owner, and the figures of the health event."""
    sums, health = collections.Counter(), {}
    for event in events:
        if event["event"]["dataset"] == "telltale.health":
            health = event["telltale"]["health"]
        if event["event"]["dataset"] != "telltale.transfer":
            continue
        key = (event["host"]["mac"][0] if "host" in event else "", event["telltale"]["owner"]["id"])
        sums[(*key, "up")] += event["source"]["bytes"]
        sums[(*key, "down")] += event["destination"]["bytes"]
        sums[(*key, "packets")] += event["network"]["packets"]
    return sums, health


def check_office(programs, checks, folder, namespaces, threads):
    capture, truth = programs.generate(folder, "office-day", packets=10_000)
    events = os.path.join(folder, "live.events")
    threaded = write_file(os.path.join(folder, "threads.yaml"), f"correlate_threads: {threads}\n".encode())
    live = Live(programs, namespaces[1], "--config", threaded, "--format", "json", "--events", events)
    sent = in_namespace(namespaces[0], sys.executable, os.path.abspath(__file__), "--send", "vs", capture)
    done, seconds = live.end(signal.SIGTERM)
    checks.equal((sent.returncode, sent.stdout.strip()), (0, str(truth["frames"])), f"frames sent ({sent.stderr})")
    checks.equal((done.status, crashed(done)), (0, ""), f"the end on SIGTERM ({done.err})")
    checks.that(seconds < ENDS_WITHIN_S, f"it took {seconds:.1f} s to end")
    checks.that("warning" not in done.err, f"warnings: {done.err}")

    told, health = totals(events_in(events))
    for name, file in (("the file", capture), ("the file as it is sent", at_the_pace(capture))):
        from_file = file + ".events"
        read = programs.read("--quiet", "--format", "json", "--events", from_file, file)
        checks.equal(read.status, 0, f"{name}: the run ({read.err})")
        wanted, _ = totals(events_in(from_file))
        checks.that(len(wanted) > 50, f"{name}: only {len(wanted)} sums to compare")
        for key in sorted(set(wanted) | set(told)):
            if file != capture or key[1] != "multicast":
                checks.equal(told[key], wanted[key], f"{name}: {key}")
        for way in ("up", "down", "packets"):
            sums = [sum(count for key, count in side.items() if key[2] == way) for side in (told, wanted)]
            checks.equal(*sums, f"{name}: all devices and owners, {way}")
        checks.equal(*[len(json.loads(run.out)["devices"]) for run in (done, read)], f"{name}: devices in the summary")
    checks.equal(health.get("frames"), truth["frames"], "frames counted")
    checks.equal(health.get("track.bytes"), truth["ip_bytes"], "bytes counted")
    checks.equal(health.get("records.lost"), 0, "observations lost")


def check_ends(programs, checks, namespaces):
    done, seconds = Live(programs, namespaces[1]).end(signal.SIGINT)
    checks.equal((done.status, crashed(done)), (0, ""), f"the end on SIGINT, without a packet ({done.err})")
    checks.that(seconds < ENDS_WITHIN_S, f"without a packet it took {seconds:.1f} s to end")
    checks.that(done.out.startswith(b"TELLTALE  " + INTERFACE.encode()), f"the summary of nothing: {done.out[:200]!r}")
    timed = in_namespace(namespaces[1], programs.telltale, "live", INTERFACE, "--seconds", "1")
    checks.equal(timed.returncode, 0, f"the end after a second ({timed.stderr})")
    shown = run_ip("-n", namespaces[1], "-d", "link", "show", INTERFACE).stdout
    checks.that("promiscuity 0" in shown, f"promiscuous after the end: {shown}")


def check_refusals(programs, checks, namespaces):
    run_ip("-n", namespaces[1], "link", "set", INTERFACE, "down")
    for name, remedy in ((INTERFACE, f"ip link set {INTERFACE} up"), ("nosuch", "ip link"), ("a,b", "ip link")):
        done = in_namespace(namespaces[1], programs.telltale, "live", name, "--seconds", "1", "--quiet")
        checks.equal((done.returncode, done.stderr.count("\n"), done.stdout), (2, 1, ""), f"{name}: {done.stderr}")
        checks.that(done.stderr.startswith("error: ") and name in done.stderr and remedy in done.stderr,
                    f"{name}: {done.stderr}")


def main():
    programs, checks = start_as_root(__doc__), Checks()
    with scratch() as folder, veth_pair() as namespaces:
        for threads in (1, 2):
            check_office(programs, checks, folder, namespaces, threads)
        check_ends(programs, checks, namespaces)
        check_refusals(programs, checks, namespaces)
    checks.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(*sys.argv[2:])
    else:
        main()
