#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` on a capture that DPDK's net_pcap plays: ready, every packet and event counted, the same answers as
`telltale read` on one port, two ports and two workers, metrics whose figures close, reload by signal and by HTTP, the end
within 5 seconds whatever the outputs do, state that outlives a restart, systemd's protocol, and one clear message where
it cannot start. Needs no root and no network card."""
import collections
import os
import shutil
import signal
import socket
import subprocess
import time

from outputs import at
from schemas import Schemas
from sensor_runs import Checks, crashed, events_in, read_bytes, scratch, start, write_file
from service_runs import ENDS_WITHIN_S, Service, check_identities

CONFIG = """taps:
  - name: up
    ports: ['net_pcap0,rx_pcap={capture}']
metrics: {{port: 0}}
tracking: {{interval: 1s}}
"""


def config(folder, capture, more="", name="telltale.yaml", template=CONFIG):
    return write_file(os.path.join(folder, name), (template.format(capture=capture) + more).encode())


def check_end(checks, name, done, seconds, status=0):
    checks.equal((done.status, crashed(done)), (status, ""), f"{name}: the end ({done.err[-300:]})")
    checks.that(seconds < ENDS_WITHIN_S, f"{name}: it took {seconds:.1f} s to end")


def check_events(checks, name, events):
    """Every event keeps its schema, and sequences of a kind have no gap: the id says of which kind it is."""
    schemas, sequences = Schemas(), collections.defaultdict(list)
    for event in events:
        for fault in schemas.faults(at(event, "event.dataset"), event)[:3]:
            checks.that(False, f"{name}: {at(event, 'event.dataset')}: {fault}")
        sequences[at(event, "event.id").rsplit(":", 1)[0]].append(event["event"]["sequence"])
    for kind, numbers in sequences.items():
        checks.equal(numbers, list(range(1, len(numbers) + 1)), f"{name}: sequence of {kind}")


def sums(events):
    """Bytes and packets by device and owner."""
    told = collections.Counter()
    for event in events:
        if event["event"]["dataset"] == "telltale.transfer":
            key = (event["host"]["mac"][0] if "host" in event else "", event["telltale"]["owner"]["id"])
            told[(*key, "up")] += event["source"]["bytes"]
            told[(*key, "down")] += event["destination"]["bytes"]
            told[(*key, "packets")] += event["network"]["packets"]
    return told


def check_promtool(checks, text):
    if not shutil.which("promtool"):
        print("promtool is missing: the text of the metrics is not held against it")
        return
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False,
                          timeout=60)
    checks.equal((done.returncode, done.stdout + done.stderr), (0, b""), "promtool check metrics")


def check_day(programs, checks, folder):
    capture, truth = programs.generate(folder, "office-day", packets=10_000)
    told = os.path.join(folder, "day.events")
    path = config(folder, capture, f"events: {told}\nservice: {{health_interval: 1s}}\n")
    service = Service(programs, path)
    checks.equal(service.get("/-/ready"), (200, "ready\n"), f"ready ({service.err})")
    checks.equal(service.get("/-/healthy")[0], 200, "healthy")
    for _ in range(5):
        check_identities(checks, "the day, while it runs", service.metrics())
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") == truth["frames"])
    checks.equal(metrics.one("telltale_port_packets_total", port="up:0"), truth["frames"], "packets received")
    checks.equal(metrics.sum("telltale_packets_analysed_total"), truth["frames"], "packets analysed")
    checks.equal(metrics.one("telltale_flow_bytes_total"), truth["ip_bytes"], "bytes of flows")
    check_identities(checks, "the day", metrics)
    checks.that(metrics.sum("telltale_devices_by_maker") > 5, "devices by maker")
    checks.equal(metrics.sum("telltale_devices_by_class"), metrics.sum("telltale_devices_by_maker"), "devices by class")
    checks.that(metrics.one("telltale_country_bytes_total", country="CN", direction="up") > 0, "bytes by country")
    checks.that(metrics.sum("telltale_owner_bytes_total") > 0, "bytes by owner")
    checks.that(metrics.sum("telltale_alerts_total") > 0, "alerts")
    check_promtool(checks, metrics.text)
    service.until(lambda m: m.one("telltale_events_created_total", kind="health") > 2)
    done, seconds = service.end()
    check_end(checks, "the day", done, seconds)
    events = events_in(told)
    check_events(checks, "the day", events)
    health = [event["telltale"]["health"] for event in events if at(event, "event.dataset") == "telltale.health"]
    checks.that(len(health) > 1, "health is told periodically")
    checks.equal((health[-1]["frames"], health[-1]["port.up:0.received"]), (truth["frames"],) * 2, "the last health")
    from_file = os.path.join(folder, "read.events")
    read = programs.read("--quiet", "--events", from_file, capture)
    checks.equal(read.status, 0, "the same file, read")
    checks.equal(sums(events), sums(events_in(from_file)), "bytes and packets of every device and owner")
    return capture


def split_by_direction(capture):
    """The capture as a passive tap's two ports see it: what the router, the most frequent sender, sends; the rest."""
    content, position, frames = read_bytes(capture), 24, []
    while position < len(content):
        end = position + 16 + int.from_bytes(content[position + 8:position + 12], "little")
        frames.append(content[position:end])
        position = end
    router = collections.Counter(frame[22:28] for frame in frames).most_common(1)[0][0]
    sides = [[frame for frame in frames if (frame[22:28] == router) == sent] for sent in (True, False)]
    return [write_file(f"{capture}.{number}.pcap", content[:24] + b"".join(side)) for number, side in enumerate(sides)]


