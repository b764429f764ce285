"""The pictures that the site draws itself, as SVG of their own: the emblem and the wall."""

from math import cos, pi, sin

from milestones.models import Status
from nextgen.wall import Drawing

# As in static/css/base.css, on paper.
INK, MUTED, LINE = "#14213d", "#535c70", "#c9c4b7"
COLOURS = {
    Status.DONE: INK,
    Status.ON_TRACK: "#4d80c4",
    Status.DELAYED: "#d0430c",
    Status.NOT_REPORTED: MUTED,
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'


def emblem() -> str:
    """The flag of Europe after its official geometry, for a hoist of 36 and a fly of 54 units.

    Twelve upright stars, each in a circle of 1/18 of the hoist, stand like the hours on a circle
    of 1/3 of the hoist around the middle.
    """
    stars = "".join(
        _star(27 + 12 * sin(hour * pi / 6), 18 - 12 * cos(hour * pi / 6)) for hour in range(12)
    )
    body = f'<path fill="#039" d="M0 0h54v36H0z"/><path fill="#fc0" d="{stars}"/>'
    return SVG.format(width=54, height=36, body=body)


def _star(x: float, y: float) -> str:
    inner = sin(pi / 10) / sin(7 * pi / 10)
    points = [
        (x + r * sin(turn * pi / 5), y - r * cos(turn * pi / 5))
        for turn in range(10)
        for r in (2.0 if turn % 2 == 0 else 2 * inner,)
    ]
    return "M" + "L".join(f"{a:.4f} {b:.4f}" for a, b in points) + "z"


def wall(drawing: Drawing, today: str) -> str:
    """A drawing of the wall; `today` says what the line stands for: the report."""
    lying = drawing.base == 0
    years = "".join(
        f'<text x="0" y="{year.at:g}">{year.year}</text>'
        if lying
        else f'<path stroke="{LINE}" d="M{year.at:g} {drawing.base + 6:g}v18"/>'
        f'<text x="{year.at + 4:g}" y="{drawing.base + 20:g}">{year.year}</text>'
        for year in drawing.years
    )
    squares = "".join(
        f'<path fill="{COLOURS[Status(shape.status)]}" fill-rule="evenodd" d="{shape.path}"/>'
        for column in drawing.columns
        for shape in column.shapes
    )
    at, width = drawing.today, drawing.width
    if lying:
        line = f"M0 {at:g}h{width}"
        place = f'x="{width}" y="{at + 8.6:g}" font-size="9" text-anchor="end"'
    else:
        line = f"M{at:g} 2V{drawing.base + 20:g}"
        # Near the right edge the words stand before the line.
        place = f'x="{at + 6:g}" y="12"'
        if at > width * 0.72:
            place = f'x="{at - 6:g}" y="12" text-anchor="end"'
    body = (
        f'<g font-family="Hanken Grotesk" font-size="{11 if lying else 12}" fill="{MUTED}">'
        f'{years}<path stroke="{INK}" stroke-dasharray="2 3" fill="none" d="{line}"/>'
        f'<text {place} fill="{INK}" font-weight="700">{today}</text></g>{squares}'
    )
    return SVG.format(width=width, height=drawing.height, body=body)
