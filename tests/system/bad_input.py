#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Input, signatures and outputs that cannot be used: a message that names what is wrong and where, the right exit
status, never a crash, never silence, and nothing destroyed.

Exit status 2: the input is not usable. 1: an output failed. 0 with a warning: the readable part was used.
"""
import os
import random
import re
import shutil
import subprocess

import packets
from sensor_runs import PROJECT, SANITIZED, Checks, crashed, in_parallel, read_bytes, scratch, start, write_file

RANDOM_FILES = 60 if SANITIZED else 1000
# Magic numbers of captures: microseconds in both byte orders, nanoseconds, pcapng.
MAGICS = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")


def expect(checks, name, done, status, *patterns):
    checks.equal(crashed(done), "", name)
    checks.equal(done.status, status, f"{name}: exit status (said: {done.err.strip()[:300]})")
    for pattern in patterns:
        checks.that(re.search(pattern, done.err), f"{name}: nothing like /{pattern}/ in {done.err!r}")


def good_frames():
    request = packets.http_request(b"api.account.xiaomi.com", b"/", b"test")
    return packets.tcp_session("192.168.7.9", "42.62.48.30", 40000, 80, request, 1)


def check_files(checks, programs, folder):
    frames = good_frames()
    classic, ng = packets.pcap(frames), packets.pcapng(frames)
    flipped = classic[:20] + b"\xf3\xff\xff\x0f" + classic[24:]
    cases = [
        # description, name, content, status, what must be said
        ("an empty file", "empty.pcap", b"", 2, "is empty"),
        ("one octet", "one.pcap", b"\xd4", 2, "not a capture"),
        ("a text file", "notes.pcap", b"Dear all,\nplease find the capture\n", 2, "text file"),
        ("an executable", "binary.pcap", b"\x7fELF\2\1\1\0\0\0", 2, "not a capture"),
        ("gzip", "packed.pcap", b"\x1f\x8b\x08\0\0", 2, "gzip.*zcat"),
        ("half a header", "header.pcap", classic[:17], 2, "header"),
        ("only a header", "header_only.pcap", classic[:24], 0, "no frames"),
        ("Bluetooth", "blue.pcap", packets.pcap(frames, packets.BLUETOOTH), 2, "BLUETOOTH.*not supported.*EN10MB"),
        ("a link type without a name", "unknown.pcap", flipped, 2, "link type number .*not supported"),
        ("Bluetooth in pcapng", "blue.pcapng", packets.pcapng(frames, [packets.BLUETOOTH]), 2, "BLUETOOTH"),
        ("cut in a frame's header", "cut_header.pcap", classic[:-len(frames[-1][1]) - 7], 0,
         "frame 8.*7 frames before"),
        ("cut in a frame", "cut_frame.pcap", classic[:-3], 0, "frame 8.*7 frames before"),
        ("pcapng cut in a block", "cut.pcapng", ng[:-9], 0, "frame 8.*7 frames before"),
        ("pcapng cut in its first block", "cut_first.pcapng", ng[:20], 2, "header"),
        ("pcapng without an interface", "no_interface.pcapng", ng[:28], 2, "header|interface"),
        ("pcapng of two link types", "two_links.pcapng",
         packets.pcapng([*frames[:3], (2, b"\0" * 40, 1)], (packets.ETHERNET, packets.BLUETOOTH)), 0,
         "1 frames of its other interfaces were skipped: link type BLUETOOTH"),
        ("a frame that claims 2 GB", "huge.pcap", classic[:32] + b"\0\0\0\x7f\0\0\0\x7f" + classic[40:], 0,
         "frame 1.*0 frames before"),
    ]
    for description, name, content, status, said in cases:
        path = write_file(os.path.join(folder, name), content)
        done = programs.read(path)
        expect(checks, description, done, status, re.escape(name), said)
        if status == 0:
            checks.that(b"TOTALS" in done.out or b"WARNINGS" in done.out, f"{description}: no summary")
            checks.that(done.err.startswith("warning: "), f"{description}: no warning but {done.err!r}")
        else:
            checks.that(done.err.startswith("error: "), f"{description}: no error but {done.err!r}")
            checks.equal(done.out, b"", f"{description}: standard output")
        checks.that(len(done.err.splitlines()) == 1, f"{description}: more than one line: {done.err!r}")
        for option in ([], ["--workers", 2]):
            piped = programs.read(*option, "-", input=content)
            expect(checks, f"{description} on standard input", piped, status)
    expect(checks, "a directory", programs.read(folder), 2, re.escape(folder), "directory")
    missing = os.path.join(folder, "missing.pcap")
    expect(checks, "a missing file", programs.read(missing), 2, "missing.pcap", "no such file")
    good = write_file(os.path.join(folder, "good.pcap"), classic)
    done = programs.read(good, os.path.join(folder, "empty.pcap"))
    expect(checks, "a good file and an empty one", done, 2, r"empty\.pcap: is empty")
    expect(checks, "a good file alone", programs.read(good), 0)
    expect(checks, "standard input twice", programs.read("-", "-"), 2, "standard input")


def check_command_line(checks, programs, folder):
    good = os.path.join(folder, "good.pcap")
    short_key = write_file(os.path.join(folder, "short.key"), b"secret")
    for description, arguments, said in (
        ("no file", [], "FILE"),
        ("an unknown option", ["--colour", good], "--colour"),
        ("a format that does not exist", ["--format", "xml", good], "xml"),
        ("no workers", ["--workers", "0", good], "--workers"),
        ("a network that is none", ["--home", "10.0.0.0/40", good], r"10\.0\.0\.0/40"),
        ("a short site key", ["--site-key", short_key, good], r"short\.key.*16"),
        ("a missing site key", ["--site-key", folder + "/no.key", good], r"no\.key"),
        ("events and observations on standard output", ["--events", "-", "--observations", "-", good],
         "--events.*--observations"),
        ("events and observations in one file", ["--events", folder + "/x", "--observations", folder + "/x", good],
         "same"),
    ):
        expect(checks, description, programs.read(*arguments), 2, said)
    expect(checks, "no command", programs.run(), 2, "subcommand")
    checks.equal(programs.run("--help").status, 0, "--help")


def check_outputs(checks, programs, folder):
    good = os.path.join(folder, "good.pcap")
    path = lambda name: os.path.join(folder, name)
    for option in ("--events", "--observations"):
        expect(checks, f"{option} in a folder that is not there", programs.read(option, path("no/such"), good), 2,
               "no/such: cannot be written")
        expect(checks, f"{option} to a directory", programs.read(option, folder, good), 2, "cannot be written")
        expect(checks, f"{option} to a full disk", programs.read(option, "/dev/full", good), 1, "/dev/full.*No space")
        refused = write_file(path("kept.jsonl"), b"earlier work\n")
        for bad in ("empty.pcap", "missing.pcap", "ring.pcap"):
            expect(checks, f"{option} and {bad}", programs.read(option, refused, path(bad)), 2)
            checks.equal(read_bytes(refused), b"earlier work\n", f"{option}: the earlier file after {bad} was refused")
        capture = write_file(path("capture.pcap"), read_bytes(good))
        os.link(capture, path("other_name.pcap"))
        for named in (capture, os.path.join(folder, ".", "capture.pcap"), path("other_name.pcap")):
            expect(checks, f"{option} onto the input", programs.read(option, named, capture), 2, option, "overwrite")
            checks.equal(read_bytes(capture), read_bytes(good), f"the capture after {option} named it")
        os.unlink(path("other_name.pcap"))
    done = programs.read("--events", path("same"), "--observations", folder + "/./same", good)
    expect(checks, "one file under two names", done, 2, "same")
    with open("/dev/full", "wb") as full:
        expect(checks, "the summary to a full disk", programs.read(good, stdout=full), 1, "summary.*No space")
        expect(checks, "events on a full standard output", programs.read("--events", "-", good, stdout=full), 1,
               "standard output.*No space")


def check_closed_pipe(checks, programs, folder):
    capture, _ = programs.generate(folder, "office-day", packets=20_000)
    for option in ("--events", "--observations"):
        command = [programs.telltale, "read", option, "-", capture]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            first = process.stdout.readline()
            process.stdout.close()
            said = process.stderr.read().decode()
            status = process.wait(timeout=120)
        checks.that(first.startswith(b"{") and first.endswith(b"}\n"), f"{option}: first line {first!r}")
        checks.equal(status, 1, f"{option} into a closed pipe: exit status")
        checks.that("Broken pipe" in said, f"{option} into a closed pipe: said {said[:200]!r}")


def copy_signatures(folder):
    source = os.path.join(PROJECT, "signatures")
    shutil.copytree(source, folder, ignore=lambda where, names: [
        name for name in names if not os.path.isdir(os.path.join(where, name)) and not name.endswith(".yaml")])


def check_signatures(checks, programs, folder):
    good = os.path.join(folder, "good.pcap")
    bundle = os.path.join(folder, "signatures")
    copy_signatures(bundle)
    read = lambda: programs.read("--signatures", bundle, "--no-cache", good)
    expect(checks, "the copy of the signatures", read(), 0)
    owner = """owner:
  id: acme
  name: Acme
  country: DE
  sources: [{source}]
