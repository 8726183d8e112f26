#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the map of a plan: draw_plan.py DIR OUT.svg [SCENARIO] [PERIOD]

DIR holds what `kvarken solve` and `kvarken report --geojson` wrote. Links are as wide as what they
carry in the period (the last one if none is given), coloured by mode; projects that are built stand
out, with the year in which they open, and those that are not built are hollow.
"""
import html
import json
import math
import sys
import textwrap

WIDTH = 1100
MARGIN = 40
LEGEND = 330
COLOURS = {"road": "#8a8a8a", "rail": "#c2571a", "sea": "#2f6db5", "ferry": "#1f9e9e",
           "waterway": "#5aa0d6", "air": "#9b59b6", "pipeline": "#7a6a3a"}
BUILT = "#187a34"


def load(folder, name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return json.load(file)["features"]


def coordinates(geometry):
    """All points of a geometry, as a list of lists (lines) of (longitude, latitude)."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [line for part in geometry["geometries"] for line in coordinates(part)]
    points = geometry["coordinates"]
    if kind == "Point":
        return [[points]]
    if kind == "MultiPoint":
        return [[point] for point in points]
    return [points] if kind == "LineString" else points


class Map:
    def __init__(self, points):
        """Equirectangular around the middle latitude of the points that are shown."""
        self.west = min(p[0] for p in points)
        self.north = max(p[1] for p in points)
        east = max(p[0] for p in points)
        south = min(p[1] for p in points)
        self.squeeze = math.cos(math.radians((self.north + south) / 2))
        self.scale = (WIDTH - LEGEND - 2 * MARGIN) / ((east - self.west) * self.squeeze)
        self.height = 2 * MARGIN + (self.north - south) * self.scale

    def holds(self, point):
        x, y = self.at(point)
        return 0 < x < WIDTH - LEGEND and 0 < y < self.height

    def at(self, point):
        x = MARGIN + (point[0] - self.west) * self.squeeze * self.scale
        y = MARGIN + (self.north - point[1]) * self.scale
        return x, y


def pick(by_scenario, scenario, period):
    """The value of a scenario and period in a nested object; the last ones by default."""
    if not by_scenario:
        return 0.0
    by_period = by_scenario.get(scenario) or list(by_scenario.values())[0]
    return by_period.get(period) or (list(by_period.values())[-1] if not period else 0.0) or 0.0


def width_of(tons):
    return 0.8 + 6 * min(1.0, math.sqrt(max(tons, 0.0) / 8e6))


def curve(a, b, bend):
    """A quadratic curve from a to b that leans to its right, so that modes do not hide each other."""
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    dx, dy = b[0] - a[0], b[1] - a[1]
    return f"M{a[0]:.1f} {a[1]:.1f}Q{mx - dy * bend:.1f} {my + dx * bend:.1f} {b[0]:.1f} {b[1]:.1f}"


def draw_links(out, links, world, scenario, period):
    bend = {"road": 0.0, "rail": 0.08, "sea": -0.06, "ferry": 0.1}
    for link in sorted(links, key=lambda f: pick(f["properties"]["t_per_year"], scenario, period)):
        about = link["properties"]
        tons = pick(about["t_per_year"], scenario, period)
        line = coordinates(link["geometry"])[0]
        a, b = world.at(line[0]), world.at(line[-1])
        used = tons > 0
        out.append(f'<path d="{curve(a, b, bend.get(about["mode"], 0.0))}" fill="none" '
                   f'stroke="{COLOURS.get(about["mode"], "#888") if used else "#d5d5d5"}" '
                   f'stroke-width="{width_of(tons) if used else 0.7:.2f}" '
                   f'stroke-opacity="{0.75 if used else 1}"'
                   f'{"" if used or about["open"] else " stroke-dasharray=" + chr(34) + "3 3" + chr(34)}>'
                   f'<title>{html.escape(about["name"] or about["link"])}: {tons / 1e3:,.0f} kt/yr'
                   f'</title></path>')


class Labels:
    """Places labels where they cover no other one; gives up after a few tries."""

    def __init__(self):
        self.boxes = []

    def place(self, x, y, text, size):
        w, h = len(text) * size * 0.55, size * 1.15
        tries = [(x + 7, y + size * 0.35), (x - 7 - w, y + size * 0.35), (x - w / 2, y - 8),
                 (x - w / 2, y + 8 + size * 0.8), (x + 7, y - size * 0.6), (x + 7, y + size * 1.3)]
        for tx, ty in tries:
            box = (tx, ty - h, tx + w, ty)
            inside = box[0] > 2 and box[2] < WIDTH - LEGEND and box[1] > 2
            if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3]
                                  for b in self.boxes):
                self.boxes.append(box)
                return tx, ty
        return None


def label(out, labels, at, text, size, colour, weight="normal"):
    where = labels.place(at[0], at[1], text, size)
    if where:
        out.append(f'<text x="{where[0]:.1f}" y="{where[1]:.1f}" font-size="{size}" fill="{colour}" '
                   f'font-weight="{weight}" paint-order="stroke" stroke="white" stroke-width="3">'
                   f'{html.escape(text)}</text>')


