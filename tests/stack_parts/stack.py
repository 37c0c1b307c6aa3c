#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Kafka broker, Prometheus and a sensor on loopback, with the traffic of a made-up office, a 2014 phone's first boot among
it.

usage: tests/stack up | down | status

Everything is in build/stack. Environment: TELLTALE_STACK_DIR, another folder; TELLTALE_STACK_PORT, the first of twelve ports
(default 19092: Kafka; 19102: the sensor's metrics; 19103: Prometheus); TELLTALE_STACK_RATE, packets per second (2000).
"""
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from processes import Processes
from words import ACCOUNT_IN_CLEAR, where_to_look

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", "system"), os.path.join(ROOT, "tests", "broker")]
from prometheus_runs import ask, numbers, prometheus_command  # noqa: E402

BUILD = os.environ.get("TELLTALE_BUILD") or os.path.join(ROOT, "build", "release")
TELLTALE = os.path.join(BUILD, "sensor", "app", "telltale")
GENERATE = os.path.join(BUILD, "tests", "support", "telltale-generate")
SEND = os.path.join(BUILD, "tests", "support", "telltale-send")
KAFKA = os.path.join(ROOT, "tests", "broker", "kafka")
SCENARIO = ("--scenario", "office-day", "--seed", "7")
ANSWERS_WITHIN_S = 60
PHONE_WITHIN_S = 120

CONFIG = """sensor_id: office
taps:
  - name: office
    ports: ['{port}']
store: {{path: {folder}/outbox.db}}
kafka: {{brokers: ['127.0.0.1:{kafka}']}}
metrics: {{port: {metrics}}}
tracking: {{interval: 10s}}
service: {{health_interval: 10s}}
"""


class Stack:
    def __init__(self):
        self.folder = os.path.abspath(os.environ.get("TELLTALE_STACK_DIR") or os.path.join(ROOT, "build", "stack"))
        self.kafka = int(os.environ.get("TELLTALE_STACK_PORT") or 19092)
        self.metrics, self.prometheus = self.kafka + 10, self.kafka + 11
        self.rate = os.environ.get("TELLTALE_STACK_RATE") or "2000"
        # Two stacks may run beside each other.
        self.namespace = f"telltale-stack-{self.kafka}"
        self.interface, self.other_end = f"tt{self.kafka}", f"ts{self.kafka}"
        os.makedirs(self.folder, exist_ok=True)
        self.processes = Processes(os.path.join(self.folder, "processes.json"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def broker(self, command, **options):
        environment = {**os.environ, "KAFKA_DIR": self.path("kafka"), "KAFKA_PORT": str(self.kafka)}
        return subprocess.run([KAFKA, command], env=environment, check=False, **options)

    def check_ports(self):
        for what, port in (("Kafka", self.kafka), ("the metrics", self.metrics), ("Prometheus", self.prometheus)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    sys.exit(f"error: port {port}, for {what}, is taken: set TELLTALE_STACK_PORT to the first of twelve others")

    def make_interfaces(self):
        """A veth pair whose other end is in a namespace of its own; returns whether that can be had here."""
        commands = (("netns", "add", self.namespace),
                    ("link", "add", "name", self.interface, "type", "veth", "peer", "name", self.other_end, "netns", self.namespace),
                    ("-n", self.namespace, "link", "set", self.other_end, "arp", "off", "up"),
                    ("link", "set", self.interface, "arp", "off", "addrgenmode", "none", "up"))
        if os.geteuid() != 0 or not shutil.which("ip"):
            return False
        for command in commands:
            done = subprocess.run(["ip", *command], capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"ip {' '.join(command)}: {done.stderr.strip()}", file=sys.stderr)
                self.remove_interfaces()
                return False
        return True

    def remove_interfaces(self):
        if os.geteuid() == 0 and shutil.which("ip"):
            subprocess.run(["ip", "netns", "del", self.namespace], capture_output=True, check=False)
            subprocess.run(["ip", "link", "del", self.interface], capture_output=True, check=False)

    def start_traffic(self):
        """Returns the sensor's port; the sender is started when the sensor listens."""
        if self.make_interfaces():
            return self.interface, True
        print("Without root and network namespaces the day is played once, from a file, and rates soon fall to zero")
        capture = self.path("office-day.pcap")
        subprocess.run([GENERATE, *SCENARIO, "--output", capture], check=True)
        return f"net_pcap0,rx_pcap={capture}", False

    def wait_for(self, what, url):
        latest = time.monotonic() + ANSWERS_WITHIN_S
        while time.monotonic() < latest:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except (OSError, urllib.error.HTTPError):
                if what not in self.processes.running():
                    break
                time.sleep(0.2)
        with open(self.path(what + ".log"), encoding="utf-8", errors="replace") as log:
            sys.exit(f"error: {what} does not answer at {url}; the end of {self.path(what + '.log')}:\n{log.read()[-1000:]}")

    def wait_for_a_scrape(self):
        """Only beside earlier figures is a new alert seen to be new."""
        latest = time.monotonic() + ANSWERS_WITHIN_S
        while not numbers(ask(f"127.0.0.1:{self.prometheus}", [["query", {"query": "telltale_alerts_total"}]])[0]):
            if time.monotonic() > latest:
                sys.exit(f"error: Prometheus does not read the sensor's metrics; the log is {self.path('prometheus.log')}")
            time.sleep(0.2)

    def phone_was_seen(self):
        done = subprocess.run([TELLTALE, "events", "--store", self.path("outbox.db"), "--dataset", "alert", "--severity", "3", "--format",
                               "json"],
                              capture_output=True, text=True, check=False)
        return ACCOUNT_IN_CLEAR in done.stdout

    def up(self):
        if self.processes.running():
            sys.exit("It runs already: tests/stack status, tests/stack down")
        self.check_ports()
        print("Starting Kafka (the first time its jars are fetched)", flush=True)
        for command in ("start", "topics"):
            if self.broker(command, stdout=subprocess.DEVNULL).returncode:
                sys.exit("error: Kafka could not be started")
        print("Starting the sensor, its traffic, and Prometheus", flush=True)
        port, sent = self.start_traffic()
        with open(self.path("telltale.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(port=port, folder=self.folder, kafka=self.kafka, metrics=self.metrics))
        self.processes.start("sensor", [TELLTALE, "run", "-c", self.path("telltale.yaml")], self.path("sensor.log"))
        self.wait_for("sensor", f"http://127.0.0.1:{self.metrics}/-/healthy")
        command = prometheus_command(self.folder, f"127.0.0.1:{self.metrics}", f"127.0.0.1:{self.prometheus}")
        self.processes.start("prometheus", command, self.path("prometheus.log"))
        self.wait_for("prometheus", f"http://127.0.0.1:{self.prometheus}/-/ready")
        self.wait_for_a_scrape()
        if sent:
            self.processes.start("sender", ["ip", "netns", "exec", self.namespace, SEND, "--interface", self.other_end,
                                            *SCENARIO, "--rate", self.rate], self.path("sender.log"))
        print("Waiting for the phone to be switched on", flush=True)
        latest = time.monotonic() + PHONE_WITHIN_S
        while not self.phone_was_seen():
            if time.monotonic() > latest:
                sys.exit(f"error: the phone was not seen; the logs are in {self.folder}")
            time.sleep(0.5)
        print(where_to_look(os.path.relpath(TELLTALE), os.path.relpath(self.folder), self.kafka, self.metrics, self.prometheus))

    def down(self):
        for name in ("sender", "sensor", "prometheus"):
            self.processes.end(name)
        self.broker("stop")
        self.remove_interfaces()
        print(f"Ended. {self.folder} keeps the events, the metrics and the logs; the next start goes on with them")

    def status(self):
        running = self.processes.running()
        for name in ("sensor", "sender", "prometheus"):
            print(f"{name:11}{'runs' if name in running else 'does not run'}")


def main():
    commands = {"up": Stack.up, "down": Stack.down, "status": Stack.status}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](Stack())


if __name__ == "__main__":
    main()
