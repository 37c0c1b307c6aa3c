#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Debian's Prometheus scrapes `telltale run` while generated traffic comes through a veth pair, with the rules of
exporters/prometheus/rules: every query of every dashboard returns data, and so does every selector of every rule; no
rule fails; no alert fires but that of the tap that is left blind.

Needs root, network namespaces and prometheus, else it is skipped. Everything is on loopback in a namespace of its own.
TELLTALE_MONITORING_SECONDS makes it longer; with TELLTALE_MONITORING_RECORD the panels' data goes to that file, for
exporters/grafana/draw.py.
"""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time

from live import INTERFACE, in_namespace, run_ip, veth_pair
from prometheus_runs import RULES, ask, boards, numbers, prometheus_command
from run import check_end
from run_taps import ServiceInNamespace, send_slowly
from sensor_runs import PROJECT, Checks, scratch, skip, start, write_file

sys.path[:0] = [os.path.join(PROJECT, "tests", "dashboards"), os.path.join(PROJECT, "exporters", "grafana"),
                os.path.join(PROJECT, "tests", "rules")]
import lint  # noqa: E402
from queries import filled_in, selectors  # noqa: E402
from rules import rules as all_rules  # noqa: E402

SECONDS = float(os.environ.get("TELLTALE_MONITORING_SECONDS", 15))
PROMETHEUS = "127.0.0.1:9090"  # of the namespace
RANGE_STEPS = 60

SENSOR_CONFIG = """taps:
  - {{name: hall, ports: [{interface}]}}
  - {{name: attic, ports: [net_ring0], blind_after: 1s}}
metrics: {{port: 9464}}
events: {folder}/events.jsonl
kafka: {{brokers: ['127.0.0.1:1'], properties: {{test.mock.num.brokers: '1'}}}}
tracking: {{interval: 1s, tcp_idle: 5s, tcp_over_idle: 1s, udp_idle: 2s, other_idle: 2s}}
service: {{health_interval: 1s}}
"""

@contextlib.contextmanager
def prometheus(folder, namespace):
    command = ["ip", "netns", "exec", namespace, *prometheus_command(folder, "127.0.0.1:9464", PROMETHEUS)]
    with open(os.path.join(folder, "prometheus.log"), "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def ask_in(namespace, requests):
    done = subprocess.run(["ip", "netns", "exec", namespace, sys.executable, os.path.abspath(__file__), "--ask"],
                          input=json.dumps(requests), capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


def send(namespace, captures, seconds):
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        for capture in captures:
            send_slowly(namespace, capture).communicate()
            time.sleep(1)


def wait_for_scrapes(namespace):
    latest = time.monotonic() + 60
    while not numbers(ask_in(namespace, [["query", {"query": "telltale_build_info"}]])[0]):
        if time.monotonic() > latest:
            raise RuntimeError("Prometheus does not scrape the sensor")
        time.sleep(0.5)


def check_panels(checks, namespace):
    asked = [(board["title"], panel["title"], target["expr"]) for board in boards()
             for panel, target in lint.targets(board)]
    answers = ask_in(namespace, [["query", {"query": filled_in(query)}] for _, _, query in asked])
    for (board, panel, query), answer in zip(asked, answers):
        checks.that(numbers(answer), f"{board}: {panel}: no data: {query}: {str(answer)[:200]}")
    print(f"{len(asked)} queries of {len(list(boards()))} dashboards")


def check_rules(checks, namespace):
    asked = sorted({selector for rule in all_rules(RULES) for selector in selectors(rule["expr"])})
    answers = ask_in(namespace, [["query", {"query": query}] for query in asked])
    for query, answer in zip(asked, answers):
        checks.that(numbers(answer), f"no data for the selector of a rule: {query}: {str(answer)[:200]}")
    groups, alerts = ask_in(namespace, [["rules", {}], ["alerts", {}]])
    for rule in [rule for group in groups["groups"] for rule in group["rules"]]:
        checks.equal((rule["health"], rule.get("lastError", "")), ("ok", ""), f"rule {rule['name']}")
    found = {(alert["labels"]["alertname"], alert["labels"].get("port")) for alert in alerts["alerts"]}
    checks.equal(found, {("TelltaleTapBlind", "attic:0")}, "alerts that are pending or fire")
    print(f"{len(asked)} selectors of {len(all_rules(RULES))} rules")


def record(namespace, path, started):
    """Data of every panel over the whole run."""
    now = time.time()
    span = {"start": started, "end": now, "step": max(1, (now - started) / RANGE_STEPS)}
    recorded = {}
    for board in boards():
        pairs = lint.targets(board)
        answers = ask_in(namespace, [["query_range", {"query": filled_in(target["expr"], "20s"), **span}]
                                     for _, target in pairs])
        recorded[board["uid"]] = [{"panel": panel["id"], "legend": target["legendFormat"], "result": answer["result"]}
                                  for (panel, target), answer in zip(pairs, answers)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(recorded, file)


def main():
    programs, checks = start(__doc__), Checks()
    if os.geteuid() != 0:
        skip("this test needs root")
    for tool in ("ip", "prometheus"):
        if not shutil.which(tool):
            skip(f"this test needs {tool}")
    with scratch() as folder, veth_pair() as (sending, receiving):
        run_ip("-n", receiving, "link", "set", "lo", "up")
        config = write_file(os.path.join(folder, "telltale.yaml"),
                            SENSOR_CONFIG.format(interface=INTERFACE, folder=folder).encode())
        captures = [programs.generate(folder, "office-day", seed=seed, packets=10_000)[0] for seed in (1, 2)]
        service = ServiceInNamespace(programs, config, receiving)
        with prometheus(folder, receiving):
            wait_for_scrapes(receiving)
            started = time.time()
            send(sending, captures, SECONDS)
            check_panels(checks, receiving)
            check_rules(checks, receiving)
            if os.environ.get("TELLTALE_MONITORING_RECORD"):
                record(receiving, os.environ["TELLTALE_MONITORING_RECORD"], started)
        check_end(checks, "the end", *service.end())
    checks.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        json.dump(ask(PROMETHEUS, json.load(sys.stdin)), sys.stdout)
    else:
        main()
