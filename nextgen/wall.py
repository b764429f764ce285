"""The wall: every milestone a square, in the quarter that it was first promised for."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from milestones.models import Outcome, ProgressReport, Status
from milestones.quarter import Quarter
from milestones.querysets import MilestoneQuerySet

ACROSS, CELL, SQUARE, PITCH = 3, 11, 9, 39
LABEL, LANE = 40, 14
NARROWEST = 340  # of the lying wall: a small plan's squares do not grow beyond those of a large one
ORDER = [
    Status.DONE, Status.DELAYED, Status.ON_TRACK, Status.NOT_REPORTED,
    Outcome.FULFILLED, Outcome.NOT_FULFILLED, Outcome.UNKNOWN,
]  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """All squares of one status, or outcome, in one quarter as one path."""

    status: str
    path: str


@dataclass(frozen=True)
class Column:
    """One quarter of the wall: where it stands, its squares, and its counts by what they say."""

    quarter: Quarter
    x: float
    y: float
    width: float
    height: float
    shapes: list[Shape]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Year:
    year: int
    at: float


@dataclass(frozen=True)
class Drawing:
    """One way to lay the wall: standing (a column a quarter) or lying (a row a quarter)."""

    width: int
    height: int
    columns: list[Column]
    years: list[Year]
    today: float
    base: float


@dataclass(frozen=True)
class Wall:
    standing: Drawing
    lying: Drawing
    total: int
    report: ProgressReport
    ended: date | None = None


def square(status: str, x: float, y: float, size: float = SQUARE) -> str:
    """The path of one square: full, small, with a cut corner, an outline, crossed, or half."""
    match status:
        case Outcome.NOT_FULFILLED:
            side, gap = round(size * 7 / 9, 1), round(size * 2 / 9, 1)
            return f"M{x:g} {y + gap:g}v{side:g}h{side:g}zM{x + gap:g} {y:g}h{side:g}v{side:g}z"
        case Outcome.PARTLY:
            half, inner = round(size / 2, 1), size - 2
            return (
                f"M{x:g} {y:g}h{size:g}v{size:g}h-{size:g}z"
                f"M{x + half:g} {y + 1:g}v{inner:g}h{half - 1:g}v-{inner:g}z"
            )
        case Status.ON_TRACK:
            inset = round(size / 5, 1)
            side = round(size - 2 * inset, 1)
            return f"M{x + inset:g} {y + inset:g}h{side:g}v{side:g}h-{side:g}z"
        case Status.DELAYED:
            cut = round(size * 4 / 9, 1)
            rest = round(size - cut, 1)
            return f"M{x:g} {y:g}h{size:g}v{size:g}h-{rest:g}l-{cut:g}-{cut:g}z"
        case Status.NOT_REPORTED | Outcome.UNKNOWN:
            inner = size - 2
            return f"M{x:g} {y:g}h{size:g}v{size:g}h-{size:g}zm1 1v{inner:g}h{inner:g}v-{inner:g}z"
        case _:
            return f"M{x:g} {y:g}h{size:g}v{size:g}h-{size:g}z"


def draw(
    milestones: MilestoneQuerySet,
    report: ProgressReport,
    *,
    as_published: bool = False,
    ended: date | None = None,
) -> Wall | None:
    """The wall of these milestones as the report speaks of them; None without any. One query.

    Of a plan that is closed and `ended` on a day, it tells what came of them.
    """
    told = (
        milestones.with_outcome()
        if ended
        else milestones.with_status(report, as_published=as_published)
    )
    rows = (
        told.order_by()
        .values_list("baseline_due", "outcome" if ended else "status")
        .annotate(n=Count("pk"))
    )
    counts: dict[Quarter, Counter[str]] = {}
    for quarter, status, n in rows:
        counts.setdefault(quarter, Counter())[status] += n
    if not counts:
        return None
    first, last = min(counts), max(counts)
    quarters = [first + step for step in range(last - first + 1)]
    total = sum(counter.total() for counter in counts.values())
    tallest = max(counter.total() for counter in counts.values())
    now = Quarter.of(ended or report.as_of)
    return Wall(
        _standing(quarters, counts, tallest, now), _lying(quarters, counts, tallest, now),
        total, report, ended,
    )  # fmt: skip


def _sorted(counter: Counter[str]) -> Iterator[tuple[int, str]]:
    return enumerate(status for status in ORDER for _i in range(counter[status]))


def _shapes(placed: Iterable[tuple[str, float, float]]) -> list[Shape]:
    paths: dict[str, list[str]] = {}
    for status, x, y in placed:
        paths.setdefault(status, []).append(square(status, x, y))
    return [Shape(status, "".join(parts)) for status, parts in paths.items()]


def _standing(
    quarters: list[Quarter], counts: dict[Quarter, Counter[str]], tallest: int, now: Quarter
) -> Drawing:
    head, foot = 22, 24
    base = head + -(-tallest // ACROSS) * CELL
    columns = []
    for place, quarter in enumerate(quarters):
        counter = counts.get(quarter, Counter())
        x = place * PITCH
        placed = [
            (status, x + (i % ACROSS) * CELL, base - (i // ACROSS + 1) * CELL)
            for i, status in _sorted(counter)
        ]
        columns.append(
            Column(quarter, x - 3, head, PITCH, base - head, _shapes(placed), dict(counter))
        )
    years = [Year(q.year, i * PITCH - 3.5) for i, q in enumerate(quarters) if q.number == 1]
    today = (now - quarters[0] + 1) * PITCH - 4
    width = len(quarters) * PITCH - (PITCH - ACROSS * CELL) - (CELL - SQUARE)
    return Drawing(width, base + foot, columns, years, today, base)


def _lying(
    quarters: list[Quarter], counts: dict[Quarter, Counter[str]], tallest: int, now: Quarter
) -> Drawing:
    head, width = 4, max(NARROWEST, LABEL + tallest * CELL)
    columns: list[Column] = []
    years: list[Year] = []
    y = float(head)
    today = 0.0
    for quarter in quarters:
        if quarter.number == 1 and columns:
            y += 4
        if quarter == now + 1:
            today = y + 5
            y += 16
        if quarter.number == 1 or not columns:
            years.append(Year(quarter.year, y + SQUARE))
        counter = counts.get(quarter, Counter())
        placed = [(status, LABEL + i * CELL, y) for i, status in _sorted(counter)]
        columns.append(Column(quarter, 0, y - 2, width, LANE, _shapes(placed), dict(counter)))
        y += LANE
    return Drawing(width, int(y) + 2, columns, years, today or y - 2, 0)
