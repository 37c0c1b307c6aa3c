#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dashboards.py: the dashboards of exporters/grafana are what make.py makes of their descriptions, keep the rules of
lint.py, and hold valid PromQL (by promtool). Every rule finds a dashboard that breaks it."""
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

GRAFANA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "exporters", "grafana")
sys.path.insert(0, GRAFANA)
import lint  # noqa: E402
import make  # noqa: E402
from queries import filled_in  # noqa: E402


def boards():
    for name, text in make.all_dashboards().items():
        yield name, json.loads(text)


class Dashboards(unittest.TestCase):
    def test_files_are_what_the_descriptions_give(self):
        folder = os.path.join(GRAFANA, "dashboards")
        made = make.all_dashboards()
        self.assertEqual(sorted(os.listdir(folder)), sorted(made))
        for name, text in made.items():
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), text, f"{name}: run exporters/grafana/make.py")

    def test_rules(self):
        for name, board in boards():
            self.assertEqual(list(lint.faults(board)), [], name)

    def test_uids_and_titles_are_their_own(self):
        for key in ("uid", "title"):
            values = [board[key] for _, board in boards()]
            self.assertEqual(len(values), len(set(values)))

    @unittest.skipUnless(shutil.which("promtool"), "promtool (Debian's package prometheus) is missing")
    def test_queries_are_valid(self):
        rules = [{"record": "a:b:c", "labels": {"n": str(number)}, "expr": filled_in(target["expr"])}
                 for number, (_, target) in enumerate(pair for _, board in boards() for pair in lint.targets(board))]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"groups": [{"name": "queries", "rules": rules}]}, file)
            file.flush()
            done = subprocess.run(["promtool", "check", "rules", file.name], check=False, capture_output=True, text=True,
                                  timeout=60)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


def first_chart(board):
    return lint.charts(board)[0]


def query(board, text):
    first_chart(board)["targets"][0]["expr"] = text


SOUND = 'telltale_flows_active{job=~"$job",instance=~"$instance"}'
BREAKS = [  # rule, what breaks it
    ("template_datasource", lambda board: board["templating"]["list"].pop(0)),
    ("template_variables", lambda board: board["templating"]["list"].pop(1)),
    ("template_variables", lambda board: board["templating"]["list"][2].update(allValue=".*")),
    ("panel_words", lambda board: first_chart(board).update(description="")),
    ("panel_fields", lambda board: first_chart(board)["fieldConfig"]["defaults"].update(unit="parsecs")),
    ("panel_fields", lambda board: first_chart(board)["fieldConfig"]["defaults"].pop("thresholds")),
    ("panel_datasource", lambda board: first_chart(board)["targets"][0].update(datasource={"uid": "fixed"})),
    ("panel_datasource", lambda board: first_chart(board).update(targets=[])),
    ("target_matchers", lambda board: query(board, 'telltale_flows_active{job=~"$job"}')),
    ("target_matchers", lambda board: query(board, "telltale_flows_active")),
    ("target_matchers", lambda board: query(board, SOUND.replace("flows_active", "port_up"))),
    ("target_rate", lambda board: query(board, "rate(" + SOUND.replace("active", "total") + "[5m])")),
    ("target_rate", lambda board: query(board, SOUND.replace("active", "total"))),
    ("target_histogram", lambda board: query(board, "rate(" + SOUND.replace("active", "bucket") + "[$__rate_interval])")),
    ("identity", lambda board: board.update(uid="x1")),
    ("identity", lambda board: board.update(editable=True)),
    ("identity", lambda board: board.update(links=[])),
    ("layout", lambda board: board["panels"][1]["gridPos"].update(board["panels"][0]["gridPos"])),
]


class Rules(unittest.TestCase):
    def test_each_finds_what_breaks_it(self):
        sound = next(board for _, board in boards())
        for rule, harm in BREAKS:
            broken = copy.deepcopy(sound)
            harm(broken)
            found = {fault.split(":")[0] for fault in lint.faults(broken)}
            self.assertIn(rule, found)
        self.assertEqual({rule for rule, _ in BREAKS}, {rule.__name__ for rule in lint.RULES})


if __name__ == "__main__":
    unittest.main()
