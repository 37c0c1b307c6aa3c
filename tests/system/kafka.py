#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` and `telltale kafka topics` against a real Kafka on loopback: topics are made and compared; an independent
reader finds every event once, in order by device, with key and headers, over TLS with a certificate and by SASL, compressed
as configured; what is wrong with the way there gives one line that says what to do, and a metric; what the brokers refuse for
good is counted, listed and told as ranges. Needs Java and Maven, no root and no network card."""
import collections
import contextlib
import glob
import json
import os
import re
import signal
import subprocess
import sys
import time

from outputs import at
from run import check_end, config
from sensor_runs import PROJECT, Checks, scratch, skip, start, write_file
from service_runs import Service, check_identities

sys.path.insert(0, os.path.join(PROJECT, "tests", "broker"))
from broker import Broker, free_ports, missing  # noqa: E402
from delivered import Delivered  # noqa: E402

PLAINTEXT, TLS, SASL, SASL_TLS = 0, 2, 3, 4  # listeners of a broker: offsets of Broker.address()
# Clients need a certificate on the TLS listener; on that of SASL over TLS they need none.
EXTRA = "listener.name.ssl.ssl.client.auth=required\n"
NAMES = ("device", "destination", "transfer", "alert", "health")


class World:
    """Programs, a broker, a capture and a folder, which the checks share."""

    def __init__(self, programs, checks, broker, folder):
        self.programs, self.checks, self.broker, self.folder = programs, checks, broker, folder
        self.capture, self.truth = programs.generate(folder, "office-day", packets=3_000)
        self.secrets = {name: write_file(os.path.join(folder, name), text + b"\n")
                        for name, text in (("good", b"sensor-secret"), ("bad", b"no-secret"))}

    def tls(self, ca="ca.pem", client=False):
        """Options for TLS, with or without a certificate of the sensor's own."""
        lines = [f"ssl.ca.location: {self.broker.path(ca)}"]
        if client:
            lines += [f"ssl.certificate.location: {self.broker.path('client.pem')}",
                      f"ssl.key.location: {self.broker.path('client.key')}"]
        return lines

    def sasl(self, mechanism, secret="good"):
        return [f"sasl.mechanism: {mechanism}", "sasl.username: sensor", f"sasl.password_file: {self.secrets[secret]}"]

    def config(self, name, listener, *lines, properties=(), more="", address=None):
        """A configuration whose topics begin with `name`. and that plays the capture."""
        protocol = {PLAINTEXT: "plaintext", TLS: "ssl", SASL: "sasl_plaintext", SASL_TLS: "sasl_ssl"}[listener]
        kafka = [f"brokers: ['{address or self.broker.address(offset=listener)}']", f"topic_prefix: {name}.",
                 f"security.protocol: {protocol}", *lines]
        values = ", ".join(f"{key}: '{value}'" for key, value in
                           {"topic.metadata.propagation.max.ms": 500, "statistics.interval.ms": 500, **dict(properties)}.items())
        text = "kafka:\n" + "".join(f"  {line}\n" for line in [*kafka, f"properties: {{{values}}}"])
        return config(self.folder, self.capture,
                      f"sensor_id: {name}\n{text}service: {{health_interval: 1s}}\n" + more, name=f"{name}.yaml")

    def topics(self, path, *arguments):
        return self.programs.run("kafka", "topics", "-c", path, *arguments)


def topics_of(name):
    return [f"{name}.{topic}.v1" for topic in NAMES]


