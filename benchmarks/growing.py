"""The growth of the pages as a picture: seconds by size of the plan, both in powers of ten."""

import math
from html import escape
from typing import Any

SHOWN = ["home", "projects", "projects, searched", "milestones", "pillar", "progress", "sitemap"]
COLOURS = ["#003776", "#b3541e", "#2e7d32", "#7b1fa2", "#00838f", "#ad1457", "#5d4037"]
WIDTH, HEIGHT, LEFT, TOP, ACROSS, DOWN = 940, 420, 60, 40, 300, 300
LEAST, MOST, LARGEST = -2, 2, 3  # powers of ten: seconds, seconds, times


def drawn(pages: list[dict[str, Any]]) -> str:
    """An SVG with a panel a database and a line a page; what was broken off is not drawn."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="12" role="img">'
        "<title>Seconds a page takes, by size of the plan</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    )
    parts = [head]
    databases = list(dict.fromkeys(each["database"] for each in pages))
    for place, database in enumerate(databases):
        parts += _panel(database, LEFT + place * (ACROSS + 60), pages)
    for place, name in enumerate(SHOWN):
        y = TOP + 14 + place * 20
        x = LEFT + len(databases) * (ACROSS + 60)
        parts.append(f'<path d="M{x} {y - 4}h18" stroke="{COLOURS[place]}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 24}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(database: str, left: float, pages: list[dict[str, Any]]) -> list[str]:
    def x(times: float) -> float:
        return round(left + math.log10(times) / LARGEST * ACROSS, 1)

    def y(seconds: float) -> float:
        power = min(max(math.log10(max(seconds, 1e-9)), LEAST), MOST)
        return round(TOP + (MOST - power) / (MOST - LEAST) * DOWN, 1)

    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{escape(database)}</text>']
    for power in range(LEAST, MOST + 1):
        at = y(10**power)
        parts.append(f'<path d="M{left} {at}h{ACROSS}" stroke="#ccc"/>')
        parts.append(
            f'<text x="{left - 6}" y="{at + 4}" text-anchor="end">{10.0**power:g} s</text>'
        )
    parts += [
        f'<text x="{x(times)}" y="{TOP + DOWN + 20}" text-anchor="middle">× {times:,}</text>'
        for times in (1, 10, 100, 1000)
    ]
    for place, name in enumerate(SHOWN):
        points = [
            f"{x(each['times'])},{y(each['again']['seconds'])}"
            for each in pages
            if (each["database"], each["page"]) == (database, name)
            and each["again"]["seconds"] is not None
        ]
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{COLOURS[place]}"'
            ' stroke-width="2"/>'
        )
    return parts
