# SPDX-License-Identifier: Apache-2.0
"""The parts that faults happen to: a sender, a sensor with an outbox, and a real Kafka, each in a network namespace.

    sender --veth--> sensor 10.213.0.2 --veth--> 10.213.0.1 broker

Needs root. main() of a test runs itself again in a mount namespace of its own, where disk() may mount.
"""
import contextlib
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "system"), os.path.join(HERE, "..", "broker")]
import broker as kafka  # noqa: E402
from delivered import Delivered  # noqa: E402
from live import INTERFACE, run_ip, veth_pair  # noqa: E402
from sensor_runs import skip, write_file  # noqa: E402
from service_runs import Metrics, fetch_in  # noqa: E402

BROKER_ADDRESS, SENSOR_ADDRESS = "10.213.0.1", "10.213.0.2"
METRICS_PORT = 9464
DISK_SIZE = "512m"
ANSWERS_WITHIN_S = 60
DRAINS_WITHIN_S = 600
ENDS_WITHIN_S = 5

CONFIG = """sensor_id: s1
taps: [{{name: hall, ports: [{interface}]}}]
metrics: {{port: {port}}}
store: {{path: {folder}/outbox.db{store}}}
kafka: {{brokers: ['{broker}']}}
tracking: {{interval: 1s}}
service: {{health_interval: 1s}}
"""


def in_own_mount_namespace():
    """Runs this program again in a mount namespace of its own, so that nothing it mounts is left behind."""
    if os.environ.get("TELLTALE_OWN_MOUNTS") != str(os.getpid()):
        os.environ["TELLTALE_OWN_MOUNTS"] = str(os.getpid())  # exec keeps the process's id
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])


@contextlib.contextmanager
def namespaces():
    """Names of the namespaces of sender, sensor and broker, connected."""
    with veth_pair() as (sending, receiving):
        name = f"telltale-{os.getpid()}-broker"
        if run_ip("netns", "add", name).returncode:
            skip("a network namespace cannot be made here")
        try:
            run_ip("-n", receiving, "link", "add", "ks", "type", "veth", "peer", "name", "kb", "netns", name)
            for namespace, interface, address in ((receiving, "ks", SENSOR_ADDRESS), (name, "kb", BROKER_ADDRESS)):
                run_ip("-n", namespace, "link", "set", "lo", "up")
                run_ip("-n", namespace, "address", "add", f"{address}/30", "dev", interface)
                run_ip("-n", namespace, "link", "set", interface, "up")
            yield sending, receiving, name
        finally:
            run_ip("netns", "del", name)


class Sensor:
    """`telltale run` in a namespace; its log goes to a file, so that it never waits for a reader."""

    def __init__(self, programs, folder, namespace, store="", environment=None):
        self.namespace, self.log_path, self.starts = namespace, os.path.join(folder, "sensor.log"), 0
        self.disk = os.path.join(folder, "disk")
        os.makedirs(self.disk, exist_ok=True)
        config = CONFIG.format(interface=INTERFACE, port=METRICS_PORT, folder=self.disk,
                               broker=f"{BROKER_ADDRESS}:19092", store=store)
        path = write_file(os.path.join(folder, "telltale.yaml"), config.encode())
        self.command = ["ip", "netns", "exec", namespace, programs.telltale, "run", "-c", path]
        self.environment = {**os.environ, **(environment or {})}
        self.process = None

    def start(self):
        self.starts += 1
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment)

    def metrics(self):
        """A scrape; an empty one while nobody answers."""
        return Metrics(fetch_in(self.namespace, METRICS_PORT, "/metrics")[1])

    def until(self, holds, seconds=ANSWERS_WITHIN_S):
        """The first scrape for which it holds; an error with the log's end when that takes too long."""
        latest = time.monotonic() + seconds
        while time.monotonic() < latest:
            if self.process.poll() is not None:
                raise RuntimeError(f"the sensor ended with {self.process.returncode}: {self.log()[-2000:]}")
            metrics = self.metrics()
            if metrics.families and holds(metrics):
                return metrics
            time.sleep(0.2)
        raise RuntimeError(f"not within {seconds} s: {self.log()[-2000:]}")

    def until_it_answers(self):
        return self.until(lambda metrics: True)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """The status of its end on SIGTERM, and the seconds that it took."""
        started = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
        return self.process.returncode, time.monotonic() - started

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()


class Rig:
    """All of them, running. A context manager; one thread."""

    def __init__(self, programs, checks, folder, traffic=None, store="", lasting_s=0, environment=None):
        """traffic: arguments of telltale-send, which runs from the beginning; store: more of that section of the sensor's configuration; lasting_s: how
        long a fault lasts that has no end of its own (0: random)."""
        self.programs, self.checks, self.folder = programs, checks, folder
        self.traffic, self.store, self.lasting_s, self.environment = traffic, store, lasting_s, environment
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self.sending, self.receiving, self.behind = self.stack.enter_context(namespaces())
            self.broker = kafka.Broker(os.path.join(self.folder, "kafka"), namespace=self.behind, host=BROKER_ADDRESS)
            self.stack.enter_context(self.broker)
            self.broker.topics()
            self.sensor = Sensor(self.programs, self.folder, self.receiving, self.store, self.environment)
            self.stack.callback(self.end_sensor)
            if self.traffic:
                self.send(self.traffic)
            self.sensor.start()
            self.sensor.until_it_answers()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def send(self, traffic):
        """Starts the sender."""
        self.sender = subprocess.Popen(["ip", "netns", "exec", self.sending, self.programs.sender, "--interface", "vs",
                                        *map(str, traffic)], stdout=subprocess.PIPE, text=True)
        self.stack.callback(self.end_sender)

    def end_sensor(self):
        if self.sensor.process and self.sensor.process.poll() is None:
            self.sensor.kill()

    def end_sender(self):
        if self.sender.poll() is None:
            self.sender.send_signal(signal.SIGTERM)
        self.sender.wait()

    def mount_disk(self):
        """The outbox is on a small disk of its own; before the rig starts."""
        disk = os.path.join(self.folder, "disk")
        os.makedirs(disk, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "none", disk], check=True)
        self.stack.callback(subprocess.run, ["umount", "--lazy", disk], check=False)

    def finish(self):
        """Ends the load, waits until all is delivered, ends the sensor; then a short boot states how the last one ended.
        Returns the checked delivery."""
        self.end_sender()
        self.sensor.until(lambda m: m.one("telltale_outbox_events") == 0, DRAINS_WITHIN_S)
        for text in ("the end", "the end of the closing boot"):
            status, seconds = self.sensor.stop()
            self.checks.equal(status, 0, f"{text}: {self.sensor.log()[-500:]}")
            self.checks.that(seconds < ENDS_WITHIN_S, f"{text} took {seconds:.1f} s")
            if text == "the end":
                self.sensor.start()
                self.sensor.until(lambda m: (m.one("telltale_kafka_delivered_total", topic="telltale.health.v1") or 0) > 1)
        delivered = Delivered()
        for record in self.broker.records(*kafka.TOPICS):
            delivered.add(record)
        for fault in delivered.faults():
            self.checks.that(False, fault)
        return delivered