def check_topics(world):
    """Prints, makes and compares topics; differences are named and left alone."""
    checks, path = world.checks, world.config("plain", PLAINTEXT)
    world.broker.topics("plain.alert.v1")
    states = lambda done: {topic["name"]: topic["state"] for topic in json.loads(done.out)["topics"]}
    before = world.topics(path, "--format", "json")
    checks.equal((before.status, states(before)),
                 (1, {topic: "differs" if "alert" in topic else "missing" for topic in topics_of("plain")}), "before")
    made = world.topics(path, "--create")
    checks.equal((made.status, made.err, len(re.findall(r"v1 +made", made.out.decode()))), (0, "", 4), f"made: {made}")
    after = world.topics(path, "--format", "json")
    checks.equal((after.status, states(after)),
                 (0, {topic: "differs" if "alert" in topic else "exists" for topic in topics_of("plain")}), "after")
    alert = next(topic for topic in json.loads(after.out)["topics"] if "alert" in topic["name"])
    checks.that(any("retention.ms is " in text for text in alert["differences"]), alert)
    table = world.topics(path)
    checks.equal((table.status, b"retention.ms is " in table.out), (0, True), f"{table}")
    too_many = world.topics(world.config("replicas", PLAINTEXT), "--create", "--replication", "3")
    checks.equal((too_many.status, b"INVALID_REPLICATION_FACTOR" in too_many.out), (1, True), f"{too_many}")


def all_delivered(metrics, truth):
    return (metrics.sum("telltale_packets_analysed_total") == truth["frames"] and metrics.sum("telltale_events_waiting") == 0
            and metrics.sum("telltale_kafka_delivered_total") > 0)


def check_ways(world):
    """Runs a sensor over each way to the broker, each with another compression. Returns how many events each delivered."""
    ways = {
        "plain": (world.config("plain", PLAINTEXT, properties={"compression.codec": "lz4", "client.id": "probe"}), "lz4"),
        "tls": (world.config("tls", TLS, *world.tls(client=True)), "zstd"),
        "scram": (world.config("scram", SASL_TLS, *world.sasl("SCRAM-SHA-512"), *world.tls(),
                               properties={"compression.type": "gzip"}), "gzip"),
        "password": (world.config("password", SASL, *world.sasl("PLAIN"), properties={"compression.codec": "snappy"}),
                     "snappy"),
    }
    for name, (path, _) in ways.items():
        if name != "plain":
            made = world.topics(path, "--create")
            world.checks.equal((made.status, made.err), (0, ""), f"{name}: topics are made the same way: {made.out}")
    with contextlib.ExitStack() as started:
        services = {name: Service(world.programs, path) for name, (path, _) in ways.items()}
        for service in services.values():
            started.callback(service.process.kill)
        for name, service in services.items():
            metrics = service.until(lambda m: all_delivered(m, world.truth))
            check_identities(world.checks, name, metrics)
            world.checks.equal(metrics.sum("telltale_kafka_errors_total"), 0, f"{name}: errors {service.err}")
            world.checks.equal(metrics.one("telltale_kafka_brokers_up"), 1, f"{name}: brokers up")
            check_end(world.checks, name, *service.end())
    return {name: codec for name, (_, codec) in ways.items()}


def check_records(world, name, records):
    """Keys, headers, order by device, and that nothing is missing or changed."""
    delivered, kinds = Delivered(), collections.Counter()
    for record in records:
        delivered.add(record)
        event = json.loads(record["value"])
        kinds[record["topic"].split(".")[1]] += 1
        health = record["topic"].endswith(".health.v1")
        world.checks.equal(record["key"], name if health else at(event, "host.id") or name, f"{name}: key of {event}")
        expected = {"content-type": "application/json", "schema": event["telltale"]["schema"],
                    "ecs.version": event["ecs"]["version"], "event.dataset": event["event"]["dataset"], "sensor.id": name}
        world.checks.equal(record["headers"], expected, f"{name}: headers")
    world.checks.equal(delivered.faults(), [], f"{name}: what the reader found")
    world.checks.equal(delivered.figures()["repeats"], 0, f"{name}: repeats, though nothing failed")
    for topic in ("device", "destination", "transfer", "health"):
        world.checks.that(kinds[topic] > 0, f"{name}: no {topic} events: {kinds}")


def check_compression(world, codecs):
    logs = {name: glob.glob(f"{world.broker.folder}/node-1/data/{name}.transfer.v1-*/*.log") for name in codecs}
    text = world.broker.tool("kafka.tools.DumpLogSegments", "--files", ",".join(sum(logs.values(), [])))
    found = collections.defaultdict(set)
    for part in text.split("Dumping ")[1:]:
        name = re.search(r"([\w-]+)\.transfer\.v1-\d+/", part.splitlines()[0]).group(1)
        found[name].update(re.findall(r"compresscodec: (\w+)", part))
    world.checks.equal(dict(found), {name: {codec} for name, codec in codecs.items()}, "compression")


