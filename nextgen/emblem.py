"""The emblem of the European Union by its official geometry: in the head, as a file, in print."""

from math import cos, pi, sin


def _star(x: float, y: float) -> str:
    inner = sin(pi / 10) / sin(7 * pi / 10)
    points = [
        (x + r * sin(turn * pi / 5), y - r * cos(turn * pi / 5))
        for turn in range(10)
        for r in (2.0 if turn % 2 == 0 else 2 * inner,)
    ]
    return "M" + "L".join(f"{a:.2f} {b:.2f}" for a, b in points) + "z"


# For a hoist of 36 and a fly of 54 units: twelve upright stars, each in a circle of 1/18 of the
# hoist, stand like the hours on a circle of 1/3 of the hoist around the middle.
STARS = "".join(
    _star(27 + 12 * sin(hour * pi / 6), 18 - 12 * cos(hour * pi / 6)) for hour in range(12)
)
SHAPES = f'<path fill="#039" d="M0 0h54v36H0z"/><path fill="#fc0" d="{STARS}"/>'
EMBLEM = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 54 36">{SHAPES}</svg>'
