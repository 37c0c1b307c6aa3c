#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long an alert takes, at 50,000 packets per second with sender, sensor and broker on this machine: from the packet
that raised it (@timestamp: packets of a kernel interface are stamped when they are read) until an independent consumer
has it, and, by telltale_event_delay_seconds, until the broker has acknowledged it. Half of the alerts within a second,
99 of 100 within three.

usage: alert_latency.py [--rate N] [--devices N] [--seconds N]

Needs root and java, and mvn for the first time, else it is skipped.
"""
import argparse
import datetime
import json
import math
import os
import random
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "faults"))
import rig as rigs  # noqa: E402
from sensor_runs import PROJECT, Checks, Programs, scratch, skip  # noqa: E402

RELEASE = os.path.join(PROJECT, "build", "release")
ALERTS = "telltale.alert.v1"
MEDIAN_S, P99_S = 1.0, 3.0
LEAST_OF_THE_RATE = 0.9
MOST_MISSED = 0.01


class Reader(threading.Thread):
    """Collects seconds from packet to event, to the producer's hand-over, and to this consumer, of every alert."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.delays = process, []

    def run(self):
        for line in self.process.stdout:
            record = json.loads(line)
            event = json.loads(record["value"])
            seen = seconds_of(event["@timestamp"])
            self.delays.append((seconds_of(event["event"]["created"]) - seen, record["timestamp"] / 1e3 - seen,
                                record["received"] / 1e6 - seen))


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf


def quantile_of_metric(metrics, share):
    """The upper end of the bucket that holds it."""
    buckets = sorted((float(dict(labels)["le"].replace("+Inf", "inf")), count) for labels, count in
                     metrics.families.get("telltale_event_delay_seconds_bucket", {}).items()
                     if dict(labels)["output"] == "kafka")
    return next((end for end, count in buckets if buckets[-1][1] and count >= share * buckets[-1][1]), math.inf)


def measure(rig, given):
    """(delays of alerts, the last scrape, seconds that the load lasted)."""
    with rig.broker.reading("--follow", "--from-end", ALERTS) as process:
        assert b"reading" in process.stderr.readline()
        reader = Reader(process)
        reader.start()
        rig.send(("--scenario", "hello-rich", "--seed", given.seed, "--packets", 1000 * given.devices, "--rate", given.rate))
        rig.sensor.until(lambda m: m.sum("telltale_port_packets_total") > 0)
        started, before = time.monotonic(), rig.sensor.metrics()
        time.sleep(given.seconds)
        metrics, seconds = rig.sensor.metrics(), time.monotonic() - started
        rig.end_sender()
        rig.sensor.until(lambda m: m.one("telltale_outbox_events") == 0)
        time.sleep(1)
        received = metrics.sum("telltale_port_packets_total") - before.sum("telltale_port_packets_total")
        missed = metrics.sum("telltale_port_missed_total") - before.sum("telltale_port_missed_total")
        return list(reader.delays), rig.sensor.metrics(), received / seconds, missed / max(1, received + missed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", default=os.path.join(RELEASE, "sensor", "app", "telltale"))
    parser.add_argument("--send", default=os.path.join(RELEASE, "tests", "support", "telltale-send"))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--rate", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=30)
    given, checks = parser.parse_args(), Checks()
    if os.geteuid() != 0:
        skip("this test needs root")
    if why := rigs.kafka.missing():
        skip(why)
    rigs.in_own_mount_namespace()
    programs = Programs(given.telltale, "")
    programs.sender = os.path.abspath(given.send)
    with scratch() as folder, rigs.Rig(programs, checks, folder) as rig:
        delays, metrics, rate, missed = measure(rig, given)
    made, handed_over, read = zip(*delays) if delays else ((), (), ())
    median, p99 = quantile(read, 0.5), quantile(read, 0.99)
    print(f"figures: seed {given.seed}, {rate:,.0f} packets/s, {missed:.2%} missed, {len(delays)} alerts: median {median:.2f} s, "
          f"p90 {quantile(read, 0.9):.2f} s, p99 {p99:.2f} s, longest {max(read, default=math.inf):.2f} s")
    print(f"median and p99 until the event was made {quantile(made, 0.5):.2f} and {quantile(made, 0.99):.2f} s, until librdkafka had "
          f"it {quantile(handed_over, 0.5):.2f} and {quantile(handed_over, 0.99):.2f} s; acknowledged, all events: half within "
          f"{quantile_of_metric(metrics, 0.5):g} s, 99 of 100 within {quantile_of_metric(metrics, 0.99):g} s")
    checks.that(rate >= LEAST_OF_THE_RATE * given.rate, f"only {rate:,.0f} packets/s reached the sensor")
    checks.that(missed <= MOST_MISSED, f"{missed:.1%} of the packets were missed")
    checks.that(len(delays) > given.devices, f"only {len(delays)} alerts")
    checks.that(median < MEDIAN_S, f"half of the alerts take longer than {median:.2f} s")
    checks.that(p99 < P99_S, f"one in a hundred alerts takes longer than {p99:.2f} s")
    checks.finish()


if __name__ == "__main__":
    main()
