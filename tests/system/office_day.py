#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A generated day of an office against what its generator knows: every device's bytes to and from every owner, who
made each device, which alerts, why bytes have no owner, and that all sums agree.

The truth counts bytes for the device that sent the first packet of a flow. One kind of flow belongs to many: clients
without an address all broadcast DHCP from 0.0.0.0:68 to 255.255.255.255:67, one 5-tuple, and the sensor holds the
first sender of such a flow accountable. Of a device's own DHCP broadcasts the test therefore asks only that they are
counted for some device: each device has at least its other multicast bytes, and the total is right.
"""
import collections
import os
import struct

from sensor_runs import SANITIZED, Checks, crashed, events_in, in_parallel, read_bytes, scratch, start

SEEDS = (1,) if SANITIZED else (1, 2, 3)
CAUSES = {"no_name", "unknown_name", "hidden_name", "cut_name"}
# Causes that the scenario contains, so that losing one would be noticed.
EXPECTED_CAUSES = {"no_name", "unknown_name", "hidden_name"}
# The maker as the events say it where it is not the truth's word: a Dell laptop says Microsoft and nothing else.
NOT_TOLD = {"dell"}
SURE = 0.75  # devices above it must be right, and these makers' phones must reach it
SURE_MAKERS = {"xiaomi", "huawei", "samsung", "apple", "google"}


def dhcp_broadcasts(capture):
    """IP bytes of the broadcasts of clients without an address, by MAC; the capture is classic pcap, Ethernet."""
    content, at, sums, total = read_bytes(capture), 24, collections.Counter(), 0
    while at < len(content):
        captured, = struct.unpack_from("<I", content, at + 8)
        frame = content[at + 16:at + 16 + captured]
        at += 16 + captured
        if frame[12:14] == b"\x08\0":
            length = int.from_bytes(frame[16:18], "big")
            if frame[26:38] == b"\0\0\0\0\xff\xff\xff\xff\0\x44\0\x43":
                sums[frame[6:12].hex(":")] += length
        else:
            length = 40 + int.from_bytes(frame[18:20], "big") if frame[12:14] == b"\x86\xdd" else 0
        total += length
    return sums, total


def by_owner(truth):
    sums = collections.Counter()
    for device in truth["devices"]:
        for row in device["destinations"]:
            sums[device["mac"], row["owner"], "up"] += row["bytes_up"]
            sums[device["mac"], row["owner"], "down"] += row["bytes_down"]
    return sums


class Told:
    """Returns the sums of a run's events."""

    def __init__(self, events):
        self.devices, self.alerts, self.causes = {}, [], collections.Counter()
        self.bytes, self.total, self.packets, self.health = collections.Counter(), 0, 0, {}
        self.unexplained = 0
        for event in events:
            getattr(self, event["event"]["dataset"].replace("telltale.", "add_"))(event)

    @staticmethod
    def mac(event):
        return event["host"]["mac"][0].lower().replace("-", ":") if "host" in event else ""

    def add_device(self, event):
        self.devices[self.mac(event)] = event

    def add_destination(self, event):
        pass

    def add_alert(self, event):
        self.alerts.append(event)

    def add_health(self, event):
        self.health = event["telltale"]["health"]

    def add_transfer(self, event):
        owner, transfer = event["telltale"]["owner"]["id"], event["telltale"]["transfer"]
        up, down = event["source"]["bytes"], event["destination"]["bytes"]
        self.bytes[self.mac(event), owner, "up"] += up
        self.bytes[self.mac(event), owner, "down"] += down
        self.total += up + down
        self.packets += event["network"]["packets"]
        if owner == "unattributed":
            told = 0
            for part in transfer.get("unattributed", ()):
                self.causes[part["cause"]] += part["bytes"]
                told += part["bytes"]
            self.unexplained += abs(up + down - told)


def check_bytes(checks, seed, truth, told, dhcp):
    wanted = by_owner(truth)
    for key in sorted(set(wanted) | set(told.bytes)):
        mac, owner, way = key
        name = f"seed {seed}: {mac} {way}, owner {owner}"
        if owner == "multicast" and way == "up" and dhcp[mac]:
            checks.that(told.bytes[key] >= wanted[key] - dhcp[mac], f"{name}: {told.bytes[key]} of {wanted[key]}")
        else:
            checks.equal(told.bytes[key], wanted[key], name)
    for owner in sorted({owner for _, owner, _ in wanted}):
        for way in ("up", "down"):
            sums = [sum(count for (_, whose, to), count in side.items() if (whose, to) == (owner, way))
                    for side in (told.bytes, wanted)]
            checks.equal(*sums, f"seed {seed}: all devices {way}, owner {owner}")


