#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Outputs: events that keep their contract (schema, ECS names, sequences, ids, times), ids that are the same in
the next run, the same results however the input is given, and text from packets that cannot forge a line or steer a
terminal."""
import collections
import datetime
import json
import os
import re
import resource
import struct
import subprocess
import time

import packets
from schemas import Schemas
from sensor_runs import SANITIZED, Checks, crashed, read_bytes, scratch, start, write_file

REQUIRED = ("@timestamp", "ecs.version", "message", "event.kind", "event.category", "event.type", "event.action",
            "event.dataset", "event.module", "event.id", "event.sequence", "event.created", "observer.name",
            "observer.hostname", "observer.type", "observer.vendor", "observer.product", "observer.version",
            "telltale.schema", "telltale.sensor.id", "telltale.sensor.boot_id", "telltale.signatures.version")


def at(event, path):
    for part in path.split("."):
        if not isinstance(event, dict) or part not in event:
            return None
        event = event[part]
    return event


def has_null(value):
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return any(map(has_null, value)) if isinstance(value, list) else value is None


def lines_in(checks, name, content):
    """The JSON objects of a JSON Lines output; every line must be one."""
    checks.that(content.endswith(b"\n"), f"{name}: the last line has no end")
    found = []
    for line in content.split(b"\n")[:-1]:
        try:
            value = json.loads(line.decode("utf-8"))
        except (UnicodeDecodeError, ValueError) as error:
            checks.that(False, f"{name}: {error}: {line[:200]!r}")
            continue
        checks.that(isinstance(value, dict), f"{name}: no object: {line[:200]!r}")
        checks.that(not re.search(rb"[\x00-\x1f\x7f]", line), f"{name}: a control character: {line[:200]!r}")
        found.append(value)
    return found


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def check_contract(checks, name, events, first_s, last_s):
    schemas, sequences, ids = Schemas(), collections.defaultdict(list), collections.Counter()
    for event in events:
        dataset = at(event, "event.dataset")
        for fault in schemas.faults(dataset, event)[:3]:
            checks.that(False, f"{name}: {dataset}: {fault}")
        for field in REQUIRED:
            checks.that(at(event, field) not in (None, "", []), f"{name}: {dataset} lacks {field}")
        checks.that(not has_null(event), f"{name}: {dataset} holds a null")
        sequences[dataset].append(event["event"]["sequence"])
        ids[event["event"]["id"]] += 1
        time = seconds_of(event["@timestamp"])
        # Reports come at the end of their interval, a minute at most after the last packet.
        checks.that(first_s - 1 <= time <= last_s + 60, f"{name}: {dataset} at {event['@timestamp']}")
    for dataset, numbers in sequences.items():
        checks.equal(numbers, list(range(1, len(numbers) + 1)), f"{name}: sequence of {dataset}")
    checks.equal([one for one, count in ids.items() if count > 1], [], f"{name}: event ids that repeat")
    checks.equal(len({at(event, "telltale.sensor.boot_id") for event in events}), 1, f"{name}: boots")
    kinds = {"telltale." + kind for kind in ("device", "destination", "transfer", "alert", "health")}
    checks.equal(set(sequences), kinds, f"{name}: kinds of events")


def check_streams(checks, programs, capture, truth):
    done = programs.read("--events", "-", capture)
    checks.equal((done.status, crashed(done)), (0, ""), "events on standard output")
    events = lines_in(checks, "events on standard output", done.out)
    checks.that(all(at(event, "event.dataset") for event in events), "events on standard output: only events")
    checks.that("TELLTALE" in done.err and "ALERTS" in done.err, "the summary is on standard error")
    check_contract(checks, "office day", events, truth["first_ns"] / 1e9, truth["last_ns"] / 1e9)
    done = programs.read("--observations", "-", "--format", "json", capture)
    observations = lines_in(checks, "observations on standard output", done.out)
    checks.that(all("proto" in one for one in observations), "observations on standard output: only observations")
    checks.equal(json.loads(done.err)["run"]["frames"], truth["frames"], "the summary as JSON on standard error")
    plain = programs.read(capture)
    checks.that(plain.out.startswith(b"TELLTALE"), "without outputs the summary is on standard output")
    checks.equal(plain.err, "", "a clean run says nothing else")
    return events


def without_run(event):
    event = json.loads(json.dumps(event))
    for key in ("id", "created"):
        event["event"].pop(key)
    event["telltale"]["sensor"].pop("boot_id")
    return json.dumps(event, sort_keys=True)


def told(checks, programs, folder, *arguments, **options):
    path = os.path.join(folder, "told.events")
    done = programs.read("--quiet", "--events", path, *arguments, **options)
    checks.equal((done.status, crashed(done)), (0, ""), f"read {arguments} (said {done.err[:200]!r})")
    return lines_in(checks, f"read {arguments}", read_bytes(path))


def device_ids(events):
    return {event["host"]["mac"][0]: event["device"]["id"] for event in events
            if event["event"]["dataset"] == "telltale.device"}


def check_repeats(checks, programs, folder, capture, truth, first):
    same = [without_run(event) for event in first]
    again = told(checks, programs, folder, capture)
    checks.that([without_run(event) for event in again] == same, "the same file twice: other events")
    checks.that(not {event["event"]["id"] for event in again} & {event["event"]["id"] for event in first},
                "two boots share event ids")
    piped = told(checks, programs, folder, "-", input=read_bytes(capture))
    checks.that([without_run(event) for event in piped] == same, "standard input: other events than the file")
    checks.equal(len(device_ids(first)), len(truth["devices"]), "devices with an id")
    keys = [write_file(os.path.join(folder, f"{letter}.key"), letter.encode() * 32) for letter in "ab"]
    by_key = [device_ids(told(checks, programs, folder, "--site-key", key, capture)) for key in (*keys, keys[0])]
    checks.equal(by_key[0], by_key[2], "the same site key, the same ids")
    for mac, identity in device_ids(first).items():
        different = {identity, by_key[0].get(mac), by_key[1].get(mac)}
        checks.that(len(different) == 3, f"{mac}: an id does not depend on the key")
    content = json.dumps(told(checks, programs, folder, "--site-key", keys[0], capture))
    checks.that("a" * 32 not in content, "the site key is in the events")


def check_several_files(checks, programs, folder, capture, first):
    """The day dealt out to three files, frame by frame in runs, two of them at odds with the order of the names."""
    content, at_byte, parts, number = read_bytes(capture), 24, [[], [], []], 0
    while at_byte < len(content):
        end = at_byte + 16 + int.from_bytes(content[at_byte + 8:at_byte + 12], "little")
        parts[(number // 7) % 3].append(content[at_byte:end])
        at_byte, number = end, number + 1
    paths = [write_file(os.path.join(folder, f"part{3 - i}.pcap"), content[:24] + b"".join(part))
             for i, part in enumerate(parts)]
    merged = told(checks, programs, folder, *paths)
    checks.that([without_run(event) for event in merged] == [without_run(event) for event in first],
                "three files: other events than of the merged one")


def check_unwritable(checks, programs, folder, capture):
    """An output that cannot be opened ends the run before another one is emptied; a run that starts empties both."""
    kept = b"of the run before\n"
    paths = [write_file(os.path.join(folder, name), kept) for name in ("kept.events", "kept.observations")]
    nowhere = os.path.join(folder, "missing", "file")
    for events, observations in ((paths[0], nowhere), (nowhere, paths[1])):
        done = programs.read("--events", events, "--observations", observations, capture)
        checks.equal((done.status, done.out), (2, b""), f"unwritable: {observations}")
        checks.that(nowhere in done.err and done.err.count("\n") == 1, f"unwritable: {done.err[:200]!r}")
    checks.equal([read_bytes(path) for path in paths], [kept, kept], "unwritable: the other output was kept")
    done = programs.read("--quiet", "--events", paths[0], "--observations", paths[1], capture)
    checks.equal(done.status, 0, f"both outputs: {done.err[:200]!r}")
    for path in paths:
        checks.that(lines_in(checks, path, read_bytes(path)) and kept not in read_bytes(path), f"{path} was not emptied")


# Hostile texts in packets: terminal control, line ends, quotes, direction marks, octets that are not UTF-8.
HOSTILE = (b"\x1b]0;owned\x07\x1b[2J\x1b[31mred", b'"},{"event":{"kind":"alert"}}', b"two\x0alines\x0d{}",
           b"back\\slash\\", b"\xff\xfe\xc3\x28 \xed\xa0\x80", "\u202egnp.exe\u2028x\u0085\u009b31m".encode(),
           b"\0nul\0", b"%s%n{}{0}", b"x" * 250)


def hostile_capture():
    frames, client = [], "192.168.7.9"
    for number, text in enumerate(HOSTILE):
        mac = packets.PHONE[:5] + bytes((number,))
        second = 10 * number
        options = ((12, text), (60, text), (81, b"\0\0\0" + text[:200]), (55, b"\1\3\6"))
        frames.append((second, packets.dhcp_request(mac, options)))
        frames.append((second + 1, packets.dns_query(client, "192.168.7.1", (text[:60], b"miui", b"com"))))
        one_line = text.replace(b"\n", b"\x0b").replace(b"\r", b"\x0c")
        request = packets.http_request(one_line, b"/" + one_line.replace(b" ", b""), b"Agent " + one_line)
        frames += packets.tcp_session(client, "203.0.113.9", 40000 + number, 80, request, second + 2)
        hello = packets.client_hello(text + b".miui.com")
        frames += packets.tcp_session(client, "203.0.113.9", 41000 + number, 443, hello, second + 4)
    return packets.pcap(frames)


def check_hostile_text(checks, programs, folder):
    capture = write_file(os.path.join(folder, "hostile.pcap"), hostile_capture())
    events_path, seen_path = os.path.join(folder, "hostile.events"), os.path.join(folder, "hostile.observations")
    done = programs.read("--events", events_path, "--observations", seen_path, capture)
    checks.equal((done.status, crashed(done)), (0, ""), "hostile text")
    events = lines_in(checks, "hostile text: events", read_bytes(events_path))
    lines_in(checks, "hostile text: observations", read_bytes(seen_path))
    schemas = Schemas()
    for event in events:
        for fault in schemas.faults(at(event, "event.dataset"), event)[:3]:
            checks.that(False, f"hostile text: {fault}")
    checks.equal(len(device_ids(events)), len(HOSTILE) + 1, "hostile text: devices (and the gateway)")
    shown = done.out + done.err.encode()
    summary = done.out.decode("utf-8")  # raises if it is not UTF-8
    raw = re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]", summary)
    checks.equal(raw, [], "hostile text: controls in the summary")
    checks.that(b"owned" in shown, "hostile text: the host name is shown at all")
    checks.that(all(len(line) < 130 for line in summary.splitlines()), "hostile text: a line is too long")
    as_json = programs.read("--format", "json", capture)
    objects = lines_in(checks, "hostile text: the summary as JSON", as_json.out)
    checks.equal(len(objects), 1, "hostile text: objects of the summary as JSON")
    # Text from packets may occur only in strings: the events have no other keys than the schema's.
    alerts = [event for event in events if at(event, "event.kind") == "alert"]
    checks.that(all(at(event, "rule.id") for event in alerts), "hostile text: a forged alert")


def check_limited_memory(checks, programs, capture):
    """Address space that is taken ahead must not be what a limit on data leaves no room for."""
    if SANITIZED:
        return  # sanitizers map terabytes
    most = 100 << 20
    done = programs.read("--quiet", capture,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (most, most)))
    checks.equal(done.status, 0, f"100 MiB of data: {done.err}")
    checks.that(b"DEVICES" in done.out, "100 MiB of data: the summary")


def frame_by_frame(capture, count):
    """The bytes of a classic capture file's first frames, one by one; the header comes with the first."""
    content, begin, at = read_bytes(capture), 0, 24
    for _ in range(count):
        at += 16 + struct.unpack_from("<I", content, at + 8)[0]
        yield content[begin:at]
        begin = at


