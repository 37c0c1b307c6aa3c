# SPDX-License-Identifier: Apache-2.0
"""The rules for dashboards, as exporters/grafana/README.md lists them. Each is a function that yields faults."""
import re

from make import matchers_of

SELECTOR = re.compile(r"\b((?:[a-z_]+:)?telltale_[a-z0-9_]+(?::[a-z0-9_]+)?|up|ALERTS)\{([^}]*)\}(\[[^\]]*\])?")
BARE = re.compile(r"\b(?:telltale_[a-z0-9_]+|up|ALERTS)\b(?![\w:{])")
COUNTER = re.compile(r"(?:_total|_bucket|_count|_sum)$")
IN_RATE = re.compile(r"(?:rate|irate|increase)\($")
UNITS = {"short", "percentunit", "pps", "Bps", "bytes", "ops", "s", "bool_yes_no", "bool_on_off"}
UID = re.compile(r"telltale-[a-z]+")
MATCHERS = ('job=~"$job"', 'instance=~"$instance"')


def charts(board):
    return [panel for panel in board["panels"] if panel["type"] not in ("row", "text")]


def targets(board):
    return [(panel, target) for panel in charts(board) for target in panel.get("targets", [])]


def template_datasource(board):
    found = [variable for variable in board["templating"]["list"] if variable["type"] == "datasource"]
    if [(v["name"], v["label"], v["query"]) for v in found] != [("datasource", "Data source", "prometheus")]:
        yield "needs exactly one variable for the data source: datasource, labelled 'Data source', of type prometheus"


def template_variables(board):
    by_name = {variable["name"]: variable for variable in board["templating"]["list"]}
    for name in ("job", "instance"):
        if name not in by_name:
            yield f"needs a variable {name}"
    for name, variable in by_name.items():
        if variable["type"] == "datasource":
            continue
        if variable["datasource"] != {"type": "prometheus", "uid": "${datasource}"} or not variable["multi"] or \
                variable["allValue"] != ".+" or variable["label"] != name.capitalize() or variable["refresh"] != 2:
            yield f"variable {name}: of ${{datasource}}, labelled, several values, allValue .+, refreshed with the time range"
        if not variable["query"].startswith("label_values(telltale_"):
            yield f"variable {name}: its query is label_values of a metric of ours"


def panel_words(board):
    for panel in board["panels"]:
        if panel["type"] != "row" and not (panel.get("title") and panel.get("description")):
            yield f"panel {panel.get('title') or panel['id']}: needs a title and a description"


def panel_fields(board):
    for panel in charts(board):
        defaults = panel["fieldConfig"]["defaults"]
        if defaults.get("unit") not in UNITS:
            yield f"panel {panel['title']}: needs a unit, one of {', '.join(sorted(UNITS))}"
        if not defaults.get("thresholds", {}).get("steps"):
            yield f"panel {panel['title']}: needs thresholds"


def panel_datasource(board):
    for panel in charts(board):
        for part in (panel, *panel.get("targets", [])):
            if part.get("datasource", {}).get("uid") != "${datasource}":
                yield f"panel {panel['title']}: every part takes ${{datasource}}"
        if not panel.get("targets"):
            yield f"panel {panel['title']}: has no query"


def target_matchers(board):
    for panel, target in targets(board):
        for name, matchers, _ in SELECTOR.findall(target["expr"]):
            for matcher in (*MATCHERS, matchers_of(name)):
                if matcher not in matchers:
                    yield f"panel {panel['title']}: {name} needs {matcher}"
        for bare in BARE.findall(re.sub(r"\{[^}]*\}", "{}", target["expr"])):
            yield f"panel {panel['title']}: {bare} has no matchers"


def target_rate(board):
    for panel, target in targets(board):
        for found in SELECTOR.finditer(target["expr"]):
            name, before, window = found.group(1), target["expr"][:found.start()], found.group(3)
            if window and window != "[$__rate_interval]":
                yield f"panel {panel['title']}: the range is [$__rate_interval]"
            if COUNTER.search(name) and ":" not in name and not (window and IN_RATE.search(before)):
                yield f"panel {panel['title']}: {name} counts up: take rate or increase of it"


def target_histogram(board):
    for panel, target in targets(board):
        if "_bucket" in target["expr"] and not re.search(r"sum by \([^)]*\ble\b", target["expr"]):
            yield f"panel {panel['title']}: a histogram is summed by le"


def identity(board):
    if not UID.fullmatch(board["uid"]):
        yield "needs a stable uid, telltale-SOMETHING"
    if board["editable"]:
        yield "must not be editable: the description is its source"
    if not any(link["type"] == "dashboards" and link["includeVars"] and link["keepTime"] for link in board["links"]):
        yield "needs links to the other dashboards that keep variables and time"
    ids = [panel["id"] for panel in board["panels"]]
    if len(ids) != len(set(ids)):
        yield "two panels have one id"


def layout(board):
    taken = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        if cells & taken or at["x"] + at["w"] > 24:
            yield f"panel {panel['title']}: lies over another, or outside"
        taken |= cells


RULES = [template_datasource, template_variables, panel_words, panel_fields, panel_datasource, target_matchers,
         target_rate, target_histogram, identity, layout]


def faults(board):
    for rule in RULES:
        for fault in rule(board):
            yield f"{rule.__name__}: {fault}"
