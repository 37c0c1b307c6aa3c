#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One, two and four workers give the same results: the same events and the same observations, whatever their order. So
do one, two and three correlating threads; their events have the same order, too."""
import collections
import json
import os

from sensor_runs import SANITIZED, WHOLE, Checks, corpus, crashed, events_in, in_parallel, read_bytes, scratch, start

WORKERS = (2, 4)
THREADS = (2,) if SANITIZED else (2, 3)

# Large ones, fragments, tunnels, several interfaces, frames out of order, odd link types, damage.
CORPUS = (
    "ndpi__1kxun.pcap", "shf__xiaomi-cam_no-firewall_wan.pcap", "shf__dlink-cam_no-firewall_wan.pcap",
    "mercury__emix.pcap", "ndpi__netflix.pcap", "ndpi__teams.pcap", "ndpi__instagram.pcap", "ndpi__iphone.pcap",
    "ndpi__KakaoTalk_talk.pcap", "pcpp__sll.pcap", "shf__smartthings-hub_no-firewall_lan.pcap",
    "zeek__quic_win11_firefox_google.pcap", "ndpi__snapchat_call_v1.pcapng", "zeek__tls-fragmented-handshake.pcap",
    "ndpi__xiaomi.pcap", "ndpi__nest_log_sink.pcap",
)
# Chosen by what they are, so that another corpus is covered too.
KINDS = ("frag", "reorder", "out-of-order", "retrans", "vlan", "ipv6", "interface", "dhcp", "gre", "sll2", "truncat")
MOST_CAPTURES = 4 if SANITIZED else 28


def without_run(event):
    """The event without what names this run, and without what counts a worker's own work."""
    for key in ("id", "sequence", "created"):
        event["event"].pop(key, None)
    event.pop("observer", None)
    event["telltale"].pop("sensor", None)
    health = event["telltale"].get("health", {})
    for name in [name for name in health if not health_is_of_the_traffic(name)]:
        del health[name]
    health.pop("correlate.names", None)  # each correlating thread has names of its own
    return json.dumps(event, sort_keys=True)


def health_is_of_the_traffic(name):
    # A flow that ends while another worker sees the last frame is counted by that worker's clock alone; buffers are
    # each worker's own.
    return name == "frames" or name.startswith(("decode.", "correlate.")) or name in (
        "track.packets", "track.bytes", "track.flows_opened", "records.lost")


def told(programs, folder, capture, workers, threads=1):
    base = os.path.join(folder, f"{os.path.basename(capture)}.{workers}.{threads}")
    with open(base + ".yaml", "w", encoding="utf-8") as config:
        config.write(f"correlate_threads: {threads}\n")
    done = programs.read("--quiet", "--config", base + ".yaml", "--workers", workers, "--events", base + ".events",
                         "--observations", base + ".observations", "--format", "json", capture)
    if done.status not in (0, 2) or crashed(done):
        return done, None, None
    if done.status == 2:
        return done, [], collections.Counter()
    events = [without_run(event) for event in events_in(base + ".events")]
    observations = collections.Counter(read_bytes(base + ".observations").splitlines())
    for ending in (".events", ".observations", ".yaml"):
        os.unlink(base + ending)
    return done, events, observations


def difference(one, other):
    one, other = collections.Counter(one), collections.Counter(other)
    missing, added = one - other, other - one
    return f"{sum(missing.values())} missing, {sum(added.values())} added: {list(missing)[:1]} {list(added)[:1]}"


def compare(programs, folder, capture):
    """Returns failures as texts, and the number of events."""
    name, failures = os.path.basename(capture), []
    one_done, one_events, one_observations = told(programs, folder, capture, 1)
    if one_events is None:
        return [f"{name}: one worker ended with {one_done.status}: {crashed(one_done) or one_done.err[:200]}"], 0
    for workers in WORKERS:
        done, events, observations = told(programs, folder, capture, workers)
        if done.status != one_done.status or events is None:
            failures.append(f"{name}: {workers} workers ended with {done.status}: {crashed(done) or done.err[:200]}")
            continue
        if sorted(events) != sorted(one_events):
            failures.append(f"{name}: events of {workers} workers: {difference(one_events, events)}")
        if observations != one_observations:
            failures.append(f"{name}: observations of {workers} workers: {difference(one_observations, observations)}")
        if done.out != one_done.out:
            failures.append(f"{name}: the summary of {workers} workers is another")
    return failures + compare_threads(programs, folder, capture, one_done, one_events), len(one_events)


def compare_threads(programs, folder, capture, one_done, one_events):
    name, failures = os.path.basename(capture), []
    generated = os.path.dirname(capture) == folder
    for threads in THREADS if generated else THREADS[:1]:
        for workers in (1, *WORKERS) if generated else (1,):
            done, events, _ = told(programs, folder, capture, workers, threads)
            what = f"{name}: {workers} workers and {threads} correlating threads"
            if done.status != one_done.status or events is None:
                failures.append(f"{what} ended with {done.status}: {crashed(done) or done.err[:200]}")
            elif sorted(events) != sorted(one_events):
                failures.append(f"{what}: {difference(one_events, events)}")
            elif workers == 1 and events != one_events:
                failures.append(f"{what}: the events have another order")
            elif done.out != one_done.out:
                failures.append(f"{what}: the summary is another")
    return failures


def chosen(folder):
    names = sorted(os.listdir(os.path.join(folder, "pcap")))
    if WHOLE:
        return [os.path.join(folder, "pcap", name) for name in names]
    wanted = [name for name in CORPUS if name in names]
    for kind in KINDS:
        wanted += [name for name in names if kind in name and name not in wanted][:2]
    if SANITIZED:
        wanted = wanted[-MOST_CAPTURES:]
    return [os.path.join(folder, "pcap", name) for name in wanted[:MOST_CAPTURES]]


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        captures = [programs.generate(folder, "office-day", packets=6_000 if SANITIZED else 0)[0],
                    programs.generate(folder, "hello-rich", packets=3_000 if SANITIZED else 30_000, form="pcapng")[0]]
        generated = len(captures)
        real = corpus()
        captures += chosen(real) if real else []
        with_events = 0
        for number, (failures, events) in enumerate(in_parallel(lambda one: compare(programs, folder, one), captures)):
            for text in failures:
                checks.that(False, text)
            checks.that(number >= generated or events > 100, f"{captures[number]}: only {events} events")
            with_events += events > 1
        checks.that(with_events * 2 > len(captures), f"only {with_events} of {len(captures)} captures have events")
        print(len(captures), "captures;", "the corpus' among them" if real else "skipped the corpus: there is none")
    checks.finish()


if __name__ == "__main__":
    main()
