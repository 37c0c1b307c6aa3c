#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rules.py FOLDER: holds the rules of exporters/prometheus/rules against promtool, and against these conventions: every
alert has a severity, a summary and a runbook, and a test in which it fires for one sensor and is silent for another."""
import glob
import os
import shutil
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SEVERITIES = {"critical", "warning"}
SKIPPED = 77


def documents(pattern):
    for path in sorted(glob.glob(pattern)):
        with open(path, encoding="utf-8") as file:
            yield path, yaml.safe_load(file)


def rules(folder):
    return [rule for _, document in documents(os.path.join(folder, "*.yaml"))
            for group in document["groups"] for rule in group["rules"]]


def tests():
    return {test["name"]: test for _, document in documents(os.path.join(HERE, "*_test.yaml"))
            for test in document["tests"]}


def shows_both(name, test):
    """Whether the alert is silent at first, and fires later for the sensor that is ill while one is well."""
    wanted = f'ALERTS{{alertname="{name}",alertstate="firing"'
    expected = [query["exp_samples"] for query in test["promql_expr_test"] if query["expr"] == wanted + "}"]
    fired = [sample["labels"] for samples in expected for sample in samples]
    sensors = {sensor for sensor in ("well", "ill")
               if any(f'instance="{sensor}"' in series["series"] for series in test["input_series"])}
    return [] in expected and sensors == {"well", "ill"} and len(fired) == 1 and 'instance="ill"' in fired[0]


def faults(all_rules, all_tests):
    for rule in all_rules:
        if "record" in rule:
            if rule["record"].count(":") != 2:
                yield f"{rule['record']}: a recording rule is named LEVEL:METRIC:OPERATION"
            continue
        name, annotations = rule["alert"], rule.get("annotations", {})
        if rule.get("labels", {}).get("severity") not in SEVERITIES:
            yield f"{name}: its severity is one of {', '.join(sorted(SEVERITIES))}"
        if "$labels.instance" not in annotations.get("summary", ""):
            yield f"{name}: the summary names the sensor"
        if len(annotations.get("runbook", "")) < 100:
            yield f"{name}: the runbook says what it means and what to do"
        if name not in all_tests or not shows_both(name, all_tests[name]):
            yield f"{name}: no test shows it silent, then firing for the sensor that is ill alone"


def main():
    if not shutil.which("promtool"):
        print("skipped: promtool (Debian's package prometheus) is missing")
        sys.exit(SKIPPED)
    folder, failed = sys.argv[1], False
    for command, pattern in (("check", os.path.join(folder, "*.yaml")), ("test", os.path.join(HERE, "*_test.yaml"))):
        done = subprocess.run(["promtool", command, "rules", *sorted(glob.glob(pattern))], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if done.returncode:
            print(done.stdout)
            failed = True
    for fault in faults(rules(folder), tests()):
        print("FAILED:", fault)
        failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
