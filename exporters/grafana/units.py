# SPDX-License-Identifier: Apache-2.0
"""Numbers with Grafana's units, as the pictures show them."""


def _scaled(value, base, words):
    size = abs(value)
    for word in words[:-1]:
        if size < base:
            return f"{value:.3g}{word}"
        value, size = value / base, size / base
    return f"{value:.3g}{words[-1]}"


def _seconds(value):
    for limit, divisor, word in ((1e-3, 1e-6, "µs"), (1, 1e-3, "ms"), (60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if abs(value) < limit:
            return f"{value / divisor:.3g} {word}" if value else "0 s"
    return f"{value / 86400:.3g} days"


def shown(value, unit):
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    if unit == "s":
        return _seconds(value)
    if unit == "bytes":
        return _scaled(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB"])
    suffix = {"Bps": " B/s", "pps": " p/s", "ops": " /s"}.get(unit, "")
    prefixes = [" kB/s", " MB/s", " GB/s"] if unit == "Bps" else [f"k{suffix}", f"M{suffix}", f"G{suffix}"]
    return _scaled(value, 1000, [suffix, *prefixes])
