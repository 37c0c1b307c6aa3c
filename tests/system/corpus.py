#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every capture of the corpus: no crash, no sanitizer report, sums that close; what is observed against what
independent tools saw (the corpus' score.py); and three captures whose senders and owners are known."""
import collections
import json
import os
import re
import subprocess
import sys

from schemas import Schemas
from sensor_runs import SANITIZED, WHOLE, Checks, corpus, crashed, events_in, in_parallel, scratch, skip, start

FIRST = ("sni", "ja3", "ja4", "dns_query", "dns_answer_ip", "http_host", "user_agent", "dhcp_fp", "dhcp_vendor",
         "dhcp_hostname")
FIELDS = FIRST + ("quic_sni", "mdns_name", "llmnr_nbns", "dhcp_client_mac", "dhcpv6_fp", "ssdp_server", "community_id",
                  "device_mac", "tcp_syn")
RECALL, PRECISION, FLOWS = 0.995, 0.99, 0.995
# Kinds of results that the independent tools do not report: names behind a snap, ids of flows in tunnels and of ICMP by type,
# senders of cooked and 802.11 captures.
PRECISION_OF = {"quic_sni": 0.985, "llmnr_nbns": 0.985, "community_id": 0.965, "device_mac": 0.985}
# Captures without tunnels, protocols that name devices and destinations.
PLAIN = ("--proto", "tls,dns,dhcp,http", "--no-tunnels")
ONE_OF = 8 if SANITIZED and not WHOLE else 1  # sanitizers: one capture of so many
# Share of a corpus that a sensor of this version must be able to open; the rest is refused by name.
READABLE = 0.99


def read(programs, folder, path):
    name = os.path.basename(path)
    events = os.path.join(folder, "events", name)
    done = programs.read("--quiet", "--format", "json", "--workers", 1 + len(name) % 2, "--events", events,
                         "--observations", os.path.join(folder, "observations", name + ".jsonl"), path)
    return name, done, events


def check_run(checks, schemas, name, done, path):
    """True when the capture could be read."""
    checks.equal(crashed(done), "", name)
    if done.status == 2:
        checks.that(done.err.startswith("error: ") and name in done.err, f"{name}: refused with {done.err[:300]!r}")
        return False
    if not checks.equal(done.status, 0, f"{name}: exit status (said {done.err[:300]!r})"):
        return False
    bytes_told, health, unexplained = 0, {}, 0
    for event in events_in(path):
        dataset = event["event"]["dataset"]
        checks.equal(schemas.faults(dataset, event), [], f"{name}: an event breaks its schema")
        if dataset == "telltale.health":
            health = event["telltale"]["health"]
        elif dataset == "telltale.transfer":
            bytes_told += event["network"]["bytes"]
            if event["telltale"]["owner"]["id"] == "unattributed":
                causes = event["telltale"]["transfer"].get("unattributed", ())
                unexplained += abs(event["network"]["bytes"] - sum(part["bytes"] for part in causes))
    tracked = health.get("track.bytes", -1) + health.get("track.untracked_bytes", 0)
    checks.equal(bytes_told, tracked, f"{name}: bytes of all transfers and of all flows")
    checks.equal(unexplained, 0, f"{name}: unattributed bytes without a cause")
    checks.equal(health.get("records.lost"), 0, f"{name}: records lost")
    return True


def check_score(checks, real, folder, fields, *narrowed):
    command = [sys.executable, os.path.join(real, "score.py"), os.path.join(real, "truth"),
               os.path.join(folder, "observations"), "--fields", ",".join(fields), "--flows", *narrowed]
    for field in fields:
        command += ["--min", f"{field}={RECALL},{PRECISION_OF.get(field, PRECISION)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    print(done.stdout)
    checks.equal(done.returncode, 0, "score: " + " ".join(re.findall("SHORT: (.*)", done.stdout)) + done.stderr[:300])
    flows = re.search(r"^flows .*: truth (\d+), found (\d+), .* byte counts equal (\d+)", done.stdout, re.M)
    if checks.that(flows, "score: no line of flows"):
        truth, found, equal = map(int, flows.groups())
        checks.that(found >= FLOWS * truth, f"score: {found} of {truth} flows found")
        checks.that(equal >= FLOWS * truth, f"score: {equal} of {truth} flows have equal bytes")


class Story:
    """Returns the results of one capture's events, by device address."""

    def __init__(self, folder, name):
        self.name, self.devices, self.contacts = name, {}, collections.defaultdict(list)
        self.bytes, self.causes = collections.Counter(), collections.Counter()
        for event in events_in(os.path.join(folder, "events", name)):
            dataset, addresses = event["event"]["dataset"], event.get("host", {}).get("ip", [""])
            if dataset == "telltale.device":
                for address in addresses:
                    self.devices[address] = event
            elif dataset == "telltale.destination":
                for address in addresses:
                    self.contacts[address, event["destination"].get("ip")].append(event)
            elif dataset == "telltale.transfer":
                for address in addresses:
                    self.bytes[address, event["telltale"]["owner"]["id"]] += event["network"]["bytes"]
                for part in event["telltale"]["transfer"].get("unattributed", ()):
                    self.causes[part["cause"]] += part["bytes"]

    def check_device(self, checks, address, maker, least, **wanted):
        event = self.devices.get(address)
        if not checks.that(event, f"{self.name}: no device {address}"):
            return
        said = event["telltale"]["device"]
        checks.equal(said.get("maker_id"), maker, f"{self.name}: maker of {address}")
        checks.that(said["confidence"] >= least, f"{self.name}: {address}: confidence {said['confidence']}")
        for key, value in wanted.items():
            got = {"os": event["host"].get("os", {}).get("type"), "name": event["host"].get("name"),
                   "model": event["device"].get("model", {}).get("name"), "kind": event["host"].get("type")}[key]
            checks.equal(got, value, f"{self.name}: {key} of {address}")

    def owners(self, address):
        return {owner for (whose, owner), count in self.bytes.items() if whose == address and count}


def check_iphone(checks, folder):
    story = Story(folder, "ndpi__iphone.pcap")
    story.check_device(checks, "192.168.2.17", "apple", 0.9, os="ios", name="Lucas-iPhone", kind="phone")
    story.check_device(checks, "169.254.225.216", "apple", 0.75, os="macos", name="Lucas-iMac")
    checks.equal(story.owners("192.168.2.17"), {"apple", "internal", "multicast"}, "iphone: owners")
    checks.that(story.bytes["192.168.2.17", "apple"] > 190_000, "iphone: bytes to and from Apple")


def check_instagram(checks, folder):
    story = Story(folder, "ndpi__instagram.pcap")
    story.check_device(checks, "192.168.0.103", "samsung", 0.75, os="android", model="GT-I9505", kind="phone")
    story.check_device(checks, "192.168.2.17", "apple", 0.4)
    checks.equal(story.owners("192.168.0.103"), {"meta", "unattributed", "internal"}, "instagram: owners of the first")
    checks.equal(story.owners("192.168.2.17"), {"meta"}, "instagram: owners of the second")
    for address in ("192.168.0.103", "192.168.2.17"):
        checks.that(story.bytes[address, "meta"] > 100_000, f"instagram: bytes of {address} to and from Meta")


def check_camera(checks, folder):
    """A camera whose MAC prefix names another company, captured with 150 octets of each frame."""
    name = "shf__xiaomi-cam_no-firewall_wan.pcap"
    story, camera = Story(folder, name), "192.168.1.161"
    with open(os.path.join(folder, "observations", name + ".jsonl"), encoding="utf-8") as file:
        flows = [one for one in map(json.loads, file) if one["proto"] == "flow" and camera in (one["src"], one["dst"])]
    counted = 0
    for server in ("110.43.39.53", "110.43.68.154"):
        contacts = story.contacts[camera, server]
        if checks.that(contacts, f"camera: no contact with {server}"):
            owner = contacts[-1]["telltale"]["owner"]
            checks.equal((owner["id"], owner["method"]), ("xiaomi", "dns_answer"), f"camera: owner of {server}")
            checks.that(contacts[-1]["destination"]["domain"].endswith(".io.mi.com"), f"camera: name of {server}")
        sums = sum(one["bytes_ab"] + one["bytes_ba"] for one in flows if server in (one["src"], one["dst"]))
        checks.that(sums > 10_000, f"camera: {sums} bytes to and from {server}")
        counted += sums
    checks.equal(story.bytes[camera, "xiaomi"], counted, "camera: Xiaomi's bytes are those of its two servers")
    checks.that(story.bytes[camera, "unattributed"] > 5_000_000, "camera: bytes without an owner")
    for cause in ("no_name", "cut_name"):
        checks.that(story.causes[cause] > 1_000_000, f"camera: bytes whose cause is {cause}: {story.causes[cause]}")
    checks.equal(sum(story.causes.values()), sum(count for (_, owner), count in story.bytes.items()
                                                 if owner == "unattributed"), "camera: every byte's cause")


def main():
    programs, checks, real = start(__doc__), Checks(), corpus()
    if real is None:
        skip("there is no corpus at ../shared/corpus nor at $TELLTALE_CORPUS")
    stories = {"ndpi__iphone.pcap": check_iphone, "ndpi__instagram.pcap": check_instagram,
               "shf__xiaomi-cam_no-firewall_wan.pcap": check_camera}
    names = sorted(os.listdir(os.path.join(real, "pcap")))
    chosen = [name for number, name in enumerate(names) if number % ONE_OF == 0 or name in stories]
    with scratch() as folder:
        os.mkdir(os.path.join(folder, "events"))
        os.mkdir(os.path.join(folder, "observations"))
        runs = in_parallel(lambda name: read(programs, folder, os.path.join(real, "pcap", name)), chosen)
        schemas = Schemas()
        readable = [check_run(checks, schemas, *run) for run in runs]
        checks.that(sum(readable) >= READABLE * len(runs), f"only {sum(readable)} of {len(runs)} could be read")
        for name, check in stories.items():
            if name in chosen:
                check(checks, folder)
        if chosen == names and os.path.isfile(os.path.join(real, "score.py")):
            check_score(checks, real, folder, FIELDS)
            check_score(checks, real, folder, FIRST, *PLAIN)
    checks.finish()


if __name__ == "__main__":
    main()
