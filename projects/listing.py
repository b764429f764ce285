"""What can be listed: rows with facets that narrow them, and orders to show them in.

Nothing here knows HTTP, nor which rows somebody chose: see selection.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.functional import Promise

from projects.summary import Summary

Text = str | Promise


@dataclass(frozen=True)
class Option:
    """One value of a facet; `count` is the rows if it alone were chosen in its facet."""

    facet: str
    value: str
    label: Text
    count: int
    chosen: bool


class Facet:
    """How one parameter narrows a list: its values with their labels, and what each selects.

    `pattern` is a regular expression of further values, too many to be named. A facet with so many
    values that none is offered or counted is `asked` for alone, and narrows by `narrow`.
    """

    name: str
    label: Text
    pattern = ""
    asked = False

    def choices(self) -> Iterable[tuple[str, Text]]:
        """All values that can be offered, with labels in the language in force."""
        raise NotImplementedError

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        """The keys of the rows with each value that they have; an empty one is None."""
        raise NotImplementedError

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        """The rows that have one of these values."""
        raise NotImplementedError

    def values(self) -> list[str]:
        """All values that can be named, also those that are known without being offered."""
        return [value for value, _label in self.choices()]

    def label_of(self, value: str) -> Text | None:
        """The label of a value, also of one that is not offered; None if it is unknown."""
        return self._labels.get(value)

    @cached_property
    def _labels(self) -> dict[str, Text]:
        return dict(self.choices())

    def options(
        self, labels: Mapping[str, Text], count: Callable[[str], int], chosen: Sequence[str]
    ) -> list[Option]:
        """The offered values, which `labels` names, and the chosen ones, each with its count."""
        extra = [(v, self.label_of(v) or v) for v in chosen if v not in labels]
        return [
            Option(self.name, value, label, count(value), value in chosen)
            for value, label in [*labels.items(), *extra]
        ]


@dataclass(frozen=True)
class Sort:
    """An order that a visitor may choose: `order` gives the expressions, `-name` reverses it."""

    name: str
    label: Text
    order: Callable[[bool], list[Any]]


def by(*fields: str, ties: Sequence[str] = ("code",)) -> Callable[[bool], list[Any]]:
    """An order by these fields, empty values last in both directions, ties by code."""

    def order(reverse: bool) -> list[Any]:
        ordered: list[Any] = [
            F(name).desc(nulls_last=True) if reverse else F(name).asc(nulls_last=True)
            for name in fields
        ]
        return [*ordered, *ties]

    return order


@dataclass(frozen=True)
class Listing:
    """What can be listed: all rows, the facets and sorts, and the report that they speak of.

    Of `report` and `current` this floor knows only that each has a `month`. `state` is the
    parameter that chooses among `reports`. `summary` gives all rows summed up, None where the
    database counts them. `closed` tells that the plan is.
    """

    name: str
    rows: Callable[[], Any]
    facets: Sequence[Facet]
    sorts: Sequence[Sort]
    default_sort: str
    report: Any
    reports: Sequence[str]
    current: Any
    budgets: bool = False
    state: str = "report"
    summary: Callable[[], Summary] | None = None
    closed: bool = False

    @property
    def ended(self) -> bool:
        """Whether it tells what came of a closed plan, not what an earlier report said."""
        return bool(self.closed and self.report.month == self.current.month)

    @property
    def parameters(self) -> list[str]:
        """Every parameter that this list understands."""
        budgets = ["budget_min", "budget_max"] if self.budgets else []
        return ["q", *(f.name for f in self.facets), *budgets, self.state, "sort", "page"]
