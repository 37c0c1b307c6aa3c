# SPDX-License-Identifier: Apache-2.0
"""Loads the rules of this folder and writes them in other languages, with pySigma (tests/feed/requirements.txt)."""
import collections
import glob
import os

import yaml
from sigma.backends.elasticsearch import ESQLBackend, LuceneBackend
from sigma.backends.splunk import SplunkBackend
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import SetStateTransformation

FOLDER = os.path.dirname(os.path.abspath(__file__))
ELASTIC_INDEX = "logs-telltale.*"
SQL_TABLE = "events"

# name: of the file; read: the file as it is; the others: what pySigma's backends make of it.
Rule = collections.namedtuple("Rule", "name read sqlite lucene esql splunk")


def _index_pipeline():
    return ProcessingPipeline(items=[ProcessingItem(SetStateTransformation("index", ELASTIC_INDEX))])


def load():
    """Returns the rules in the order of their names; a rule that pySigma does not accept is an exception."""
    backends = (sqliteBackend(table=SQL_TABLE), LuceneBackend(), ESQLBackend(_index_pipeline()), SplunkBackend())
    found = []
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.yml"))):
        with open(path, encoding="utf-8") as file:
            content = file.read()
        made = []
        for backend in backends:
            queries = backend.convert(SigmaCollection.from_yaml(content))
            assert len(queries) == 1, f"{path}: one query, not {len(queries)}"
            made.append(queries[0])
        found.append(Rule(os.path.basename(path)[:-len(".yml")], yaml.safe_load(content), *made))
    return found


def tests_of(rule):
    """Yields (field, modifiers, value) of every test in a rule's detections; a list of values is one test of each."""
    for name, detection in rule.read["detection"].items():
        if name == "condition":
            continue
        for key, values in detection.items():
            field, *modifiers = key.split("|")
            for value in values if isinstance(values, list) else [values]:
                yield field, modifiers, value


def dataset_of(rule):
    """Returns the dataset that the rule reads: alert, destination, ..."""
    names = {value for field, _, value in tests_of(rule) if field == "event.dataset"}
    assert len(names) == 1, f"{rule.name} must read one dataset"
    return names.pop().replace("telltale.", "")
