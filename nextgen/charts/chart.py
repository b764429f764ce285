"""A chart: what it shows as a sentence, its rows and series, and how it is drawn.

A chart knows neither plotly nor SVG: its page, table, CSV and both drawings are made from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _

from nextgen import formats
from nextgen.charts.scope import Scope
from projects.figures import COUNT, EUR, Figure

Kind = Literal["bars", "columns", "lines"]


@dataclass(frozen=True)
class Series:
    """One column of the chart's table; those `drawn` are bars, parts of bars, or lines.

    `unit` is that of the figures: eur (whole EUR), count, per-cent (whole per cent).
    """

    name: str
    label: str
    unit: str
    colour: str = "ink"
    drawn: bool = True


@dataclass(frozen=True)
class Cell:
    """A value of a row, None where there is none, with the figure that it comes from, if any."""

    value: int | None
    figure: Figure | None = None
    provenance: str = "sourced"
    address: str = ""


@dataclass(frozen=True)
class Row:
    """One bar, column or point: its code, its label, and a cell for each series.

    `address` is that of the selection that it stands for.
    """

    code: str | int
    label: str
    cells: Sequence[Cell]
    address: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart in the language in force.

    `title` says what it shows; `measure` says what is counted, and in what unit; `key` is the name
    of the column with the rows' codes, `heading` the words above their labels. Of more rows than
    `at_most`, the drawing adds up the rest: the table has them all. `provenance` is that of what
    no cell says alone.
    """

    name: str
    kind: Kind
    title: str
    measure: str
    key: str
    heading: str
    series: Sequence[Series]
    rows: Sequence[Row]
    scope: Scope
    at_most: int = 20
    total: bool = False
    provenance: str = "sourced"

    @property
    def drawn(self) -> list[tuple[int, Series]]:
        """The series that are drawn, each with its place among the cells."""
        return [(i, series) for i, series in enumerate(self.series) if series.drawn]

    @property
    def unit(self) -> str:
        """The unit of what is drawn."""
        return self.series[0].unit if self.series else COUNT

    @cached_property
    def drawn_rows(self) -> list[Row]:
        """The rows that are drawn, the last of them the rest, if there are too many."""
        if self.kind != "bars" or len(self.rows) <= self.at_most + 1:
            return list(self.rows)
        shown, rest = self.rows[: self.at_most], self.rows[self.at_most :]
        cells = [
            Cell(added(row.cells[place].value for row in rest)) for place in range(len(self.series))
        ]
        label = _("The other {n}").format(n=formats.number(len(rest)))
        return [*shown, Row("", label, cells, colour="muted")]

    @property
    def of_figures(self) -> bool:
        """Whether its values are figures of the plan or of its parts."""
        return any(cell.figure for row in self.rows for cell in row.cells)

    @property
    def stacked(self) -> bool:
        """Whether its bars or columns have parts."""
        return self.kind != "lines" and len(self.drawn) > 1

    def colour(self, row: Row, series: Series) -> str:
        """The name of the colour of a bar or a part of one."""
        return series.colour if self.stacked else row.colour or series.colour

    @property
    def totals(self) -> list[int | None]:
        """What each drawn series adds up to; None for the others, and where nothing is known."""
        return [
            added(row.cells[place].value for row in self.rows) if series.drawn else None
            for place, series in enumerate(self.series)
        ]

    @cached_property
    def largest(self) -> int:
        """The longest bar, column or line, with all its parts; 1 where all are empty."""
        heights = [self.height_of(row) for row in self.drawn_rows]
        return max([1, *heights])

    @cached_property
    def _longest(self) -> int:
        """The longest row of the table, which has no rest; 1 where all are empty."""
        return max([1, *map(self.height_of, self.rows)])

    def parts(self, row: Row) -> list[tuple[float, float, float, float, str]]:
        """The bar of a row: x, y, width, height and colour of each part, in a room of 1000 × 10.

        Lines lie below one another, parts of a bar side by side. The room is not as wide as the
        values are large: browsers draw nothing of use in one that is billions of units wide.
        """
        height = 10 / len(self.drawn) if self.kind == "lines" else 10
        x, y = 0.0, 0.0
        found: list[tuple[float, float, float, float, str]] = []
        for place, series in self.drawn:
            width = round(1000 * (row.cells[place].value or 0) / self._longest, 1)
            part = round(x, 1), round(y, 2), width, round(height, 2), self.colour(row, series)
            found.append(part)
            x, y = (x, y + height) if self.kind == "lines" else (x + width, y)
        return found

    @property
    def query(self) -> str:
        """What its addresses end in: the selection that it is limited to."""
        return f"?{self.scope.filters}" if self.scope.filters else ""

    def height_of(self, row: Row) -> int:
        """How far a row reaches: the sum of its parts, or the highest of its lines."""
        values = [row.cells[place].value or 0 for place, _series in self.drawn]
        return max([0, *values]) if self.kind == "lines" else sum(values)

    @property
    def reconstructed(self) -> bool:
        """Whether any value of it is not sourced."""
        cells = [cell.provenance for row in self.rows for cell in row.cells]
        return any(mark != "sourced" for mark in [self.provenance, *cells])

    @property
    def source(self) -> str:
        """Where it comes from, in a line that stands on every picture of it."""
        words = {"plan": self.scope.plan, "month": formats.month(self.scope.report.as_of)}
        if self.reconstructed:
            return _("{plan}, report of {month}; some values are reconstructed").format(**words)
        return _("{plan}, report of {month}").format(**words)


def added(values: Iterable[int | None]) -> int | None:
    """The sum of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def of_figure(figure: Figure, address: str = "") -> Cell:
    """A cell that holds a figure."""
    return Cell(figure.value, figure, figure.provenance, address)


def shown(value: int | None, unit: str) -> str:
    """A value of a series as it reads everywhere."""
    if value is None:
        return "–"
    if unit == EUR:
        return formats.money(value)
    return formats.number(value) if unit == COUNT else formats.per_cent(value)
