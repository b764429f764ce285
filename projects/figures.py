"""The figures of the plan's money and projects: each defined once, computed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.querysets import ProjectQuerySet

Text = str | Promise
EUR, COUNT, PER_CENT = "eur", "count", "per-cent"


@dataclass(frozen=True)
class Definition:
    """What a figure means, in words; `rows` is the filter of the list that it is counted from."""

    name: str
    unit: str
    title: Text
    meaning: Text
    formula: Text
    rows: str = ""
    listing: str = "projects"


@dataclass(frozen=True)
class Figure:
    """A value with everything needed to check it.

    `value` is EUR, a count, or whole per cent (None where there is nothing to divide by);
    `left_out` counts the projects whose budget is not published; `scope` is empty for the whole
    plan, else e.g. `pillar-1`.
    """

    definition: Definition
    value: int | None
    as_of: date
    report: str = ""
    numerator: int | None = None
    denominator: int | None = None
    left_out: int = 0
    scope: str = ""
    provenance: str = "sourced"

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def unit(self) -> str:
        return self.definition.unit

    def published(self) -> "Figure":
        """The same figure, known from a publication of the authorities themselves."""
        return replace(self, provenance="sourced")


Figures = dict[str, Figure]


def share(numerator: int, denominator: int) -> int | None:
    """Whole per cent, half rounded up; None of nothing."""
    return (200 * numerator + denominator) // (2 * denominator) if denominator else None


def unsourced(field: str) -> Q:
    """Rows whose value of this field is not sourced."""
    return ~Q(provenance="sourced") | Q(unsourced__contains=field)


DEFINITIONS = {
    definition.name: definition
    for definition in (
        Definition(
            "total-budget",
            EUR,
            _("Total budget"),
            _("All projects of the plan together, European and Belgian money."),
            _("The sum of the published budgets of all projects in the plan."),
        ),
        Definition(
            "projects",
            COUNT,
            _("Projects"),
            _("Investments and reforms that were in the plan on the date of the report."),
            _("The number of projects that had joined the plan and not left it."),
        ),
        Definition(
            "projects-investment",
            COUNT,
            _("Investments"),
            _("Projects that build, buy or subsidise something."),
            _("The number of projects in the plan of the kind investment."),
            "kind=investment",
        ),
        Definition(
            "projects-reform",
            COUNT,
            _("Reforms"),
            _("Projects that change a law or the way an administration works."),
            _("The number of projects in the plan of the kind reform."),
            "kind=reform",
        ),
        Definition(
            "climate-share",
            PER_CENT,
            _("For the climate"),
            _("The share of the money that counts towards the climate objective."),
            _("Each budget times its climate contribution, added up, divided by all budgets."),
            "contributes=climate",
        ),
        Definition(
            "digital-share",
            PER_CENT,
            _("For digitalisation"),
            _("The share of the money that counts towards the digital objective."),
            _("Each budget times its digital contribution, added up, divided by all budgets."),
            "contributes=digital",
        ),
    )
}

AGGREGATES: dict[str, Any] = {
    "sum_budget": Sum("budget", default=0),
    "count": Count("pk"),
    "investments": Count("pk", filter=Q(kind="investment")),
    "unpublished": Count("pk", filter=Q(budget=None)),
    "sum_climate": Sum(F("budget") * F("climate_contribution"), default=0),
    "sum_digital": Sum(F("budget") * F("digital_contribution"), default=0),
    "rows_unsourced": Count("pk", filter=~Q(provenance="sourced")),
    "budget_unsourced": Count("pk", filter=unsourced("budget")),
    "climate_unsourced": Count("pk", filter=unsourced("budget") | unsourced("climate_contribu")),
    "digital_unsourced": Count("pk", filter=unsourced("budget") | unsourced("digital_contribu")),
    "known_climate": Sum("budget", filter=Q(climate_contribution__isnull=False), default=0),
    "known_digital": Sum("budget", filter=Q(digital_contribution__isnull=False), default=0),
    "unknown_climate": Count("pk", filter=Q(budget=None) | Q(climate_contribution=None)),
    "unknown_digital": Count("pk", filter=Q(budget=None) | Q(digital_contribution=None)),
}


def project_figures(projects: ProjectQuerySet, on: date, scope: str = "") -> Figures:
    """The figures of these projects, as of this day, by name; one query."""
    return _figures(projects.aggregate(**AGGREGATES), on, scope)


def project_figures_by(
    projects: ProjectQuerySet, field: str, on: date, within: str = ""
) -> dict[Any, Figures]:
    """The figures of these projects for each value of a field, e.g. 'pillar'; one query.

    A group's scope is the field and the value, `pillar-1` for `pillar__number`, after the scope
    that the projects lie within: `authority-FLA pillar-1`.
    """
    name = field.split("__", maxsplit=1)[0]
    return {
        row[field]: _figures(
            row, on, f"{within} {name}-{'none' if row[field] is None else row[field]}".strip()
        )
        for row in projects.order_by().values(field).annotate(**AGGREGATES)
    }


def authority_money(projects: ProjectQuerySet, on: date, within: str = "") -> dict[str, Figure]:
    """Σ allocations of these projects by code of the authority, in EUR; one query."""
    rows = (
        projects.order_by()
        .filter(allocations__isnull=False)
        .values(carrier=F("allocations__authority__code"))
        .annotate(
            amount=Sum("allocations__amount"),
            not_sourced=Count("allocations", filter=~Q(allocations__provenance="sourced")),
        )
    )
    return {
        row["carrier"]: Figure(
            DEFINITIONS["total-budget"],
            row["amount"],
            on,
            scope=f"{within} authority-{row['carrier']}".strip(),
            provenance="reconstructed" if row["not_sourced"] else "sourced",
        )
        for row in rows
    }


def _figures(row: Mapping[str, int], on: date, scope: str) -> Figures:
    def figure(name: str, value: int | None, not_sourced: int, **more: int | None) -> Figure:
        mark = "reconstructed" if not_sourced else "sourced"
        return Figure(DEFINITIONS[name], value, on, scope=scope, provenance=mark, **more)  # type: ignore[arg-type]

    budget, left_out, unlisted = row["sum_budget"], row["unpublished"], row["rows_unsourced"]
    figures: Iterable[Figure] = (
        # Where no budget is published the sum is not zero: it is not published either.
        figure(
            "total-budget",
            budget if left_out < row["count"] or not left_out else None,
            row["budget_unsourced"],
            left_out=left_out,
        ),
        figure("projects", row["count"], unlisted),
        figure("projects-investment", row["investments"], unlisted),
        figure("projects-reform", row["count"] - row["investments"], unlisted),
        *(
            # A contribution that is not published leaves its budget out: it is not zero either.
            figure(
                f"{objective}-share",
                share(row[f"sum_{objective}"], 100 * row[f"known_{objective}"]),
                row[f"{objective}_unsourced"],
                numerator=row[f"sum_{objective}"] // 100,
                denominator=row[f"known_{objective}"],
                left_out=row[f"unknown_{objective}"],
            )
            for objective in ("climate", "digital")
        ),
    )
    return {figure.name: figure for figure in figures}
