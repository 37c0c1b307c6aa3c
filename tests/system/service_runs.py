# SPDX-License-Identifier: Apache-2.0
"""A running `telltale run`: its start, its metrics, its end."""
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from sensor_runs import SANITIZED, Done

STARTS_WITHIN_S = 120  # with signatures that are compiled anew, under a sanitizer
ENDS_WITHIN_S = 20 if SANITIZED else 5
SAMPLE = re.compile(r'^(telltale_\w+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Metrics:
    """One scrape: {name: {(label values in order of their names): value}}."""

    def __init__(self, text):
        self.text, self.families = text, {}
        for line in text.splitlines():
            found = SAMPLE.match(line)
            if found:
                labels = tuple(sorted(LABEL.findall(found.group(2) or "")))
                self.families.setdefault(found.group(1), {})[labels] = float(found.group(3))

    def one(self, name, **labels):
        return self.families.get(name, {}).get(tuple(sorted(labels.items())))

    def sum(self, name, **labels):
        return sum(value for found, value in self.families.get(name, {}).items()
                   if set(labels.items()) <= set(found))


class Service:
    """`telltale run` on a configuration of which the metrics' port is 0."""

    def __init__(self, programs, config, prefix=(), **environment):
        self.command = [*prefix, programs.telltale, "run", "-c", config]
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={**os.environ, **environment})
        self.err, self.port = "", None
        os.set_blocking(self.process.stderr.fileno(), False)
        self.wait_for("metrics on port ", STARTS_WITHIN_S)
        found = re.search(r"metrics on port (\d+)", self.err)
        if not found:
            self.process.kill()
            raise RuntimeError(f"it did not start: {self.err}")
        self.port = int(found.group(1))

    def read_log(self):
        while select.select([self.process.stderr], [], [], 0)[0]:
            part = os.read(self.process.stderr.fileno(), 65536)
            if not part:
                return False
            self.err += part.decode("utf-8", "replace")
        return True

    def wait_for(self, text, seconds=20):
        """Whether the log says so in time."""
        latest = time.monotonic() + seconds
        while time.monotonic() < latest:
            alive = self.read_log()
            if text in self.err:
                return True
            if not alive:
                return False
            time.sleep(0.05)
        return False

    def get(self, path, post=False, headers=()):
        """(status, text) of an address."""
        return fetch(f"http://127.0.0.1:{self.port}{path}", post, headers)

    def metrics(self):
        return Metrics(self.get("/metrics")[1])

    def until(self, holds, seconds=40):
        """The first scrape for which it holds, or the last one."""
        latest = time.monotonic() + seconds
        while True:
            metrics = self.metrics()
            if holds(metrics) or time.monotonic() > latest:
                return metrics
            time.sleep(0.2)

    def end(self, signal_number=signal.SIGTERM):
        """Its end as a Done, and the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal_number)
        return self.wait_end(started)

    def wait_end(self, started):
        os.set_blocking(self.process.stderr.fileno(), True)
        try:
            out, err = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        seconds = time.monotonic() - started
        return Done(self.process.returncode, out, self.err + err.decode("utf-8", "replace"), self.command), seconds


def check_identities(checks, name, metrics):
    """Checks that the counters balance, at any moment."""
    for labels, received in metrics.families.get("telltale_port_packets_total", {}).items():
        port = dict(labels)["port"]
        parts = (metrics.one("telltale_packets_analysed_total", port=port) +
                 metrics.sum("telltale_packets_dropped_total", port=port) +
                 metrics.one("telltale_packets_in_flight", port=port))
        checks.equal(parts, received, f"{name}: {port}: analysed + dropped + in flight = received")
    for labels, published in metrics.families.get("telltale_records_published_total", {}).items():
        worker = dict(labels)["worker"]
        parts = sum(metrics.one(what, worker=worker) for what in
                    ("telltale_records_consumed_total", "telltale_records_dropped_total", "telltale_records_waiting"))
        checks.equal(parts, published, f"{name}: worker {worker}: records consumed + dropped + waiting = published")
    for labels, created in metrics.families.get("telltale_events_created_total", {}).items():
        kind = dict(labels)["kind"]
        get = lambda what: metrics.one(f"telltale_events_{what}", kind=kind)
        checks.equal(get("stored_total") + get("dropped_total"), created, f"{name}: {kind}: stored + dropped = created")
        checks.equal(get("acknowledged_total") + get("waiting") + get("dead_total") + get("evicted_total"),
                     get("stored_total"), f"{name}: {kind}: acknowledged + waiting + dead + evicted = stored")
    for labels, taken in metrics.families.get("telltale_kafka_taken_total", {}).items():
        topic = dict(labels)["topic"]
        get = lambda what: metrics.one(f"telltale_kafka_{what}", topic=topic)
        checks.equal(get("delivered_total") + get("dead_total") + get("waiting"), taken, f"{name}: {topic}")


def fetch(url, post=False, headers=()):
    """(status, text) of an address."""
    try:
        request = urllib.request.Request(url, data=b"" if post else None, headers=dict(headers))
        with urllib.request.urlopen(request, timeout=40) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def fetch_in(namespace, port, path):
    """The same in a network namespace, of its loopback; (0, "") while nobody listens there."""
    done = subprocess.run(["ip", "netns", "exec", namespace, sys.executable, os.path.abspath(__file__), str(port), path],
                          check=False, capture_output=True, text=True, timeout=120)
    status, _, text = done.stdout.partition("\n")
    return int(status or 0), text


if __name__ == "__main__":
    # For tests whose sensor listens in a network namespace of its own: PORT PATH; prints the status, then the text.
    print(*fetch(f"http://127.0.0.1:{sys.argv[1]}{sys.argv[2]}"), sep="\n")
