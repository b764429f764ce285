"""The facets and orders about progress, for the list of projects and the list of milestones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from milestones.models import Milestone, ProgressReport, Status, Verdict
from milestones.quarter import WRITTEN, Quarter
from milestones.querysets import MilestoneQuerySet
from projects.models import Project
from projects.selection import Facet, Sort, Text, grouped


class Over:
    """A facet over milestones, or over projects by the milestones that they have.

    Those in the plan of the report count, or with `ever` all that were or will be in any.
    """

    def __init__(
        self, report: ProgressReport, *, of_projects: bool = False, ever: bool = False
    ) -> None:
        self.report = report
        self.of_projects = of_projects
        self.ever = ever

    def milestones(self) -> MilestoneQuerySet:
        return Milestone.objects.all() if self.ever else Milestone.objects.in_plan(self.report)

    def having(self, rows: Any, milestones: MilestoneQuerySet) -> Any:
        """The rows that are, or have, one of these milestones."""
        if not self.of_projects:
            return rows.filter(pk__in=milestones.values("pk"))
        return rows.filter(Exists(milestones.filter(project=OuterRef("pk"))))

    def count(self, rows: Any, milestones: Any, path: str) -> dict[str, int]:
        """How many of the rows are, or have, milestones with each value at the path."""
        owner = "project" if self.of_projects else "pk"
        chosen = milestones.filter(**{f"{owner}__in": rows.order_by().values("pk")})
        return grouped(chosen, path, Count(owner, distinct=True))


class StatusFacet(Over, Facet):
    name = "status"
    label = _("Milestones")

    def choices(self) -> Iterable[tuple[str, Text]]:
        for value, label in Status.choices:
            yield value, capfirst(label)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return self.having(
            rows, self.milestones().with_status(self.report).filter(status__in=values)
        )

    def counts(self, rows: Any) -> Mapping[str, int]:
        return self.count(rows, self.milestones().with_status(self.report), "status")


class DueFacet(Over, Facet):
    """Years are offered; a quarter ('2024-Q4') can be asked for as well."""

    name = "due"
    label = _("Due in")
    pattern = WRITTEN

    def choices(self) -> Iterable[tuple[str, Text]]:
        quarters: Any = self.milestones().order_by().values_list("due", flat=True).distinct()
        for year in sorted({quarter.year for quarter in quarters}):
            yield str(year), str(year)

    def label_of(self, value: str) -> Text | None:
        return _quarter_label(value) or super().label_of(value)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        quarters: Any = [
            Quarter.parse(written)
            for value in values
            for written in ([value] if "-" in value else [f"{value}-Q{n}" for n in range(1, 5)])
        ]
        return self.having(rows, self.milestones().filter(due__in=quarters))

    def counts(self, rows: Any) -> Mapping[str, int]:
        milestones = self.milestones()
        quarters = self.count(rows, milestones, "due")
        year = ExpressionWrapper(F("due") / 4, IntegerField())
        years = self.count(rows, milestones.annotate(year=year), "year")
        return {**quarters, **years}


class BaselineFacet(Facet):
    """The quarter of the first promise ('2024-Q4'); asked for by the wall, not offered."""

    name = "baseline"
    label = _("First promised for")
    pattern = WRITTEN

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def label_of(self, value: str) -> Text | None:
        return _quarter_label(value)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(baseline_due__in=[Quarter.parse(value) for value in values])

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, "baseline_due", Count("pk"))


def _quarter_label(value: str) -> Text | None:
    try:
        quarter = Quarter.parse(value)
    except ValueError:
        return None
    words = pgettext("quarter", "Q{number} {year}")
    return words.format(number=quarter.number, year=quarter.year).replace(" ", "\u00a0")


class OverdueFacet(Over, Facet):
    name = "overdue"
    label = _("First promise")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "yes", _("Overdue")
        yield "no", _("Not overdue")

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        if len(values) == 2:
            return rows
        overdue = Q(pk__in=self.milestones().overdue(self.report).values("pk"))
        return rows.filter(overdue if "yes" in values else ~overdue)

    def counts(self, rows: Any) -> Mapping[str, int]:
        overdue = rows.overdue(self.report).count()
        return {"yes": overdue, "no": rows.count() - overdue}


class VerdictFacet(Facet):
    """The Commission's latest verdict on a milestone; 'none' where there is none."""

    name = "verdict"
    label = _("Verdict of the Commission")

    def choices(self) -> Iterable[tuple[str, Text]]:
        for value, label in Verdict.Outcome.choices:
            yield value, capfirst(label)
        yield "none", _("No verdict")

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        nothing = Q(latest_verdict=None) if "none" in values else Q(pk__in=[])
        return rows.with_verdict().filter(nothing | Q(latest_verdict__in=values))

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows.with_verdict(), "latest_verdict", Count("pk"))


class MilestoneKindFacet(Facet):
    name = "kind"
    label = _("Kind")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "milestone", _("Milestones (a fact)")
        yield "target", _("Targets (a number)")

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(kind__in=values)

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, "kind", Count("pk"))


class ProjectFacet(Facet):
    """What belongs to certain projects; asked for by links, not offered as a list."""

    name = "project"
    label = _("Project")

    def __init__(self, path: str = "project__code") -> None:
        self.path = path
        self._titles: dict[str, Text | None] = {}

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def values(self) -> list[str]:
        return list(Project.objects.order_by("code").values_list("code", flat=True))

    def label_of(self, value: str) -> Text | None:
        if value not in self._titles:
            project = Project.objects.filter(code=value).defer("search").first()
            self._titles[value] = project.short_title if project else None
        return self._titles[value]

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(**{f"{self.path}__in": values})

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, self.path, Count("pk"))


def delay_of_projects(report: ProgressReport, *, closed: bool = False) -> Sort:
    """Projects by the longest slippage among their milestones in this report.

    Of a plan that is closed nothing is expected any more: among those that are done.
    """
    done = Q(status=Status.DONE) if closed else None

    def order(reverse: bool) -> list[Any]:
        longest = Subquery(
            Milestone.objects.in_plan(report)
            .with_status(report)
            .filter(project=OuterRef("pk"))
            .order_by()
            .values("project")
            .annotate(longest=Max("slippage", filter=done))
            .values("longest")
        )
        return [_directed(longest, reverse), "code"]

    return Sort("delay", _("Delay"), order)


def due_of_projects(report: ProgressReport) -> Sort:
    """Projects by the due quarter in force of their last milestone."""

    def order(reverse: bool) -> list[Any]:
        last = Subquery(
            Milestone.objects.in_plan(report)
            .filter(project=OuterRef("pk"))
            .order_by()
            .values("project")
            .annotate(last=Max("due"))
            .values("last")
        )
        return [_directed(last, reverse), "code"]

    return Sort("due", _("Last milestone due"), order)


def _directed(expression: Any, reverse: bool) -> Any:
    return expression.desc(nulls_last=True) if reverse else expression.asc(nulls_last=True)