destinations:
  - {{{kind}: {host}, category: {category}, sources: [{source}],
     match: [{match}], no_match: [example.org]}}
{more}"""
    parts = {"kind": "suffix", "host": "acme.example", "category": "telemetry", "source": "nextdns",
             "match": "a.acme.example", "more": ""}
    cases = (
        # description, parts that are replaced, line, what must be said
        ("all right", {}, None, ""),
        ("a list for a name", {"host": "[acme.example]"}, 7, "suffix"),
        ("a mapping for a category", {"category": "{a: b}"}, 7, "category"),
        ("an unknown category", {"category": "spying"}, 7, "spying"),
        ("an unknown key", {"kind": "sufix"}, 7, "sufix"),
        ("an unknown key at the top", {"more": "destination: []\n"}, 9, "destination"),
        ("an unknown source", {"source": "hearsay"}, 2, "hearsay"),
        ("no source", {"source": ""}, r"\d+", "source"),
        ("an example that does not match", {"match": "acme.example.org"}, r"\d+", r"acme\.example\.org"),
        ("YAML that is none", {"more": "  - [\n"}, r"\d+", ""),
        ("an alias", {"more": "  - *x\n"}, r"\d+", ""),
    )
    path = os.path.join(bundle, "owners", "acme.yaml")
    for description, changed, line, said in cases:
        write_file(path, owner.format(**{**parts, **changed}).encode())
        done = read()
        if line is None:
            expect(checks, f"signatures: {description}", done, 0)
            continue
        expect(checks, f"signatures: {description}", done, 2, rf"acme\.yaml:{line}\b", said)
        checks.equal(done.out, b"", f"signatures: {description}: standard output")
    write_file(path, b"\xff\xfe\0binary\0")
    expect(checks, "signatures: a binary file", read(), 2, r"acme\.yaml")
    os.unlink(path)
    manifest = os.path.join(bundle, "manifest.yaml")
    content = read_bytes(manifest)
    write_file(manifest, content.replace(b"format: 1", b"format: one"))
    expect(checks, "signatures: a format that is no number", read(), 2, r"manifest\.yaml:\d+")
    write_file(manifest, content.replace(b"policies]", b"policy]"))
    expect(checks, "signatures: a folder that is not there", read(), 2, "policy")
    os.unlink(manifest)
    expect(checks, "signatures without manifest", read(), 2, r"manifest\.yaml")
    expect(checks, "no signatures", programs.read("--signatures", folder + "/none", good), 2, "none")


def random_file(number, seeds):
    """Every fourth is noise, every fourth noise behind a capture's magic; the rest are captures with damage."""
    chance = random.Random(f"bad input {number}")
    noise = chance.randbytes(chance.randrange(1, 600))
    if number % 4 == 0:
        return noise
    if number % 4 == 1:
        return chance.choice(MAGICS) + noise
    content = bytearray(chance.choice(seeds))
    first = chance.choice((0, 24, 40))  # also the file's header, or only frames, or hardly a frame's header
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(first, len(content))
        damage = chance.randrange(4)
        if damage == 0:
            content[at] = chance.randrange(256)
        elif damage == 1:
            content[at] ^= 1 << chance.randrange(8)
        elif damage == 2:
            content[at:at + chance.randrange(1, 9)] = chance.randbytes(chance.randrange(0, 9))
        else:
            content[at:at + 2] = chance.choice((b"\0\0", b"\xff\xff", b"\x7f\xff", b"\0\1"))
        if len(content) <= first + 1:
            break
    return bytes(content)


