# SPDX-License-Identifier: Apache-2.0
"""The ledger of long checks: when each last passed, and how its last run ended, in one JSON file."""
import json
import os

WIDEST_FIGURES = 170


class Ledger:
    """{name: {"passed": the last run that passed, "last": [status, the last run]}}; written after every run."""

    def __init__(self, path, lock):
        self.path, self.lock, self.rows = path, lock, {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.rows = json.load(file)

    def note(self, name, status, run):
        with self.lock:
            row = self.rows.setdefault(name, {})
            row["last"] = [status, run]
            if status == "passed":
                row["passed"] = run
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                json.dump(self.rows, file, indent=1)
            os.replace(self.path + ".new", self.path)

    def has_passed(self, name, commit):
        """Whether it passed at this commit, without changes beside it."""
        return "dirty" not in commit and self.rows.get(name, {}).get("passed", {}).get("commit") == commit


def table(ledger, names, commit):
    """One line per check: the last run that passed, and what has happened since."""
    lines = [f"{'check':34} {'last passed':17} {'commit':14} {'min':>5}  figures"]
    for name in names:
        row = ledger.rows.get(name, {})
        passed = row.get("passed") or {"date": "never", "commit": "", "seconds": 0, "figures": ""}
        status, last = row.get("last", ["", passed])
        since = "" if status in ("", "passed") else f"  [{status} {last['date']} at {last['commit']}]"
        here = "*" if ledger.has_passed(name, commit) else " "
        lines.append(f"{name:34} {passed['date']:17} {passed['commit']:13}{here} {passed['seconds'] / 60:5.1f}  "
                     f"{passed['figures'][:WIDEST_FIGURES]}{since}")
    return "\n".join([*lines, f"* passed at this commit, {commit}"])
