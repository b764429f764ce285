"""The wall as a picture of its own."""

from milestones.models import Status
from nextgen.charts.colours import hexadecimal
from nextgen.wall import Drawing

INK, MUTED, LINE = (hexadecimal(name) for name in ("ink", "muted", "line"))
COLOURS = {status: hexadecimal(status) for status in Status} | {Status.NOT_REPORTED: MUTED}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'


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