def check_random_files(checks, programs, folder):
    frames = good_frames()
    phone = "192.168.7.9"
    options = ((12, b"phone"), (60, b"dhcpcd-5.5.6"), (55, bytes(range(1, 20))))
    mixed = [(0, packets.dhcp_request(packets.PHONE, options)),
             (0.5, packets.dns_query(phone, "192.168.7.1", (b"api", b"account", b"xiaomi", b"com"))), *frames,
             *packets.tcp_session(phone, "161.117.71.70", 40001, 443, packets.client_hello(b"account.xiaomi.com"), 3)]
    seeds = [packets.pcap(mixed), packets.pcapng(mixed), packets.pcap(frames),
             packets.pcap([(at, frame[14:]) for at, frame in frames], packets.RAW_IP)]

    # One owner's signatures are enough here, and start faster than all.
    bundle = os.path.join(folder, "one_owner")
    copy_signatures(bundle)
    for owner in os.listdir(os.path.join(bundle, "owners")):
        if owner != "adups.yaml":
            os.unlink(os.path.join(bundle, "owners", owner))
    shutil.rmtree(os.path.join(bundle, "devices"))
    shutil.rmtree(os.path.join(bundle, "policies"))
    manifest = os.path.join(bundle, "manifest.yaml")
    write_file(manifest, read_bytes(manifest).replace(b", devices, policies", b""))

    def one(number):
        path = write_file(os.path.join(folder, f"random{number}.pcap"), random_file(number, seeds))
        done = programs.read("--quiet", "--signatures", bundle, "--workers", 1 + number % 2, path, timeout=60)
        return number, path, done

    statuses = {0: 0, 2: 0}
    for number, path, done in in_parallel(one, range(RANDOM_FILES)):
        name = f"random file {number}"
        checks.equal(crashed(done), "", name)
        checks.that(done.status in statuses, f"{name}: exit status {done.status}: {done.err[:300]}")
        statuses[done.status] = statuses.get(done.status, 0) + 1
        if done.status != 0:
            checks.that(os.path.basename(path) in done.err, f"{name}: refused without naming it: {done.err[:300]!r}")
        else:
            checks.that(b"TELLTALE" in done.out, f"{name}: silent")
        os.unlink(path)
    # A test of damaged captures in which nothing opens, or nothing is refused, tests nothing.
    for status, count in statuses.items():
        checks.that(count >= RANDOM_FILES / 5, f"random files: only {count} of {RANDOM_FILES} ended with {status}")


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        for check in (check_files, check_command_line, check_outputs, check_closed_pipe, check_signatures,
                      check_random_files):
            check(checks, programs, folder)
    checks.finish()


if __name__ == "__main__":
    main()