def check_pauses(checks, programs, folder, capture):
    """Standard input that pauses: the events so far leave once per second, with several threads, too."""
    for threads, workers in ((1, 1), (2, 1), (2, 2)):
        name = f"pauses, {threads} threads, {workers} workers"
        told = os.path.join(folder, "paused.events")
        threaded = write_file(os.path.join(folder, "threads.yaml"), f"correlate_threads: {threads}\n".encode())
        command = [programs.telltale, "read", "--quiet", "--config", threaded, "--workers", str(workers),
                   "--events", told, "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            for part in frame_by_frame(capture, 60):
                process.stdin.write(part)
                process.stdin.flush()
                if os.path.exists(told) and read_bytes(told):
                    break
                time.sleep(0.5)
            checks.that(read_bytes(told), f"{name}: no event has left")
            process.stdin.close()
            checks.equal(process.wait(60), 0, f"{name}: the end")
        lines_in(checks, name, read_bytes(told))
        os.unlink(told)


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        capture, truth = programs.generate(folder, "office-day", packets=4_000 if SANITIZED else 0)
        first = check_streams(checks, programs, capture, truth)
        check_repeats(checks, programs, folder, capture, truth, first)
        check_several_files(checks, programs, folder, capture, first)
        check_unwritable(checks, programs, folder, capture)
        check_hostile_text(checks, programs, folder)
        check_limited_memory(checks, programs, capture)
        check_pauses(checks, programs, folder, capture)
    checks.finish()


if __name__ == "__main__":
    main()