def check_two_ports(programs, checks, folder, capture):
    """A tap of two ports, one per direction, gives the same events as one port that sees both; so do several workers
    and correlating threads."""
    told = {}
    parts = [f"net_pcap{i},rx_pcap={part}" for i, part in enumerate(split_by_direction(capture))]
    for name, ports, more in (("one port", [f"net_pcap0,rx_pcap={capture}"], ""), ("two ports", parts, ""),
                              ("two workers", parts, "workers: 2\n"),
                              ("two threads", parts, "workers: 2\ncorrelate_threads: 2\n")):
        events = os.path.join(folder, name.replace(" ", "-") + ".events")
        text = f"taps: [{{name: up, ports: {ports}}}]\nmetrics: {{port: 0}}\nevents: {events}\n{more}"
        path = write_file(os.path.join(folder, "ports.yaml"), text.encode())
        service = Service(programs, path)
        metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
        check_identities(checks, name, metrics)
        check_end(checks, name, *service.end())
        told[name] = sums(events_in(events))
    for name in ("two ports", "two workers", "two threads"):
        different = [key for key in set(told["one port"]) | set(told[name]) if told["one port"][key] != told[name][key]]
        checks.equal(different, [], f"{name}: bytes and packets that differ from those of one port")


def unmasked(process):
    """The threads, but the main one, that would take a signal which the main thread waits for, by name."""
    waited, found = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP), []
    for task in set(os.listdir(f"/proc/{process.pid}/task")) - {str(process.pid)}:
        status = dict(line.split(":", 1) for line in read_bytes(f"/proc/{process.pid}/task/{task}/status").decode()
                      .splitlines())
        if any(not int(status["SigBlk"], 16) >> number - 1 & 1 for number in waited):
            found.append(f"{task} {status['Name'].strip()}")
    return found


def check_threads(programs, checks, folder, capture):
    """Every thread, of whatever part, leaves the signals to the main thread: SIGTERM ends the sensor as it should."""
    told = os.path.join(folder, "threads.events")
    path = config(folder, capture, f"events: {told}\ncorrelate_threads: 2\nworkers: 2\n"
                                   "kafka: {brokers: ['127.0.0.1:1'], properties: {test.mock.num.brokers: '1'}}\n")
    service = Service(programs, path)
    checks.equal(unmasked(service.process), [], "threads: which would take a signal")
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
    check_identities(checks, "threads", metrics)
    check_end(checks, "threads", *service.end())
    check_events(checks, "threads", events_in(told))


