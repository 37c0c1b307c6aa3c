# SPDX-License-Identifier: Apache-2.0
"""Debian's Prometheus with the rules of this project, and its answers."""
import glob
import json
import math
import os
import urllib.error
import urllib.parse
import urllib.request

from sensor_runs import PROJECT, write_file

RULES = os.path.join(PROJECT, "exporters", "prometheus", "rules")
DASHBOARDS = os.path.join(PROJECT, "exporters", "grafana", "dashboards")

CONFIG = """global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ['{rules}/*.yaml']
scrape_configs:
  - {{job_name: telltale, static_configs: [{{targets: ['{sensor}']}}]}}
"""


def prometheus_command(folder, sensor, address):
    """A Prometheus that listens on an address and scrapes a sensor's, with its files in a folder."""
    path = write_file(os.path.join(folder, "prometheus.yml"), CONFIG.format(rules=RULES, sensor=sensor).encode())
    return ["prometheus", f"--config.file={path}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"]


def ask(address, requests):
    """The data of each request to Prometheus' API: [path, parameters]; or an error's text."""
    answers = []
    for path, parameters in requests:
        url = f"http://{address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                answers.append(json.load(answer)["data"])
        except urllib.error.HTTPError as error:
            answers.append(json.load(error)["error"])
        except OSError as error:
            answers.append(str(error))
    return answers


def numbers(answer):
    """The numbers of an instant query's answer."""
    if isinstance(answer, str):
        return []
    return [float(sample["value"][1]) for sample in answer["result"] if not math.isnan(float(sample["value"][1]))]


def boards():
    for path in sorted(glob.glob(os.path.join(DASHBOARDS, "*.json"))):
        with open(path, encoding="utf-8") as file:
            yield json.load(file)
