#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw.py RECORD: draws dashboards/*.json with the data that tests/system/monitoring.py recorded, as pictures/*.svg. Not a
Grafana: places, titles, units, colours and numbers are the dashboard's, the rest is plain."""
import json
import os
import re
import sys
from xml.sax.saxutils import escape

from units import shown

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMN, LINE, GAP = 50, 28, 6  # of Grafana's grid, in pixels
COLOURS = ["#3274d9", "#e0752d", "#56a64b", "#a352cc", "#e02f44", "#b7a000", "#37872d", "#0a9ed9", "#ff7383", "#705da0"]
STEPS = {"green": "#56a64b", "yellow": "#e5ac0e", "red": "#e02f44"}
MOST_IN_LEGEND = 7


def text(x, y, words, size=11, colour="#24292e", **more):
    extra = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}"{extra}>{escape(words)}</text>'


def fitting(words, width, size):
    most = int(width / (size * 0.56))
    return words if len(words) <= most else words[:most - 1] + "…"


def named(legend, labels):
    return re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found.group(1), ""), legend)


def series_of(panel, record):
    """[(name, [(time, value)])], the largest first; in panels without a time axis those that are there at the end."""
    found = [(named(part["legend"], line["metric"]), [(at, float(value)) for at, value in line["values"] if value != "NaN"])
             for part in record if part["panel"] == panel["id"] for line in part["result"]]
    last = max((values[-1][0] for _, values in found if values), default=0)
    there = [line for line in found if line[1] and (panel["type"] == "timeseries" or line[1][-1][0] == last)]
    return sorted(there, key=lambda line: -sum(value for _, value in line[1]))


def colour_at(panel, value):
    colour = "green"
    for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]:
        if step["value"] is None or value >= step["value"]:
            colour = step["color"]
    return STEPS[colour]


def value_text(panel, value):
    defaults = panel["fieldConfig"]["defaults"]
    for mapping in defaults.get("mappings", []):
        if f"{value:g}" in mapping["options"]:
            return mapping["options"][f"{value:g}"]["text"]
    return shown(value, defaults["unit"])


def stat(panel, lines, x, y, width, height):
    part = (width - 16) / max(1, len(lines))
    for index, (name, values) in enumerate(lines):
        left, last = x + 8 + index * part, values[-1][1]
        yield (f'<rect x="{left:.0f}" y="{y}" width="{part - 4:.0f}" height="{height - 8}" rx="3" '
               f'fill="{colour_at(panel, last)}"/>')
        yield text(left + part / 2 - 2, y + height / 2 + 6, value_text(panel, last), 22, "#ffffff", **{"text-anchor": "middle"})
        if len(lines) > 1:
            yield text(left + 5, y + height - 14, fitting(name, part - 10, 9), 9, "#ffffff")


def bargauge(panel, lines, x, y, width, height):
    most = max((values[-1][1] for _, values in lines), default=1) or 1
    step = min(22, (height - 10) / max(1, len(lines)))
    for index, (name, values) in enumerate(lines):
        top, last = y + index * step, values[-1][1]
        yield text(x + 8, top + step / 2 + 4, fitting(name, width * 0.4, 10), 10)
        yield (f'<rect x="{x + width * 0.42:.0f}" y="{top + 3:.0f}" width="{max(1, last / most * width * 0.42):.0f}" '
               f'height="{step - 6:.0f}" fill="{colour_at(panel, last)}"/>')
        yield text(x + width - 8, top + step / 2 + 4, value_text(panel, last), 10, **{"text-anchor": "end"})


def heaped(lines):
    """The lines on top of each other."""
    below = {}
    for name, values in lines:
        top = [(at, below.get(at, 0) + value) for at, value in values]
        yield name, top, [(at, below.get(at, 0)) for at, _ in values]
        below.update(top)


def timeseries(panel, lines, x, y, width, height):
    defaults = panel["fieldConfig"]["defaults"]
    stacked = defaults["custom"]["stacking"]["mode"] == "normal"
    drawn = list(heaped(lines)) if stacked else [(name, values, []) for name, values in lines]
    every = [point for _, values, _ in drawn for point in values]
    if not every:
        return
    left, right, bottom = x + 64, x + width - 10, y + height - 30
    first, last = min(at for at, _ in every), max(at for at, _ in every)
    low, high = min(0, min(v for _, v in every)), max(v for _, v in every) or 1
    place = lambda at, value: (f"{left + (at - first) / max(1, last - first) * (right - left):.0f},"
                               f"{bottom - (value - low) / (high - low) * (bottom - y - 6):.0f}")
    for share in (0, 0.5, 1):
        at = bottom - share * (bottom - y - 6)
        yield f'<path d="M{left} {at:.0f}H{right}" stroke="#e4e7eb"/>'
        yield text(left - 5, at + 4, shown(low + share * (high - low), defaults["unit"]), 9, "#6a737d",
                   **{"text-anchor": "end"})
    for index, (_, values, base) in reversed(list(enumerate(drawn))):
        colour, points = COLOURS[index % len(COLOURS)], [place(*point) for point in values]
        if base:
            area = points + [place(*point) for point in reversed(base)]
            yield f'<polygon points="{" ".join(area)}" fill="{colour}" fill-opacity="0.35"/>'
        yield f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    part = (width - 16) / min(max(1, len(drawn)), MOST_IN_LEGEND)
    for index, (name, _, _) in enumerate(drawn[:MOST_IN_LEGEND]):
        at = x + 8 + index * part
        yield f'<rect x="{at:.0f}" y="{y + height - 19}" width="8" height="8" fill="{COLOURS[index]}"/>'
        yield text(at + 11, y + height - 11, fitting(name, part - 13, 9), 9)


def words(panel, _lines, x, y, _width, height):
    lines = [line for line in panel["options"]["content"].splitlines() if not line.startswith("```")]
    for index, line in enumerate(lines[:int(height / 13)]):
        yield text(x + 8, y + 10 + index * 13, fitting(line, _width - 16, 10), 10, "#57606a")


KINDS = {"stat": stat, "bargauge": bargauge, "timeseries": timeseries, "text": words}


def picture(board, record):
    parts, bottom = [], 0
    for panel in board["panels"]:
        at = panel["gridPos"]
        x, y, width, height = at["x"] * COLUMN, 40 + at["y"] * LINE, at["w"] * COLUMN - GAP, at["h"] * LINE - GAP
        bottom = max(bottom, y + height + GAP)
        if panel["type"] == "row":
            parts.append(text(x + 4, y + 17, panel["title"], 14, **{"font-weight": "bold"}))
            continue
        parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" fill="#ffffff" stroke="#d8dde3"/>')
        parts.append(text(x + 8, y + 15, fitting(panel["title"], width - 16, 11), 11, **{"font-weight": "bold"}))
        parts += KINDS[panel["type"]](panel, series_of(panel, record), x, y + 22, width, height - 22)
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {24 * COLUMN} {bottom}" '
                      f'font-family="sans-serif">', f'<rect width="{24 * COLUMN}" height="{bottom}" fill="#f4f5f7"/>',
                      text(6, 26, board["title"], 18, **{"font-weight": "bold"}), *parts, "</svg>\n"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        recorded = json.load(file)
    for name in sorted(os.listdir(os.path.join(HERE, "dashboards"))):
        with open(os.path.join(HERE, "dashboards", name), encoding="utf-8") as file:
            board = json.load(file)
        with open(os.path.join(HERE, "pictures", name.replace(".json", ".svg")), "w", encoding="utf-8") as file:
            file.write(picture(board, recorded[board["uid"]]))


if __name__ == "__main__":
    main()
