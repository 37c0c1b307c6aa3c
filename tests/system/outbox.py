#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The outbox of `telltale run`, and `telltale events`: what was stored outlives kill -9, with sequences without a gap, and
reaches the reader that had not got it; the next boot says where the last one ended, and reports no device, contact or alert
again that was stored; questions are answered as a plain search would, also while the sensor runs; what a broker refused is
delivered again when that is asked for. Needs no root and no network card."""
import collections
import json
import os
import signal
import sys
import time

from outputs import at
from run import check_end, check_events, config
from sensor_runs import PROJECT, Checks, events_in, start, scratch
from service_runs import Service, check_identities
sys.path.insert(0, os.path.join(PROJECT, "tests", "broker"))
from delivered import once

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
        (("--severity", "high"), lambda e: at(e, "event.severity") == 3),
        (("--severity", "3"), lambda e: at(e, "event.severity") == 3),
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
            (("events", "--store", store, "--severity", "bad"), "--severity"),
            (("events", "--store", store, "--format", "xml"), "--format")):
        done = programs.run(*arguments)
        checks.equal((done.status, text in done.err), (2, True), f"{arguments}: {done.err}")


def check_last_boot(checks, events):
    """The first health event of a boot states the last stored sequence of every topic of the boot before."""
    boots = collections.defaultdict(list)
    for event in events:
        boots[at(event, "telltale.sensor.boot_id")].append(event)
    checks.that(len(boots) >= 2, "boots")
    before, after = list(boots.values())[:2]
    last = collections.Counter()
    for event in before:
        topic = at(event, "event.id").split(":")[2].split(".")[0]
        last[topic] = max(last[topic], event["event"]["sequence"])
    health = next(event for event in after if at(event, "event.dataset") == "telltale.health")
    for topic in TOPICS:
        checks.equal(health["telltale"]["health"].get(f"last_boot.{topic}"), last[topic],
                     f"last stored sequence of {topic} ({last})")


def dead(programs, checks, store, *arguments, status=0):
    done = programs.run("events", "dead", *arguments, "--store", store)
    checks.equal(done.status, status, f"events dead {arguments}: {done.err}")
    return done.out.decode()


def wait_for_dead(programs, checks, store):
    """The list, once the refusal is in the file: at most a second after it is counted."""
    for _ in range(100):
        lines = dead(programs, checks, store).splitlines()
        if len(lines) > 1:
            return lines
        time.sleep(0.1)
    checks.that(False, "no dead event is listed")
    checks.finish()


def check_dead(programs, checks, folder, capture):
    """An event that a broker refuses is listed, shown and delivered again: asked of the running sensor, or done in the file."""
    store, told = os.path.join(folder, "dead.db"), os.path.join(folder, "dead.jsonl")
    kafka = "kafka: {{brokers: ['127.0.0.1:1'], properties: {{test.mock.num.brokers: '1'{}}}}}\n"
    more = f"sensor_id: s1\nevents: {told}\nstore: {{path: {store}}}\nservice: {{health_interval: 1s}}\n"
    path = config(folder, capture, more + kafka.format(", message.max.bytes: '3000'"), "dead.yaml")
    service = Service(programs, path)
    metrics = service.until(lambda m: analysed(m) and m.sum("telltale_events_dead_total") > 1)
    checks.that(metrics.sum("telltale_events_dead_total") > 1, "large events are refused")
    lines = wait_for_dead(programs, checks, store)
    checks.that("refused by kafka: " in lines[1], lines[:2])
    number = lines[0].split()[0]
    shown = dead(programs, checks, store, "show", number)
    event = json.loads(shown[shown.index("{"):])
    checks.that(event["event"]["id"] in shown.split("{")[0], "show names the event")
    checks.equal(dead(programs, checks, store, "show", event["event"]["id"]), shown, "it is also found by its id")
    out = dead(programs, checks, store, "replay", number)
    checks.equal(out, "1 dead events wait again for delivery\n", "replayed by the sensor")
    metrics = service.until(lambda m: m.sum("telltale_events_replayed_total") == 1)
    check_identities(checks, "a replay", metrics)
    checks.equal(metrics.sum("telltale_events_replayed_total"), 1, "the metric")
    checks.that(service.wait_for("1 dead events wait again"), "one line in the log")
    check_end(checks, "dead", *service.end(), status=1)  # events were refused for good

    ids = [json.loads(line)["event"]["id"] for line in
           programs.run("events", "dead", "--store", store, "--format", "json").out.splitlines()]
    checks.that(event["event"]["id"] in ids, "it was refused again")
    out = dead(programs, checks, store, "replay", "--all")
    checks.equal(out, f"{len(ids)} dead events wait again for delivery; no sensor runs on this outbox: the next start "
                      "delivers them\n", "replayed in the file")
    checks.equal(dead(programs, checks, store), "", "none is left")
    service = Service(programs, config(folder, capture, more + kafka.format(""), "dead.yaml"))
    metrics = service.until(lambda m: m.sum("telltale_kafka_delivered_total") >= len(ids) and
                            m.sum("telltale_events_waiting") == 0)
    checks.equal(metrics.sum("telltale_events_dead_total"), 0, "nothing is refused now")
    check_end(checks, "delivered", *service.end())
    checks.equal(dead(programs, checks, store), "", "none is dead")
    stats = programs.run("events", "stats", "--store", store).out.decode().splitlines()
    lag = [line.split()[-2:] for line in stats if line.strip().startswith(TOPICS)]
    checks.equal(lag, [["0", "0"]] * len(TOPICS), f"everybody has everything: {stats}")
    counts = collections.Counter(at(event, "event.id") for event in events_in(told))
    checks.equal([one for one, times in counts.items() if times > 1], [], "the other reader gets nothing twice")
    for arguments, text in ((("show", "none"), "no dead event 'none'"), (("replay",), "say which"),
                            (("replay", "--topic", "alerts"), "--topic"), (("replay", "1", "--all"), "excludes")):
        done = programs.run("events", "dead", *arguments, "--store", store)
        checks.equal((done.status, text in done.err), (2, True), f"dead {arguments}: {done.err}")


def check_reported_once(checks, events, killed, restarted):
    """Whatever the moment of the end: what is stored is not reported again, and what is not stored the next boot reports."""
    reported = collections.Counter(once(event) for event in events if once(event))
    checks.equal([what for what, times in reported.items() if times > 1], [], "reported twice")
    before = {once(event) for event in killed} - {None}
    checks.that(before, "nothing was reported before the end")
    checks.equal([once(event) for event in restarted if once(event)], [], "reported again after an orderly restart")
    kinds = collections.Counter(what[0] for what in reported)
    checks.that(len(kinds) == 3, f"reported: {kinds}")


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
        service = Service(programs, path)
        service.until(analysed)
        check_end(checks, "outbox, third", *service.end())
        restarted = ask(programs, checks, store, "--limit", "0")[len(events):]
        check_reported_once(checks, events, killed, restarted)
        events += restarted
        check_questions(programs, checks, store, events)
        check_words(programs, checks, store, folder)
        check_dead(programs, checks, folder, capture)
    checks.finish()


if __name__ == "__main__":
    main()
