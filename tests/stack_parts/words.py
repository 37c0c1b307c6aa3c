# SPDX-License-Identifier: Apache-2.0
"""The text that `tests/stack up` ends with: where to look, and what each address shows."""
import json
import os
import sys
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "dashboards"))
from queries import filled_in  # noqa: E402

ALERTS = "telltale.alert.v1"
ACCOUNT_IN_CLEAR = "account-in-clear"
PANEL = "Opened, by policy"
DASHBOARD = os.path.join(ROOT, "exporters", "grafana", "dashboards", "alerts.json")

TEXT = """
The office is up. A phone of 2014 was switched on in it, and said who it is to its maker, in clear. Look for it in

Kafka, 127.0.0.1:{kafka}: one topic per kind of event; alerts as they come, from the first one:
    {kafka_port}tests/broker/kafka read --follow {alerts} | jq -r '.value | fromjson | .message'

the outbox, which needs neither Kafka nor anything else: every event that the sensor stored
    {telltale} events --store {folder}/outbox.db --dataset alert --severity high
    {telltale} events --store {folder}/outbox.db --device 192.168.7.29
    {telltale} events --help

the sensor's metrics, http://127.0.0.1:{metrics}/metrics: what it received, analysed, lost, and delivered
    curl -s http://127.0.0.1:{metrics}/metrics | grep '^telltale_alerts_total'

Prometheus, http://127.0.0.1:{prometheus}: the metrics over time, and alerting rules under /alerts; alerts by policy:
    {url}

dashboards: exporters/grafana/README.md has a picture of each. Grafana is not packaged for Debian and not started here; the link above is
the query of the panel "{panel}" of the dashboard "Alerts". Configuration, logs and data: {folder}

    tests/stack down
"""


def panel_query(interval="5m"):
    """A dashboard's query of alerts by policy, as Grafana asks it for all sensors."""
    with open(DASHBOARD, encoding="utf-8") as file:
        panel = next(panel for panel in json.load(file)["panels"] if panel["title"] == PANEL)
    query = panel["targets"][0]["expr"]
    return filled_in(query, interval)


def where_to_look(telltale, folder, kafka, metrics, prometheus):
    url = f"http://127.0.0.1:{prometheus}/graph?" + urllib.parse.urlencode({"g0.expr": panel_query(), "g0.tab": 0})
    return TEXT.format(telltale=telltale, folder=folder, kafka=kafka, metrics=metrics, prometheus=prometheus, alerts=ALERTS,
                       panel=PANEL, url=url, kafka_port="" if kafka == 19092 else f"KAFKA_PORT={kafka} ")