def check_reload(programs, checks, folder, capture):
    told = os.path.join(folder, "reload.events")
    base, secret = f"events: {told}\n", os.path.join(folder, "reload.secret")
    write_file(secret, b"a secret of some length\n")
    template = CONFIG.replace("{{port: 0}}", f"{{{{port: 0, reload_secret_file: {secret}}}}}")
    path = config(folder, capture, base, template=template)
    service = Service(programs, path)
    config(folder, capture, base + "service: {log_level: warning}\nworkers: 2\n", template=template)
    os.rename(told, told + ".1")
    service.process.send_signal(signal.SIGHUP)
    metrics = service.until(lambda m: m.one("telltale_config_reloads_total") == 1)
    checks.equal(metrics.one("telltale_config_last_reload_success"), 1, "the reload's success")
    config(folder, capture, base + "service: {log_levl: warning}\n", template=template)
    checks.equal(service.get("/-/reload", post=True)[0], 401, "a reload without the secret")
    status, text = service.get("/-/reload", post=True, headers={"Authorization": "Bearer a secret of some length"})
    checks.equal(status, 500, "a wrong configuration is rejected")
    checks.that(f"{path}:7: unknown key 'log_levl', did you mean 'log_level'?" in text, f"why: {text}")
    metrics = service.until(lambda m: m.one("telltale_config_reloads_total") == 2)
    checks.equal(metrics.one("telltale_config_last_reload_success"), 0, "the rejection")
    checks.equal(service.get("/-/ready")[0], 200, "it runs on")
    done, seconds = service.end(signal.SIGINT)
    check_end(checks, "reload", done, seconds)
    changes = [event for event in events_in(told) if at(event, "event.dataset") == "telltale.config"]
    checks.equal([(at(event, "event.action"), at(event, "event.outcome")) for event in changes],
                 [("config-reloaded", "success"), ("reload-rejected", "failure")], "events of the configuration")
    if len(changes) == 2:
        checks.equal(at(changes[0], "telltale.config"), {"applied": ["service.log_level"],
                                                         "needs_restart": ["workers"]}, "what was taken over")
        checks.that("log_levl" in at(changes[1], "error.message"), f"the error: {changes[1]}")
    # The file was moved away and begun anew: nothing is lost between the two.
    check_events(checks, "both files", events_in(told + ".1") + events_in(told))


def check_restart(programs, checks, folder, capture):
    told = os.path.join(folder, "restart.events")
    path = config(folder, capture, f"events: {told}\nservice: {{state_file: {folder}/state}}\n")
    boots = collections.defaultdict(collections.Counter)
    for _ in range(2):
        service = Service(programs, path)
        service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
        check_end(checks, "restart", *service.end())
    for event in events_in(told):
        boots[at(event, "telltale.sensor.boot_id")][at(event, "event.action")] += 1
    checks.equal(len(boots), 2, "boots in one file")
    first, second = ([*boots.values()] + [collections.Counter()] * 2)[:2]
    checks.that(first["device-first-seen"] > 5, f"devices are announced: {first}")
    checks.equal(second["device-first-seen"], 0, f"known devices are not announced again: {second}")


def check_away(programs, checks, folder, capture):
    """Kafka that is not there: the file gets everything, nothing waits, the end comes in time."""
    told = os.path.join(folder, "away.events")
    path = config(folder, capture, f"events: {told}\nkafka: {{brokers: ['127.0.0.1:1']}}\n")
    service = Service(programs, path)
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
    checks.that(metrics.sum("telltale_packets_analysed_total") >= 10_000, "broker away: packets are analysed")
    check_identities(checks, "broker away", metrics)
    done, seconds = service.end()
    check_end(checks, "broker away", done, seconds, status=1)
    checks.that(" error " in done.err, f"broker away: it says so: {done.err[-300:]}")
    check_events(checks, "broker away", events_in(told))