def short(name):
    """A place's name without what stands in brackets or behind a stroke."""
    return name.split(" (")[0].split(" / ")[0].split("/")[0]


def middle_of(project):
    """Where several of its links meet, else the middle of its first one."""
    lines = coordinates(project["geometry"])
    points = [tuple(p) for line in lines for p in line]
    often = max(points, key=points.count)
    if points.count(often) > 1:
        return often
    return sum(p[0] for p in lines[0]) / len(lines[0]), sum(p[1] for p in lines[0]) / len(lines[0])


def draw_projects(out, projects, world, labels):
    """Marks; returns the numbered list of what is built, for the legend."""
    listed = []
    for project in projects:
        about = project["properties"]
        x, y = world.at(middle_of(project))
        if not about["built"]:
            out.append(f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="white" '
                       f'stroke="#999"><title>{html.escape(about["name"])}: not built</title></rect>')
            continue
        year = min(start["service_year"] for start in about["starts"])
        listed.append((year, about["name"] or about["project"], x, y))
    listed.sort()
    taken = []
    for number, (year, name, x, y) in enumerate(listed, 1):
        while any(math.hypot(x - ox, y - oy) < 15 for ox, oy in taken):
            x += 15
        taken.append((x, y))
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{BUILT}" stroke="white">'
                   f'<title>{html.escape(name)}, {year:.0f}</title></circle>'
                   f'<text x="{x:.1f}" y="{y + 3.3:.1f}" font-size="9" fill="white" '
                   f'text-anchor="middle" font-weight="bold">{number}</text>')
        labels.boxes.append((x - 8, y - 8, x + 8, y + 8))
    return listed


def draw_legend(out, listed, height, title):
    x = WIDTH - LEGEND + 10
    out.append(f'<text x="{x}" y="30" font-size="13" font-weight="bold">{html.escape(title)}</text>')
    y = 54
    for mode in ("road", "rail", "sea", "ferry"):
        out.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 30}" y2="{y - 4}" stroke-width="4" '
                   f'stroke="{COLOURS[mode]}"/><text x="{x + 38}" y="{y}" font-size="12">{mode}</text>')
        y += 17
    out.append(f'<rect x="{x + 12}" y="{y - 9}" width="6" height="6" fill="white" stroke="#999"/>'
               f'<text x="{x + 38}" y="{y}" font-size="12">project not built</text>')
    y += 26
    lines = [(number, part) for number, (year, name, _, _) in enumerate(listed, 1)
             for part in textwrap.wrap(f"{name}, {year:.0f}", 46)]
    step = min(17.0, (height - y - 10) / max(1, len(lines)))
    last = 0
    for number, part in lines:
        mark = str(number) if number != last else ""
        out.append(f'<text x="{x}" y="{y:.1f}" font-size="{min(11.5, step * 0.75):.1f}">'
                   f'<tspan fill="{BUILT}" font-weight="bold">{mark}</tspan>'
                   f'<tspan x="{x + 20}">{html.escape(part)}</tspan></text>')
        last = number
        y += step


def main(folder, target, scenario=None, period=None):
    places = load(folder, "places.geojson")
    links = load(folder, "links.geojson")
    projects = [f for f in load(folder, "projects.geojson") if f.get("geometry")]
    inside = [f for f in places if f["properties"]["in_region"]]
    built = [f for f in projects if f["properties"]["built"]]
    world = Map([f["geometry"]["coordinates"] for f in inside] + [middle_of(f) for f in built])
    with open(f"{folder}/plan.json", encoding="utf-8") as file:
        plan = json.load(file)
    height = max(world.height, 600)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
           f'font-family="Helvetica, Arial, sans-serif">',
           f'<rect width="{WIDTH}" height="{height:.0f}" fill="white"/>',
           f'<clipPath id="map"><rect width="{WIDTH - LEGEND}" height="{height:.0f}"/></clipPath>',
           '<g clip-path="url(#map)">']
    draw_links(out, links, world, scenario, period)
    labels = Labels()
    shown = [f for f in places if world.holds(f["geometry"]["coordinates"])]
    for place in shown:
        x, y = world.at(place["geometry"]["coordinates"])
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="#333"/>')
    listed = draw_projects(out, projects, world, labels)
    order = ["city", "plant", "port", "mine", "refinery"]
    rank = {kind: i for i, kind in enumerate(order)}
    for place in sorted(shown, key=lambda f: rank.get(f["properties"]["kind"], len(order))):
        about = place["properties"]
        at = world.at(place["geometry"]["coordinates"])
        size, colour = (12, "#111") if about["kind"] == "city" else (9.5, "#555")
        label(out, labels, at, short(about["name"] or about["place"]), size, colour)
    out.append("</g>")
    draw_legend(out, listed, height, f'{plan["case"]}, scenario {plan["scenario"]}')
    out.append("</svg>")
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:5])
