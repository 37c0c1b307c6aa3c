# SPDX-License-Identifier: Apache-2.0
from typing import NamedTuple


class Finding(NamedTuple):
    path: str
    line: int
    what: str  # what is wrong, and what to do
    key: str = ""  # of a ratchet: what an entry of its list names
    value: int = 1  # of a ratchet: may only shrink; findings of one key add up where they are occurrences

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}"