def check_troubles(world):
    """Each cause gives its line and its metric; `telltale kafka topics` says the same."""
    other_name = world.broker.address(offset=SASL_TLS).replace("127.0.0.1", "127.1")  # the same address, not in the certificate
    cases = {
        "authentication": (world.config("e1", SASL, *world.sasl("PLAIN", "bad")), "kafka.sasl.password_file"),
        "certificate_untrusted": (world.config("e2", SASL_TLS, *world.sasl("PLAIN"), *world.tls("other-ca.pem")),
                                  "set kafka.ssl.ca.location"),
        "host_name": (world.config("e3", SASL_TLS, *world.sasl("PLAIN"), *world.tls(), address=other_name),
                      "advertised.listeners"),
        "client_certificate": (world.config("e4", TLS, *world.tls()), "kafka.ssl.certificate.location"),
        "security_protocol": (world.config("e5", PLAINTEXT, address=world.broker.address(offset=TLS)),
                              "check kafka.security.protocol"),
        "brokers_away": (world.config("e6", PLAINTEXT, address="127.0.0.1:1"), "kafka.brokers"),
    }
    for cause, (path, advice) in cases.items():
        with running(world.programs, path) as service:
            world.checks.that(service.wait_for(advice, 15), f"{cause}: {service.err}")
            lines = [line for line in service.err.splitlines() if " kafka: " in line]
            world.checks.equal(len(lines), 1, f"{cause}: one line, though five topics meet it: {lines}")
            counted = service.metrics().one("telltale_kafka_errors_total", cause=cause)
            world.checks.that(counted and counted > 0, f"{cause}: {counted}")
        if cause in ("authentication", "host_name", "security_protocol"):
            done = world.topics(path)
            world.checks.equal((done.status, advice in done.err), (1, True), f"{cause}: {done.err}")
    wrong = world.config("clear", PLAINTEXT, *world.tls())
    for command in (("check",), ("run",), ("kafka", "topics")):
        done = world.programs.run(*command, "-c", wrong)
        world.checks.equal((done.status, re.sub(r".*clear.yaml:(\d+): ", r"\1 ", done.err)[:40]),
                           (2, f"{line_of(wrong, 'ssl.ca.location')} 'kafka.ssl.ca.location': needs kafka."[:40]),
                           f"{command}: {done.err}")