def check_full(programs, checks, folder, capture):
    """A store that is full: the newest go, by range; figures close; it is not ready."""
    path = config(folder, capture, "kafka: {brokers: ['127.0.0.1:1']}\nstore: {events: 1000}\n"
                                   "service: {health_interval: 1s}\n")
    service = Service(programs, path)
    metrics = service.until(lambda m: m.sum("telltale_events_dropped_total") > 0)
    checks.that(metrics.sum("telltale_events_dropped_total") > 0, "full: events are dropped")
    check_identities(checks, "full", metrics)
    status, text = service.get("/-/ready")
    checks.equal((status, "store" in text), (503, True), f"full: not ready ({text})")
    check_end(checks, "full", *service.end(), status=1)


def check_stalled(programs, checks, folder, capture):
    """A reader of the events that does not read: packets are analysed, the end comes in time."""
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)
    service = Service(programs, config(folder, capture, f"events: {pipe}\n"))
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
    checks.that(metrics.sum("telltale_packets_analysed_total") >= 10_000, "stalled: packets are analysed")
    checks.that(metrics.one("telltale_outbox_events") > 0, "stalled: events wait")
    check_end(checks, "stalled", *service.end(), status=1)


def check_blind(programs, checks, folder, capture):
    """A tap that receives nothing any more is reported by metric and event."""
    told = os.path.join(folder, "blind.events")
    path = config(folder, capture, f"events: {told}\n")
    write_file(path, read_bytes(path).replace(b"  - name: up\n", b"  - name: up\n    blind_after: 1s\n"))
    service = Service(programs, path)
    metrics = service.until(lambda m: m.one("telltale_port_blind", port="up:0") == 1 and
                            m.one("telltale_events_created_total", kind="health") > 1)
    checks.equal(metrics.one("telltale_port_blind", port="up:0"), 1, "blind: the metric")
    check_end(checks, "blind", *service.end())
    messages = [event["message"] for event in events_in(told) if at(event, "event.dataset") == "telltale.health"]
    checks.that(any("no packets on net_pcap0" in message for message in messages), f"blind: the event: {messages}")


def check_delivery(programs, checks, folder, capture):
    """Brokers that librdkafka plays itself: everything that is made arrives."""
    path = config(folder, capture, "kafka:\n  brokers: ['127.0.0.1:1']\n"
                                   "  properties: {test.mock.num.brokers: '1'}\n")
    service = Service(programs, path)
    metrics = service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000 and
                            m.one("telltale_outbox_events") == 0)
    check_identities(checks, "delivery", metrics)
    delivered = metrics.sum("telltale_kafka_delivered_total")
    checks.that(delivered > 1000, f"delivery: {delivered} events ({service.err})")
    checks.equal(metrics.one("telltale_event_delay_seconds_count", output="kafka"), delivered, "delivery: delays")
    check_end(checks, "delivery", *service.end())


