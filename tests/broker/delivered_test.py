#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checker of delivered events lets a good delivery pass, and finds each fault that is planted in it."""
import copy
import json
import unittest

from delivered import Delivered, TOPICS


def record(topic, sequence, boot="b1", key="d1", partition=0, health=None, text=""):
    event = {"event": {"id": f"s1:{boot}:{topic}.v1:{sequence}", "sequence": sequence}, "message": text,
             "telltale": {"sensor": {"id": "s1", "boot_id": boot}}}
    if health is not None:
        event["telltale"]["health"] = health
    return {"topic": f"telltale.{topic}.v1", "partition": partition, "key": key, "value": json.dumps(event)}


def health(sequence, boot, **figures):
    return record("health", sequence, boot, "s1", health={name.replace("__", "."): value for name, value in figures.items()})


def last_boot(**topics):
    return {f"last_boot__{topic}": topics.get(topic, 0) for topic in TOPICS}


# Two boots; of the first, transfers 3 and 4 were dropped and reported by the second, 2 by itself.
GOOD = [health(1, "b1"), *[record("alert", n) for n in (1, 2, 3)], record("transfer", 1),
        health(2, "b1", drops__transfer__0__first=2, drops__transfer__0__last=2),
        health(1, "b2", **last_boot(alert=3, transfer=5, health=2), last_boot__drops__transfer__0__first=3,
               last_boot__drops__transfer__0__last=4),
        record("transfer", 5), record("alert", 2), record("alert", 1, boot="b2")]


def faults(records):
    delivered = Delivered()
    for each in records:
        delivered.add(each)
    return delivered.faults()


class DeliveredTest(unittest.TestCase):
    def test_lets_a_good_delivery_pass(self):
        self.assertEqual(faults(GOOD), [])

    def check(self, word, change):
        records = copy.deepcopy(GOOD)
        change(records)
        found = faults(records)
        self.assertTrue(any(word in text for text in found), f"{word}: {found}")

    def test_finds_a_gap(self):
        def without_both(records):
            del records[8], records[2]
        self.check("alert b1: 1 events are lost: [2]", without_both)

    def test_finds_a_lost_tail(self):
        self.check("transfer b1: 1 events are lost: [5]", lambda records: records.pop(7))

    def test_finds_what_a_later_boot_reports_again(self):
        def again(records):
            for each, action in ((2, "device-first-seen"), (9, "device-first-seen")):
                event = json.loads(records[each]["value"])
                event["event"]["action"], event["host"] = action, {"id": "d1"}
                records[each]["value"] = json.dumps(event)
        self.check("('device-first-seen', 'd1'): reported by ('b1', 2) and again by ('b2', 1)", again)

    def test_finds_a_drop_that_nobody_told(self):
        self.check("transfer b1: 1 events are lost: [2]", lambda records: records.__setitem__(5, health(2, "b1")))

    def test_finds_more_than_was_stated(self):
        self.check("is said to be the last stored", lambda records: records.append(record("alert", 4)))

    def test_finds_a_silent_boot(self):
        self.check("boot b3: no health event", lambda records: records.append(record("alert", 1, boot="b3")))

    def test_finds_a_boot_that_states_nothing(self):
        self.check("does not state", lambda records: records.append(health(1, "b3")))

    def test_finds_wrong_order_of_a_key(self):
        def swap(records):
            records[2], records[3] = records[3], records[2]
        self.check("comes after 3 of its key", swap)

    def test_finds_a_late_event_of_an_earlier_boot(self):
        self.check("comes after events of a later boot", lambda records: records.append(records.pop(3)))

    def test_finds_a_key_in_two_partitions(self):
        self.check("two partitions", lambda records: records[3].update(partition=1))

    def test_finds_another_event_of_the_same_sequence(self):
        self.check("two different events", lambda records: records.append(record("alert", 3, text="other")))

    def test_finds_a_wrong_id(self):
        def change(records):
            records[2]["value"] = records[2]["value"].replace("s1:b1:alert.v1:2", "s1:b1:alert.v1:9")
        self.check("its id is", change)


if __name__ == "__main__":
    unittest.main()
