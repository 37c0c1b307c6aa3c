#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""house.py must find what it is for: each case is an include and whether it stands."""
import sys

import house

FLOORS = house.read_floors("""
## Floors
| folder | floor | also may include | libraries |
|---|---|---|---|
| sensor/base | 0 | | |
| sensor/model | 1 | | |
| sensor/decode | 2 | | |
| sensor/track | 2 | | |
| sensor/match | 3 | | hyperscan |
| exporters | 4 | | rapidjson |
| sensor/app | 6 | | cli11 |
""")
CASES = [
    ("sensor/decode/ipv4.cc", '"', "sensor/model/frame.h", True),
    ("sensor/decode/ipv4.cc", '"', "sensor/decode/ipv6.h", True),
    ("sensor/decode/ipv4.cc", '"', "sensor/track/tracker.h", False),
    ("sensor/base/ring.h", '"', "sensor/model/frame.h", False),
    ("sensor/match/scanner.cc", "<", "hs/hs.h", True),
    ("sensor/decode/ipv4.cc", "<", "hs/hs.h", False),
    ("sensor/decode/ipv4.cc", "<", "rte_mbuf.h", False),
    ("sensor/decode/ipv4.cc", "<", "array", True),
    ("exporters/ecs/ecs.cc", '"', "sensor/model/event.h", True),
    ("exporters/ecs/ecs.cc", '"', "sensor/match/scanner.h", False),
    ("sensor/match/scanner.cc", '"', "sensor/app/main.h", False),
    ("sensor/match/scanner.cc", '"', "scanner.h", False),
]


def main():
    assert FLOORS["sensor/match"] == (3, set(), {"hyperscan"}), FLOORS
    bad = 0
    for path, kind, target, stands in CASES:
        wrong = house.check_include(path, kind, target, FLOORS)
        if (wrong is None) != stands:
            print(f"{path} -> {target}: expected {'no finding' if stands else 'a finding'}, got {wrong}")
            bad += 1
    assert list(house.check_file("sensor/base/x.h", "int x;\n", FLOORS)), "a file without licence and pragma"
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
