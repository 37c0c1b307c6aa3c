# SPDX-License-Identifier: Apache-2.0
"""Whether what arrived at a broker is what a sensor stored: no gap in the sequence of a sensor's boot and topic but those
that health events tell as ranges (dropped, evicted, or refused by the brokers for good), up to the end that the next boot
states; a repeat is the same event; the events of a key are in order; what is reported once and for all (a new device, a
first contact, an alert that opens) is not reported again by a later boot.

Knows the contract of events alone, and nothing of how the sensor is made.
"""
import collections
import json
import re

TOPICS = ("device", "destination", "transfer", "alert", "health")
DROP = re.compile(r"^(last_boot\.)?(?:drops|refused|evicted)\.(\w+)\.\d+\.first$")
MOST_FAULTS = 100


def short(topic):
    """telltale.alert.v1 -> alert"""
    return topic.rsplit(".", 2)[-2]


def drops(health):
    """(is of the boot before, topic, sequences) of each range that a health event reports."""
    for name, first in health.items():
        if found := DROP.match(name):
            last = health[name[:-len("first")] + "last"]
            yield bool(found.group(1)), found.group(2), range(first, last + 1)


def once(event):
    """The thing that an event reports once and for all, or None."""
    action, alert = event["event"].get("action"), event["telltale"].get("alert", {})
    if action == "device-first-seen":
        return action, event["host"]["id"]
    if action == "destination-first-contact":
        to = event["destination"]
        return action, event["host"]["id"], to.get("domain") or to["ip"]
    return ("alert", alert["id"]) if alert.get("state") == "open" else None


class Log:
    """The events of one boot and topic that arrived."""

    def __init__(self):
        self.digests = {}  # sequence -> of the event's bytes
        self.repeats = 0
        self.dropped = set()
        self.last = None  # that was stored, as the next boot states it

    def missing(self):
        """Sequences that are neither there nor reported as dropped."""
        end = max(self.last or 0, max(self.digests, default=0), max(self.dropped, default=0))
        return [number for number in range(1, end + 1) if number not in self.digests and number not in self.dropped]


class Delivered:
    """Feed it every record, in the order of each partition's offsets; then ask for faults."""

    def __init__(self):
        self.logs = collections.defaultdict(Log)  # by (sensor, boot, topic)
        self.boots = collections.defaultdict(dict)  # sensor -> {boot: its first health event}, in the order of health
        self.partitions = {}  # (topic, key) -> partition
        self.places = {}  # (topic, key, boot) -> the sequence of its newest event
        self.boot_of_key = {}  # (topic, key) -> boots in their order
        self.reported = {}  # (sensor, what is reported once) -> (boot, sequence)
        self.found = []
        self.count = 0

    def fault(self, text):
        if len(self.found) < MOST_FAULTS:
            self.found.append(text)

    def add(self, record):
        self.count += 1
        event = json.loads(record["value"])
        topic, told = short(record["topic"]), event["telltale"]
        sensor, boot = told["sensor"]["id"], told["sensor"]["boot_id"]
        sequence = event["event"]["sequence"]
        log = self.logs[sensor, boot, topic]
        digest = hash(record["value"])
        if sequence in log.digests:
            log.repeats += 1
            if log.digests[sequence] != digest:
                self.fault(f"{topic} {boot} {sequence}: two different events with one sequence")
            return
        log.digests[sequence] = digest
        self.check_record(record, event, topic, (sensor, boot, sequence))
        if topic == "health" and "health" in told:
            self.add_health(sensor, boot, told["health"])

    def check_record(self, record, event, topic, place):
        sensor, boot, sequence = place
        if event["event"]["id"] != f"{sensor}:{boot}:{topic}.v1:{sequence}":
            self.fault(f"{topic} {boot} {sequence}: its id is {event['event']['id']}")
        self.check_once(sensor, once(event), (boot, sequence))
        key = (topic, record["key"])
        if self.partitions.setdefault(key, record["partition"]) != record["partition"]:
            self.fault(f"{topic} {boot} {sequence}: key {record['key']} is in two partitions")
        if self.places.get((*key, boot), 0) > sequence:
            self.fault(f"{topic} {boot} {sequence}: comes after {self.places[(*key, boot)]} of its key {record['key']}")
        self.places[(*key, boot)] = sequence
        boots = self.boot_of_key.setdefault(key, [])
        if boot not in boots:
            boots.append(boot)
        elif boots[-1] != boot:
            self.fault(f"{topic} {boot} {sequence}: comes after events of a later boot, key {record['key']}")

    def check_once(self, sensor, what, place):
        if what is not None and self.reported.setdefault((sensor, what), place) != place:
            self.fault(f"{what}: reported by {self.reported[sensor, what]} and again by {place}")

    def add_health(self, sensor, boot, health):
        self.boots[sensor].setdefault(boot, health)
        for of_last, topic, numbers in drops(health):
            if not of_last:
                self.logs[sensor, boot, topic].dropped.update(numbers)

    def settle(self):
        """Applies what each boot says of the one before."""
        for sensor, boot, _ in list(self.logs):
            if boot not in self.boots[sensor]:
                self.fault(f"boot {boot}: no health event arrived")
        for sensor, boots in self.boots.items():
            for before, (boot, health) in zip(boots, list(boots.items())[1:]):
                for of_last, topic, numbers in drops(health):
                    if of_last:
                        self.logs[sensor, before, topic].dropped.update(numbers)
                for topic in TOPICS:
                    self.logs[sensor, before, topic].last = health.get(f"last_boot.{topic}")
                    if f"last_boot.{topic}" not in health:
                        self.fault(f"boot {boot}: does not state the last {topic} event of the boot before")

    def faults(self):
        """Everything that does not hold; call it once, at the end."""
        self.settle()
        for (_, boot, topic), log in self.logs.items():
            missing = log.missing()
            if missing:
                self.fault(f"{topic} {boot}: {len(missing)} events are lost: {missing[:5]} to {missing[-1]}, "
                           f"of {len(log.digests)} that arrived, last stored {log.last}")
            beyond = [number for number in log.digests if log.last is not None and number > log.last]
            if beyond:
                self.fault(f"{topic} {boot}: {beyond[:5]} arrived, but {log.last} is said to be the last stored")
        return self.found

    def figures(self):
        return {"records": self.count, "boots": sum(len(boots) for boots in self.boots.values()),
                "events": sum(len(log.digests) for log in self.logs.values()),
                "repeats": sum(log.repeats for log in self.logs.values()),
                "dropped": sum(len(log.dropped) for log in self.logs.values())}