def check_sums(checks, seed, truth, told, recount):
    checks.equal(recount, truth["ip_bytes"], f"seed {seed}: the recount of the capture's IP bytes")
    checks.equal(told.total, recount, f"seed {seed}: bytes of all transfers")
    checks.equal(told.health["track.bytes"], recount, f"seed {seed}: bytes of all flows")
    checks.equal(told.health["correlate.bytes"], recount, f"seed {seed}: bytes of the ledger")
    checks.equal(told.health["frames"], truth["frames"], f"seed {seed}: frames")
    checks.equal(told.packets, truth["frames"] - truth["frames_not_ip"], f"seed {seed}: packets of all transfers")
    checks.equal(told.health["records.lost"], 0, f"seed {seed}: records lost")
    checks.equal(told.unexplained, 0, f"seed {seed}: unattributed bytes without a cause")
    checks.that(set(told.causes) <= CAUSES, f"seed {seed}: causes {dict(told.causes)}")
    for cause in EXPECTED_CAUSES:
        checks.that(told.causes[cause] > 0, f"seed {seed}: no bytes whose cause is {cause}")


def check_devices(checks, seed, truth, told):
    checks.equal(sorted(told.devices), sorted(device["mac"] for device in truth["devices"]), f"seed {seed}: devices")
    for device in truth["devices"]:
        event = told.devices.get(device["mac"])
        if event is None:
            continue
        name = f"seed {seed}: {device['maker']} {device['model']}"
        said, sure = event["telltale"]["device"].get("maker_id"), event["telltale"]["device"]["confidence"]
        if device["maker"] in NOT_TOLD:
            checks.that(sure < SURE, f"{name}: {said} with confidence {sure}, though nothing on the wire says so")
            continue
        checks.equal(said, device["maker"], f"{name}: maker (confidence {sure:.2f})")
        if device["maker"] in SURE_MAKERS and device["class"] in ("phone", "computer"):
            checks.that(sure >= SURE, f"{name}: confidence {sure:.2f}")
        if device["class"] in ("phone", "printer", "router"):
            checks.equal(event["host"].get("type"), device["class"], f"{name}: class")
        checks.equal(event["telltale"]["device"]["mac"]["randomized"], device["mac_randomized"], f"{name}: random MAC")
        checks.that(event["telltale"]["device"]["evidence"], f"{name}: evidence")


def check_alerts(checks, seed, truth, told):
    fired = {(alert["rule"]["id"], told.mac(alert), alert["telltale"]["owner"]["id"]) for alert in told.alerts}
    wanted = set()
    for alert in truth["alerts"]:
        if alert["kind"] == "leak":  # what leaks here goes to the account host, in clear
            wanted.add(("account-in-clear", alert["device"], "xiaomi"))
        elif alert["owner"] != "google":  # no policy of its own: half of all phones would alert
            wanted.add((f"telemetry-to-maker-{alert['owner']}", alert["device"], alert["owner"]))
    checks.equal(fired, wanted, f"seed {seed}: alerts")
    for alert in told.alerts:
        if alert["rule"]["id"] == "account-in-clear":
            checks.equal(alert["destination"]["domain"], "api.account.xiaomi.com", f"seed {seed}: whom the alert names")
            checks.equal(alert["device"].get("model", {}).get("name"), "HM 1SW", f"seed {seed}: who, by User-Agent")
            checks.equal((alert["event"]["severity"], alert["network"]["protocol"]), (3, "http"), f"seed {seed}: S1")


def one_day(programs, folder, seed):
    capture, truth = programs.generate(folder, "office-day", seed)
    events = os.path.join(folder, f"{seed}.events")
    done = programs.read("--quiet", "--format", "json", "--events", events, capture)
    return seed, capture, truth, done, events


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        for seed, capture, truth, done, events in in_parallel(lambda seed: one_day(programs, folder, seed), SEEDS):
            checks.equal((done.status, crashed(done), done.err), (0, "", ""), f"seed {seed}: the run")
            told, (dhcp, recount) = Told(events_in(events)), dhcp_broadcasts(capture)
            check_bytes(checks, seed, truth, told, dhcp)
            check_sums(checks, seed, truth, told, recount)
            check_devices(checks, seed, truth, told)
            check_alerts(checks, seed, truth, told)
    checks.finish()


if __name__ == "__main__":
    main()
