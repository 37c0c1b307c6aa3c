#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exporters/ecs/official_fields.json against the schema itself, npm's @elastic/ecs: all its facts, and every field of ours
that is not under telltale."""
import os
import re
import sys

import fields
import official_fields
import tools
from sensor_runs import PROJECT, Checks, skip


def version_of_sensor():
    with open(os.path.join(PROJECT, "exporters", "ecs", "json_format.h"), encoding="utf-8") as file:
        return re.search(r'kEcsVersion = "([0-9.]+)"', file.read()).group(1)


def main():
    package, checks = tools.ecs_folder(sys.argv[1]), Checks()
    if not os.path.isdir(package):
        skip("npm's package @elastic/ecs cannot be had")
    made = official_fields.facts(package)
    with open(official_fields.FACTS, encoding="utf-8") as file:
        checks.that(file.read() == official_fields.text(made), f"exporters/ecs/official_fields.py {package} makes other facts")
    checks.equal(version_of_sensor(), made["version"], "ecs.version of the sensor")
    for name, described in fields.by_dataset().items():
        ours = {path for path in described if not path.startswith("telltale.")}
        checks.equal(sorted(ours - set(made["fields"])), [], f"{name}: fields that are neither official nor under telltale")
    checks.finish()


if __name__ == "__main__":
    main()
