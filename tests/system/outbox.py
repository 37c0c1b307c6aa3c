#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The outbox of `telltale run`, and `telltale events`: what was stored outlives kill -9, with sequences without a gap, and
reaches the reader that had not got it; the next boot says where the last one ended; questions are answered as a plain
search would, also while the sensor runs. Needs no root and no network card."""
import collections
import json
import os
import signal

from outputs import at
from run import check_end, check_events, config
from sensor_runs import Checks, events_in, start, scratch
from service_runs import Service, check_identities

TOPICS = ("device", "destination", "transfer", "alert", "health")


def analysed(metrics):
    return metrics.sum("telltale_packets_analysed_total") >= 10_000


def ask(programs, checks, store, *arguments):
    """The events that answer, as they are kept."""
    done = programs.run("events", "--store", store, "--format", "json", *arguments)
    checks.equal((done.status, done.err), (0, ""), f"events {arguments}")
    return [json.loads(line) for line in done.out.splitlines()]


def names_of(event):
    """Names by which a device is found."""
    host = event.get("host", {})
    return {text.lower() for text in [host.get("name", ""), host.get("id", ""), *host.get("ip", []), *host.get("mac", [])]}


def domains_of(event):
    return [at(event, "destination.domain") or "", *(at(event, "telltale.transfer.domains") or [])]


def check_questions(programs, checks, store, events, growing=False):
    device = next(event for event in events if at(event, "host.mac"))
    mac = device["host"]["mac"][0]
    cases = (
        (("--owner", "xiaomi"), lambda e: at(e, "telltale.owner.id") == "xiaomi"),
        (("--dataset", "alert"), lambda e: at(e, "event.dataset") == "telltale.alert"),
        (("--dataset", "telltale.transfer", "--owner", "google"),
         lambda e: at(e, "event.dataset") == "telltale.transfer" and at(e, "telltale.owner.id") == "google"),
        (("--device", mac), lambda e: mac.lower() in names_of(e)),
        (("--domain", "xiaomi.com"),
         lambda e: any(name == "xiaomi.com" or name.endswith(".xiaomi.com") for name in domains_of(e))),
        (("--owner", "nobody"), lambda e: False),
        (("--since", "2001-01-01", "--until", "2001-01-02"), lambda e: False),
        (("--since", "1d"), lambda e: True),
    )
    for arguments, matches in cases:
        expected = [event["event"]["id"] for event in events if matches(event)]
        got = [event["event"]["id"] for event in ask(programs, checks, store, "--limit", "0", *arguments)]
        checks.equal(got[:len(expected)] if growing else got, expected, f"events {arguments}")
        if growing:
            continue
        newest = [event["event"]["id"] for event in ask(programs, checks, store, "-n", "7", *arguments)]
        checks.equal(newest, expected[-7:], f"events -n 7 {arguments}")
    checks.that(len(events) > 500, f"{len(events)} events")


def check_words(programs, checks, store, folder):
    """Checks what people read, and what they did wrong."""
    table = programs.run("events", "--store", store, "--owner", "xiaomi", "-n", "3")
    checks.equal((table.status, len(table.out.splitlines())), (0, 3), "a table of three")
    stats = programs.run("events", "stats", "--store", store)
    checks.that(stats.status == 0 and b"transfer" in stats.out and b"waits for events" in stats.out, stats.out)
    checks.equal(programs.run("events", "dead", "--store", store).status, 0, "dead")
    for arguments, text in (
            (("events", "--store", f"{folder}/none"), "there is no such file"),
            (("events",), "--store"),
            (("events", "--store", __file__), "cannot be read"),
            (("events", "--store", store, "--since", "yesterday"), "'yesterday' is no time"),
            (("events", "--store", store, "--format", "xml"), "--format")):
        done = programs.run(*arguments)
        checks.equal((done.status, text in done.err), (2, True), f"{arguments}: {done.err}")


def check_last_boot(checks, events):
    """The first health event of a boot states the last stored sequence of every topic of the boot before."""
    boots = collections.defaultdict(list)
    for event in events:
        boots[at(event, "telltale.sensor.boot_id")].append(event)
    checks.equal(len(boots), 2, "boots")
    before, after = list(boots.values())[:2]
    last = collections.Counter()
    for event in before:
        topic = at(event, "event.id").split(":")[2].split(".")[0]
        last[topic] = max(last[topic], event["event"]["sequence"])
    health = next(event for event in after if at(event, "event.dataset") == "telltale.health")
    for topic in TOPICS:
        checks.equal(health["telltale"]["health"].get(f"last_boot.{topic}"), last[topic],
                     f"last stored sequence of {topic} ({last})")


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        capture, _ = programs.generate(folder, "office-day", packets=20_000)
        store, told = os.path.join(folder, "outbox.db"), os.path.join(folder, "told.jsonl")
        path = config(folder, capture, f"sensor_id: s1\nevents: {told}\nstore: {{path: {store}}}\n"
                                       "service: {health_interval: 1s}\n")
        service = Service(programs, path)
        check_identities(checks, "outbox", service.until(analysed))
        second = programs.run("run", "-c", path)
        checks.equal((second.status, "another sensor" in second.err), (2, True), f"a second sensor: {second.err}")
        check_questions(programs, checks, store, ask(programs, checks, store, "--limit", "0"), growing=True)
        done, _ = service.end(signal.SIGKILL)
        checks.equal(done.status, -signal.SIGKILL, "killed")
        killed = ask(programs, checks, store, "--limit", "0")
        check_events(checks, "after kill -9", killed)

        service = Service(programs, path)
        check_identities(checks, "outbox, again", service.until(analysed))
        check_end(checks, "outbox", *service.end())
        events = ask(programs, checks, store, "--limit", "0")
        check_events(checks, "both boots", events)
        checks.equal([e["event"]["id"] for e in events[:len(killed)]], [e["event"]["id"] for e in killed], "nothing is lost")
        check_last_boot(checks, events)
        delivered = {event["event"]["id"] for event in events_in(told)}
        checks.equal([e["event"]["id"] for e in events if e["event"]["id"] not in delivered], [], "all reach the reader")
        check_questions(programs, checks, store, events)
        check_words(programs, checks, store, folder)
    checks.finish()


if __name__ == "__main__":
    main()
