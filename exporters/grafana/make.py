#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make.py: writes dashboards/*.json from describe/*.toml. README.md says how a description looks."""
import json
import os
import re
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SELECTOR = re.compile(r"\b((?:[a-z_]+:)?telltale_[a-z0-9_]+(?::[a-z0-9_]+)?|up|ALERTS)\b(?!\s*\()(\{[^}]*\})?")
OF_SENSOR = 'job=~"$job",instance=~"$instance"'
# Metrics that have a label for the tap; ports are named TAP:NUMBER.
OF_TAP = [(re.compile(r"telltale_(port|interface)_|telltale_packets_(analysed|dropped|duplicate|in_flight)\b|"
                      r"telltale_packets_(analysed|dropped|duplicate)_total|port(_cause)?:"), 'port=~"($tap):.+"'),
          (re.compile(r"telltale_tap_|tap:"), 'tap=~"$tap"')]
VARIABLES = [("job", "Job", "label_values(telltale_build_info, job)"),
             ("instance", "Instance", 'label_values(telltale_build_info{job=~"$job"}, instance)'),
             ("tap", "Tap", 'label_values(telltale_tap_flows_total{job=~"$job",instance=~"$instance"}, tap)')]
HEIGHTS = {"stat": 4, "text": 4}
COLUMNS = 24


def matchers_of(metric):
    return ",".join([OF_SENSOR, *(matcher for pattern, matcher in OF_TAP if pattern.match(metric))])


def with_matchers(expression):
    """Puts job, instance and tap into every selector."""
    def replaced(found):
        own = (found.group(2) or "{}")[1:-1]
        return f"{found.group(1)}{{{','.join(filter(None, [matchers_of(found.group(1)), own]))}}}"
    return SELECTOR.sub(replaced, expression)


def thresholds(panel):
    """Green; yellow from `warn` on, red from `bad` on. With `below`: yellow and red below them."""
    marks = sorted((panel[key], colour) for key, colour in (("warn", "yellow"), ("bad", "red")) if key in panel)
    values, colours = [value for value, _ in marks], [colour for _, colour in marks]
    colours = [*colours, "green"] if panel.get("below") else ["green", *colours]
    return {"mode": "absolute", "steps": [{"color": colour, "value": value}
                                          for colour, value in zip(colours, [None, *values])]}


def field_config(panel, kind):
    defaults = {"unit": panel["unit"], "thresholds": thresholds(panel), "min": panel.get("min", 0)}
    if "max" in panel:
        defaults["max"] = panel["max"]
    if panel.get("words"):
        defaults["mappings"] = [{"type": "value", "options": {value: {"text": text, "index": index} for index, (value, text)
                                                             in enumerate(panel["words"].items())}}]
    if kind == "timeseries":
        stacked = panel.get("stack", False)
        defaults["custom"] = {"fillOpacity": 30 if stacked else 10, "showPoints": "never",
                              "stacking": {"mode": "normal" if stacked else "none"},
                              "thresholdsStyle": {"mode": "line" if "bad" in panel or "warn" in panel else "off"}}
    return {"defaults": defaults, "overrides": []}


OPTIONS = {
    "timeseries": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
    "stat": {"reduceOptions": {"calcs": ["lastNotNull"], "values": False}, "colorMode": "background", "textMode": "auto"},
    "bargauge": {"reduceOptions": {"calcs": ["lastNotNull"], "values": False}, "orientation": "horizontal",
                 "displayMode": "basic"},
}


def panel_json(panel):
    kind = panel.get("type", "timeseries")
    made = {"type": kind, "title": panel["title"], "description": panel["description"]}
    if kind == "text":
        return {**made, "options": {"mode": "markdown", "content": panel["text"]}}
    targets = [{"datasource": DATASOURCE, "refId": chr(ord("A") + index), "expr": with_matchers(expression),
                "legendFormat": legend, "instant": kind != "timeseries", "range": kind == "timeseries"}
               for index, (legend, expression) in enumerate(panel["queries"].items())]
    return {**made, "datasource": DATASOURCE, "fieldConfig": field_config(panel, kind), "options": OPTIONS[kind],
            "targets": targets}


def laid_out(panels):
    """Places panels from left to right, and a row's title above its first one."""
    x = y = tallest = 0
    for panel in panels:
        width, height = panel.get("width", 12), panel.get("height", HEIGHTS.get(panel.get("type"), 8))
        if "row" in panel or x + width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        if "row" in panel:
            yield {"type": "row", "title": panel["row"], "collapsed": False, "panels": [],
                   "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}}
            y += 1
        yield {**panel_json(panel), "gridPos": {"x": x, "y": y, "w": width, "h": height}}
        x, tallest = x + width, max(tallest, height)


def variables(text):
    used = [variable for variable in VARIABLES if variable[0] != "tap" or "$tap" in text]
    yield {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}
    for name, label, query in used:
        yield {"name": name, "label": label, "type": "query", "datasource": DATASOURCE, "query": query, "refresh": 2,
               "sort": 1, "multi": True, "includeAll": True, "allValue": ".+",
               "current": {"text": "All", "value": "$__all"}}


def dashboard(description):
    panels = [{"id": number, **panel} for number, panel in enumerate(laid_out(description["panel"]), 1)]
    return {
        "uid": description["uid"], "title": description["title"], "description": description["description"],
        "tags": ["telltale"], "editable": False, "graphTooltip": 1, "schemaVersion": 38, "version": 1,
        "refresh": "30s", "time": {"from": "now-3h", "to": "now"}, "timezone": "browser",
        "links": [{"type": "dashboards", "title": "Telltale", "tags": ["telltale"], "asDropdown": True,
                   "includeVars": True, "keepTime": True}],
        "templating": {"list": list(variables(json.dumps(panels)))}, "annotations": {"list": []}, "panels": panels,
    }


def all_dashboards():
    """{file name: text} of every description."""
    made = {}
    folder = os.path.join(HERE, "describe")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            made[name.replace(".toml", ".json")] = json.dumps(dashboard(tomllib.load(file)), indent=1) + "\n"
    return made


if __name__ == "__main__":
    for file_name, text in all_dashboards().items():
        with open(os.path.join(HERE, "dashboards", file_name), "w", encoding="utf-8") as output:
            output.write(text)
