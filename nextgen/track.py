"""The track of a project: its milestones from the first promise to the date now expected."""

from collections.abc import Iterable
from dataclasses import dataclass

from milestones.models import Milestone, ProgressReport
from milestones.quarter import Quarter
from nextgen.wall import SQUARE, Shape, square

PITCH, LANE, HEAD = 16, 17, 16


@dataclass(frozen=True)
class Lane:
    """One milestone: where it was promised, where it stands, and the line between."""

    y: float
    promised: float
    now: float
    middle: float
    moved: bool
    shape: Shape
    title: str


@dataclass(frozen=True)
class Track:
    width: int
    height: int
    lanes: list[Lane]
    years: list[tuple[int, int]]
    today: float
    report: ProgressReport


def draw(milestones: Iterable[Milestone], report: ProgressReport) -> Track | None:
    """The track of milestones that carry `status` and `slippage`; None without any.

    Where they carry an outcome, their squares tell that.
    """
    rows = list(milestones)
    if not rows:
        return None
    places = [
        (m, m.baseline_due, m.due if m.slippage is None else m.baseline_due + m.slippage)  # type: ignore[attr-defined]
        for m in rows
    ]
    quarters = [q for _m, *both in places for q in both] + [Quarter.of(report.as_of)]
    first = Quarter(min(quarters).year, 1)
    last = Quarter(max(quarters).year, 4)

    def x(quarter: Quarter) -> float:
        return (quarter - first) * PITCH + (PITCH - SQUARE) / 2

    lanes = []
    for place, (milestone, promised, now) in enumerate(places):
        y = HEAD + place * LANE + (LANE - SQUARE) / 2
        says = str(getattr(milestone, "outcome", milestone.status))  # type: ignore[attr-defined]
        shape = Shape(says, square(says, x(now), y))
        lanes.append(
            Lane(y, x(promised), x(now), y + SQUARE / 2, promised != now, shape, milestone.title)
        )
    width = (last - first + 1) * PITCH
    years = [
        (year, (Quarter(year, 1) - first) * PITCH) for year in range(first.year, last.year + 1)
    ]
    today = (Quarter.of(report.as_of) - first + 1) * PITCH
    return Track(width, HEAD + len(lanes) * LANE + 2, lanes, years, today, report)
