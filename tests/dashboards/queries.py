# SPDX-License-Identifier: Apache-2.0
"""Queries of dashboards and rules, ready for a Prometheus without a Grafana before it."""
import re

SELECTOR = re.compile(r"\b((?:[a-z_]+:)?telltale_[a-z0-9_]+(?::[a-z0-9_]+)?|up)\b(\{[^}]*\})?(?!\s*\()")


def filled_in(expression, rate_interval="1m"):
    """The query as Grafana asks it when all jobs, instances and taps are chosen."""
    for name, value in (("$__rate_interval", rate_interval), ("$job", ".+"), ("$instance", ".+"), ("$tap", ".+")):
        expression = expression.replace(name, value)
    return expression


def selectors(expression):
    """Every selector of an expression, without its range and what it is compared with."""
    return [name + (matchers or "") for name, matchers in SELECTOR.findall(expression)]