def check_systemd(programs, checks, folder, capture):
    path = os.path.join(folder, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        notify.settimeout(0.2)
        service = Service(programs, config(folder, capture, f"events: {folder}/systemd.events\n"),
                          NOTIFY_SOCKET=path, WATCHDOG_USEC="900000", JOURNAL_STREAM="8:1")
        said, latest = "", time.monotonic() + 20
        service.process.send_signal(signal.SIGHUP)
        while time.monotonic() < latest and not (said.count("WATCHDOG=1") > 1 and "STATUS=" in said
                                                 and "RELOADING=1" in said and said.count("READY=1") > 1):
            try:
                said += notify.recv(4096).decode() + "\n"
            except socket.timeout:
                continue
        done, seconds = service.end()
        check_end(checks, "systemd", done, seconds)
        try:
            while True:
                said += notify.recv(4096).decode() + "\n"
        except socket.timeout:
            pass
    for word in ("READY=1", "STATUS=", "WATCHDOG=1", "RELOADING=1", "MONOTONIC_USEC=", "STOPPING=1"):
        checks.that(word in said, f"systemd is not told {word}: {said}")
    checks.that(all(line.startswith("<") for line in done.err.splitlines()), f"priorities: {done.err[:300]}")


def check_crash(programs, checks, folder, capture):
    """The frames that the workers were analysing are written to a capture file that can be replayed."""
    left = os.path.join(folder, "crash.pcap")
    path = config(folder, capture, f"events: {folder}/crash.events\nservice: {{crash_file: {left}}}\n")
    service = Service(programs, path)
    service.until(lambda m: m.sum("telltale_packets_analysed_total") >= 10_000)
    checks.equal(read_bytes(left), b"", "crash: nothing is left while it runs")
    done, _ = service.end(signal.SIGSEGV)
    checks.equal(done.status, -signal.SIGSEGV, "crash: it ends as it would have")
    checks.equal(read_bytes(left)[:4], (0xa1b23c4d).to_bytes(4, "little"), "crash: a capture file")
    replayed = programs.read("--quiet", left)
    checks.equal((replayed.status, crashed(replayed)), (0, ""), f"crash: it can be read: {replayed.err[-300:]}")


def check_refusals(programs, checks, folder, capture):
    """One clear message, status 2, and what was there stays as it was."""
    kept = write_file(os.path.join(folder, "kept.events"), b"of before\n")
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    tap = f"taps: [{{name: up, ports: ['net_pcap0,rx_pcap={capture}']}}]\n"
    cases = (
        ("no such file", None, "cannot be read"),
        ("an unknown key", tap + "evnts: x\n", ":2: unknown key 'evnts', did you mean 'events'?"),
        ("no taps", f"events: {kept}\n", "'taps' is missing"),
        ("nowhere to go", tap, "set one of them"),
        ("no such interface", f"taps: [{{name: up, ports: [nosuch0]}}]\nevents: {kept}\n", "nosuch0"),
        ("no such capture", f"taps: [{{name: up, ports: ['net_pcap0,rx_pcap=/nonexistent']}}]\nevents: {kept}\n",
         "net_pcap0"),
        ("a filter that is none", tap + f"events: {kept}\nignore: {{all_but: port or}}\n", ":3: 'ignore'"),
        ("a property unknown to Kafka", tap + "kafka: {brokers: [b:1], properties: {linger.msec: 5}}\n", "linger.ms"),
        ("an output that cannot be opened", tap + "events: /nonexistent/events\n", ":2: 'events'"),
        ("a port that is taken", tap + f"events: {kept}\nmetrics: {{port: {port}}}\n", f"{port}"),
    )
    for name, text, message in cases:
        path = os.path.join(folder, "bad.yaml")
        if text is None:
            path = os.path.join(folder, "missing.yaml")
        else:
            write_file(path, text.encode())
        done = programs.run("run", "-c", path)
        checks.equal((done.status, done.out, crashed(done)), (2, b"", ""), f"{name}: {done.err[-400:]}")
        errors = [line for line in done.err.splitlines() if " error " in line]
        checks.that(errors and message in "\n".join(errors), f"{name}: {done.err[-400:]}")
    checks.equal(read_bytes(kept), b"of before\n", "what was there before")
    taken.close()


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        capture = check_day(programs, checks, folder)
        for check in (check_two_ports, check_threads, check_reload, check_restart, check_delivery, check_away,
                      check_full, check_blind, check_stalled, check_systemd, check_crash, check_refusals):
            check(programs, checks, folder, capture)
    checks.finish()


if __name__ == "__main__":
    main()