@contextlib.contextmanager
def expired_server(world):
    """The address of a TLS server whose certificate has expired: no more of a broker is needed to see that."""
    path = lambda name: os.path.join(world.folder, name)
    write_file(path("old.ext"), b"subjectAltName=IP:127.0.0.1\n")
    for command in (("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=old", "-keyout", path("old.key"), "-out",
                     path("old.csr")),
                    ("x509", "-req", "-in", path("old.csr"), "-CA", world.broker.path("ca.pem"), "-CAkey",
                     world.broker.path("ca.key"), "-CAcreateserial", "-days", "0", "-extfile", path("old.ext"), "-out",
                     path("old.pem"))):
        subprocess.run(["openssl", *command], check=True, capture_output=True, timeout=60)
    time.sleep(1.1)  # it was valid for this second
    address = f"127.0.0.1:{free_ports()}"
    server = subprocess.Popen(["openssl", "s_server", "-accept", address, "-cert", path("old.pem"), "-key", path("old.key"),
                               "-quiet"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield address
    finally:
        server.kill()
        server.wait()


def check_an_expired_certificate(world):
    with expired_server(world) as address:
        done = world.topics(world.config("old", TLS, *world.tls(client=True), address=address))
    world.checks.equal((done.status, "the broker's certificate is not valid now" in done.err), (1, True), done.err)


def check_a_topic_that_comes_later(world):
    """Events of a missing topic wait; made, deleted and made again under way, it gets them in order."""
    path = world.config("later", PLAINTEXT)
    world.broker.topics(*[topic for topic in topics_of("later") if "transfer" not in topic])
    with running(world.programs, path) as service:
        world.checks.that(service.wait_for("later.transfer.v1: the topic does not exist: run telltale kafka topics", 15),
                          service.err)
        metrics = service.until(lambda m: m.one("telltale_kafka_delivered_total", topic="later.device.v1"))
        world.checks.equal(metrics.one("telltale_kafka_delivered_total", topic="later.transfer.v1"), 0, "transfers wait")
        world.checks.equal(world.topics(path, "--create").status, 0, "the topic is made")
        world.checks.that(service.wait_for("later.transfer.v1: delivering again", 30), service.err)
        check_identities(world.checks, "later", service.until(lambda m: all_delivered(m, world.truth)))
        check_end(world.checks, "later", *service.end())


def check_what_is_too_large(world):
    path = world.config("large", PLAINTEXT, more=f"store: {{path: {world.folder}/large.db}}\n")
    world.checks.equal(world.topics(path, "--create").status, 0, "topics of large")
    world.broker.tool("kafka.admin.ConfigCommand", "--bootstrap-server", world.broker.address(), "--alter", "--entity-type",
                      "topics", "--entity-name", "large.transfer.v1", "--add-config", "max.message.bytes=300")
    with running(world.programs, path) as service:
        world.checks.that(service.wait_for("large.transfer.v1: an event is too large: raise max.message.bytes", 15),
                          service.err)
        metrics = service.until(lambda m: (m.one("telltale_kafka_dead_total", topic="large.transfer.v1") or 0) >= 5)
        world.checks.equal(metrics.sum("telltale_kafka_dead_total"),
                           metrics.one("telltale_kafka_dead_total", topic="large.transfer.v1"), "only transfers die")
        told = service.until(lambda m: m.one("telltale_events_stored_total", kind="health") >= 4)
        done, _ = service.end()
        world.checks.equal(done.status, 1, f"refused events make the status: {done.err[-500:]}")
        refused = re.search(r"(\d+) events were refused for good; telltale events dead shows them", done.err)
        world.checks.that(refused and f" {refused.group(1)} refused, " in done.err, done.err[-500:])
    dead = world.programs.run("events", "dead", "--store", f"{world.folder}/large.db", "--format", "json")
    world.checks.equal(len(dead.out.splitlines()), int(refused.group(1)), f"listed, as told ({told is not None})")


def check_quota(world):
    """A quota slows the sensor down, which is reported."""
    world.broker.tool("kafka.admin.ConfigCommand", "--bootstrap-server", world.broker.address(), "--alter", "--entity-type",
                      "clients", "--entity-name", "slow", "--add-config", "producer_byte_rate=500")
    path = world.config("plain", PLAINTEXT, properties={"client.id": "slow"})
    with running(world.programs, path) as service:
        world.checks.that(service.wait_for("a quota of the brokers slows the sensor down: raise the quota", 15), service.err)
        world.checks.that(service.metrics().one("telltale_kafka_errors_total", cause="throttled") > 0, "throttled")


@contextlib.contextmanager
def running(programs, path):
    service = Service(programs, path)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.end(signal.SIGKILL)


def line_of(path, text):
    with open(path, encoding="utf-8") as file:
        return 1 + next(number for number, line in enumerate(file) if text in line)


def main():
    programs, checks = start(__doc__), Checks()
    if why := missing():
        skip(why)
    with scratch() as folder, Broker(os.path.join(folder, "kafka"), extra=EXTRA) as broker:
        world = World(programs, checks, broker, folder)
        check_topics(world)
        codecs = check_ways(world)
        check_compression(world, codecs)
        check_a_topic_that_comes_later(world)
        check_what_is_too_large(world)
        records = collections.defaultdict(list)
        for record in broker.records():
            records[record["topic"].split(".")[0]].append(record)
        for name in (*codecs, "later"):
            check_records(world, name, records[name])
        health = [json.loads(record["value"])["telltale"]["health"] for record in records["large"] if "health" in record["topic"]]
        checks.equal([one["refused.transfer.0.first"] for one in health if "refused.transfer.0.first" in one][:1], [1],
                     "refused events are told as ranges")
        check_troubles(world)
        check_an_expired_certificate(world)
        check_quota(world)
    checks.finish()


if __name__ == "__main__":
    main()
