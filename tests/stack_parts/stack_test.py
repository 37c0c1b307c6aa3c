#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tests/stack up` and `down`: what the printed text promises is there. The 2014 phone's alert is found in Kafka, by
`telltale events`, in the metrics, and by a dashboard's query; afterwards nothing is left running.

Needs prometheus and java, and mvn for the first time, else it is skipped. As root the traffic is sent, else played.
"""
import json
import os
import shutil
import subprocess
import sys
import time

from stack import Stack
from words import ACCOUNT_IN_CLEAR, ALERTS, panel_query

import broker as kafka
from prometheus_runs import ask
from sensor_runs import Checks, Programs, scratch, skip
from service_runs import Metrics, fetch

HERE = os.path.dirname(os.path.abspath(__file__))
PORTS = 12
PHONE = "android-7c9b2a4416d0e35f"


def run_stack(checks, command):
    done = subprocess.run([sys.executable, os.path.join(HERE, "stack.py"), command], capture_output=True, text=True,
                          timeout=240, check=False)
    checks.equal(done.returncode, 0, f"stack {command}: {done.stdout[-500:]} {done.stderr[-500:]}")
    return done.stdout


def opened(address):
    """Alerts that the dashboard's query shows, by policy."""
    answer, = ask(address, [["query", {"query": panel_query("1m")}]])
    return {} if isinstance(answer, str) else {each["metric"]["policy"]: float(each["value"][1]) for each in answer["result"]}


def check_phone(checks, stack, programs):
    broker = kafka.Broker(stack.path("kafka"), port=stack.kafka)
    messages = [json.loads(record["value"])["message"] for record in broker.records(ALERTS)]
    checks.that(any(PHONE in message and "api.account.xiaomi.com" in message for message in messages), f"Kafka: {messages}")
    events = programs.run("events", "--store", stack.path("outbox.db"), "--dataset", "alert", "--severity", "3")
    checks.that(events.status == 0 and PHONE.encode() in events.out, f"telltale events: {events.out[:300]} {events.err}")
    by_address = programs.run("events", "--store", stack.path("outbox.db"), "--device", "192.168.7.29", "--dataset", "alert")
    checks.that(PHONE.encode() in by_address.out, f"telltale events --device: {by_address.out[:300]} {by_address.err}")
    metrics = Metrics(fetch(f"http://127.0.0.1:{stack.metrics}/metrics")[1])
    checks.that(metrics.sum("telltale_alerts_total", policy=ACCOUNT_IN_CLEAR) >= 1, "the metrics")
    latest = time.monotonic() + 20
    while not opened(f"127.0.0.1:{stack.prometheus}").get(ACCOUNT_IN_CLEAR) and time.monotonic() < latest:
        time.sleep(0.5)
    shown = opened(f"127.0.0.1:{stack.prometheus}")
    checks.that(shown.get(ACCOUNT_IN_CLEAR, 0) > 0, f"the dashboard's query: {shown}")


def check_words(checks, stack, said):
    for word in (f"127.0.0.1:{stack.kafka}", ALERTS, f":{stack.metrics}/metrics", f":{stack.prometheus}/graph", "stack down",
                 "telltale events", "Grafana"):
        checks.that(word in said, f"not said: {word}")


def main():
    checks = Checks()
    if not shutil.which("prometheus"):
        skip("prometheus is missing")
    if why := kafka.missing():
        skip(why)
    with scratch() as folder:
        os.environ["TELLTALE_STACK_DIR"] = folder
        os.environ["TELLTALE_STACK_PORT"] = str(kafka.free_ports(count=PORTS))
        os.environ["TELLTALE_STACK_RATE"] = "4000"
        stack = Stack()
        try:
            check_words(checks, stack, run_stack(checks, "up"))
            again = subprocess.run([sys.executable, os.path.join(HERE, "stack.py"), "up"], capture_output=True, text=True,
                                   timeout=60, check=False)
            checks.equal((again.returncode, "runs already" in again.stderr), (1, True), f"up twice: {again.stderr}")
            check_phone(checks, stack, Programs(os.path.join(os.environ["TELLTALE_BUILD"], "sensor", "app", "telltale"), ""))
        finally:
            pids = [pid for pid, _ in Stack().processes.known.values()]
            run_stack(checks, "down")
        checks.equal([pid for pid in pids if os.path.exists(f"/proc/{pid}")], [], "processes that are left")
        checks.that(len(pids) >= 2, f"processes that ran: {pids}")
        checks.that(f"tt{stack.kafka}" not in os.listdir("/sys/class/net"), "the interface is left")
    checks.finish()


if __name__ == "__main__":
    main()
