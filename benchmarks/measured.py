"""A measurement: what, in which unit, and each value that was seen, so that the noise shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One line of the table. `against` is what the values stand beside, measured in turn.

    `target` is the least ratio of the medians that the design asks for.
    """

    what: str
    unit: str
    values: Sequence[float]
    against: Sequence[float] = ()
    other: str = ""
    target: float | None = None
    notes: str = ""

    @property
    def ratio(self) -> float | None:
        """How often faster than the other: more a second, or fewer seconds."""
        if not self.against or not median(self.against) or not median(self.values):
            return None
        ours = median(self.values) / median(self.against)
        return ours if self.unit.endswith("/s") else 1 / ours

    def told(self) -> dict[str, Any]:
        return {
            "what": self.what, "unit": self.unit, "values": list(self.values),
            "against": list(self.against), "other": self.other, "ratio": self.ratio,
            "target": self.target, "notes": self.notes,
        }  # fmt: skip


def alternated(
    rounds: int, first: Callable[[], float], second: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Both measured in turn, the first of a round in turn too: noise hits both alike."""
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(rounds):
        pair = [(ours, first), (theirs, second)]
        for values, measure in pair if turn % 2 == 0 else reversed(pair):
            values.append(measure())
    return ours, theirs


def spread(values: Sequence[float]) -> str:
    """The median with the least and the most: '512 (498–530)'."""
    if not values:
        return "–"
    low, middle, high = (short(each) for each in (min(values), median(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low}–{high})"


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


@dataclass
class Results:
    """All measurements of a run, in their order."""

    lines: list[Measured] = field(default_factory=list)
