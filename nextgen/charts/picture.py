"""A chart as a standalone SVG picture: for downloads and the brochure, without any browser."""

import textwrap
from collections.abc import Iterator
from xml.sax.saxutils import escape

from nextgen.charts.chart import Chart, shown
from nextgen.charts.colours import PATTERNS, hexadecimal

WIDTH, EDGE = 720, 12
LINE = 18
BAR, GAP = 16, 14
HIGH = 260
TYPE = "Hanken Grotesk, Helvetica, Arial, sans-serif"
DASHES = {"muted": "2 4", "on-track": "8 4"}


def svg(chart: Chart, *, titled: bool = True) -> str:
    """The chart as an SVG of 720 units' width in the site's light colours.

    Title and measure stand above the drawing, the source below, unless `titled` is False; both are
    also its accessible name and description.
    """
    parts: list[str] = []
    y = 6.0
    if titled:
        for words in textwrap.wrap(chart.title, 62):
            y += 24
            parts.append(text(0, y, words, size=20, weight=700))
        for words in textwrap.wrap(chart.measure, 96):
            y += 20
            parts.append(text(0, y, words, size=14, colour="muted"))
        y += 10
    if chart.stacked or chart.kind == "lines":
        x = 0.0
        for _place, series in chart.drawn:
            width = 40 + 7.4 * len(series.label)
            if x + width > WIDTH:
                x, y = 0, y + 22
            sample = box(x, y + 4, 22, 12, fill(chart, series.colour))
            if chart.kind == "lines":
                sample = line(f"{x:g} {y + 10:g}h22", series.colour)
            parts += [sample, text(x + 28, y + 15, series.label, 13)]
            x += width + 10
        y += 28
    drawing = {"bars": _bars, "columns": _columns, "lines": _lines}[chart.kind](chart, y)
    *shapes, end = list(drawing)
    parts += shapes
    y = float(end)
    if titled:
        y += 26
        parts.append(text(0, y, chart.source, size=12, colour="muted"))
    height, whole = round(y + EDGE), WIDTH + 2 * EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-EDGE} 0 {whole} {height}"'
        f' width="{whole}" height="{height}" role="img"'
        f' aria-labelledby="title measure" font-family="{TYPE}">'
        f'<title id="title">{escape(chart.title)}</title>'
        f'<desc id="measure">{escape(chart.measure)}. {escape(chart.source)}.</desc>'
        f"{_patterns(chart)}"
        f'<rect x="{-EDGE}" width="{whole}" height="{height}" fill="{hexadecimal("paper")}"/>'
        f"{''.join(parts)}</svg>\n"
    )


def text(
    x: float,
    y: float,
    words: str,
    size: int = 14,
    weight: int = 400,
    colour: str = "ink",
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}"'
        f' fill="{hexadecimal(colour)}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def fill(chart: Chart, colour: str) -> str:
    """What fills a bar: parts of a stack are hatched, so that they differ in print as well."""
    return f"url(#{colour})" if chart.stacked and colour in PATTERNS else hexadecimal(colour)


def box(x: float, y: float, width: float, height: float, filled: str, name: str = "") -> str:
    """A bar or a part of one; `name` is what pointing at it says."""
    title = f"<title>{escape(name)}</title>" if name else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{filled}"'
        f' stroke="{hexadecimal("paper")}">{title}</rect>'
    )


def line(path: str, colour: str) -> str:
    dash = f' stroke-dasharray="{DASHES[colour]}"' if colour in DASHES else ""
    stroke = hexadecimal(colour)
    return f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="3"{dash}/>'


def _patterns(chart: Chart) -> str:
    used = {series.colour for _i, series in chart.drawn} if chart.stacked else set()
    lines = "".join(
        f'<pattern id="{colour}" width="7" height="7" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate({angle})"><rect width="7" height="7"'
        f' fill="{hexadecimal(colour)}"/><path d="M0 0h7" stroke="{hexadecimal("paper")}"'
        f' stroke-width="1.6"/></pattern>'
        for colour, angle in zip(PATTERNS, (45, 90, 135, 0, 20), strict=True)
        if colour in used
    )
    return f"<defs>{lines}</defs>" if lines else ""


def _bars(chart: Chart, y: float) -> Iterator[str]:
    """Lying bars, each under its label, its value at the end of that line; last, where it ends."""
    for row in chart.drawn_rows:
        for words in textwrap.wrap(row.label, 80) or [""]:
            y += LINE
            yield text(0, y, words)
        values = [row.cells[place].value for place, _series in chart.drawn]
        whole = None if not values or values[0] is None else chart.height_of(row)
        yield text(WIDTH, y, shown(whole, chart.unit), weight=700, anchor="end")
        y += 6
        x = 0.0
        for (_place, series), value in zip(chart.drawn, values, strict=True):
            width = WIDTH * (value or 0) / chart.largest
            if width:
                name = f"{row.label}, {series.label}: {shown(value, series.unit)}"
                yield box(x, y, width, BAR, fill(chart, chart.colour(row, series)), name)
            x += width
        y += BAR + GAP
    yield f"{y - GAP:g}"


def _columns(chart: Chart, y: float) -> Iterator[str]:
    """Standing columns, stacked, with their labels below."""
    rows = chart.drawn_rows
    pitch = WIDTH / max(1, len(rows))
    width = min(pitch - 8, 90)
    base = y + LINE + HIGH
    for number, row in enumerate(rows):
        x, top = number * pitch + (pitch - width) / 2, base
        for place, series in chart.drawn:
            value = row.cells[place].value or 0
            height = HIGH * value / chart.largest
            if not height:
                continue
            top -= height
            name = f"{row.label}, {series.label}: {shown(value, series.unit)}"
            yield box(x, top, width, height, fill(chart, chart.colour(row, series)), name)
        whole = shown(chart.height_of(row), chart.unit)
        yield text(x + width / 2, top - 6, whole, 13, 700, anchor="middle")
        yield text(x + width / 2, base + 18, row.label, 13, anchor="middle")
    yield f'<path d="M0 {base:g}h{WIDTH}" stroke="{hexadecimal("muted")}"/>'
    yield f"{base + 22:g}"


def _lines(chart: Chart, y: float) -> Iterator[str]:
    """Lines over the rows, each ended by its value; a label at the first row of each year."""
    rows = chart.drawn_rows
    right = WIDTH - 50
    step = right / max(1, len(rows) - 1)
    base = y + LINE + HIGH
    yield f'<path d="M0 {base:g}h{right:g}" stroke="{hexadecimal("muted")}"/>'
    for number, row in enumerate(rows):
        year, _dash, quarter = str(row.code).partition("-Q")
        if quarter == "1":
            x = number * step
            yield f'<path d="M{x:.1f} {base:g}v6" stroke="{hexadecimal("muted")}"/>'
            yield text(x, base + 20, year, 13)
    ends: list[float] = []
    for place, series in chart.drawn:
        points = [
            (number * step, base - HIGH * value / chart.largest)
            for number, row in enumerate(rows)
            if (value := row.cells[place].value) is not None
        ]
        if not points:
            continue
        yield line(" ".join(f"{x:.1f} {at:.1f}" for x, at in points), series.colour)
        x, at = points[-1]
        while any(abs(at - other) < LINE for other in ends):
            at += LINE
        ends.append(at)
        last = next(
            row.cells[place].value for row in rows[::-1] if row.cells[place].value is not None
        )
        yield text(x + 6, at + 5, shown(last, series.unit), 14, 700, series.colour)
    yield f"{base + 24:g}"
