"""The facets and orders about progress, for the list of projects and the list of milestones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import (
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
from projects.listing import Facet, Sort, Text
from projects.models import Project
from projects.summary import Summary, keys_of, pairs_of


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

    def pairs_in(self, milestones: Any, path: str) -> Iterator[tuple[int, Any]]:
        """The keys of milestones, or of the projects that have them, with each value at a path."""
        if not self.of_projects:
            return pairs_of(milestones, path)
        having = milestones.order_by().values_list("project", path).distinct()
        found: Iterator[tuple[int, Any]] = having.iterator()
        return found


class StatusFacet(Over, Facet):
    name = "status"
    label = _("Milestones")

    def choices(self) -> Iterable[tuple[str, Text]]:
        for value, label in Status.choices:
            yield value, capfirst(label)

    def pairs(self, _rows: Any) -> Iterable[tuple[int, Any]]:
        return self.pairs_in(self.milestones().with_status(self.report), "status")


class DueFacet(Over, Facet):
    """Years are offered; a quarter ('2024-Q4') can be asked for as well."""

    name = "due"
    label = _("Due in")
    pattern = WRITTEN

    def __init__(self, report: ProgressReport, summary: Callable[[], Summary], **of: bool) -> None:
        super().__init__(report, **of)
        self.summary = summary

    def choices(self) -> Iterable[tuple[str, Text]]:
        years = (
            value for value in self.summary().values(self.name, self.pairs) if "-" not in value
        )
        return [(year, year) for year in sorted(years)]

    def label_of(self, value: str) -> Text | None:
        return _quarter_label(value) or super().label_of(value)

    def pairs(self, _rows: Any) -> Iterable[tuple[int, Any]]:
        for key, quarter in self.pairs_in(self.milestones(), "due"):
            yield key, quarter
            yield key, quarter.year


class BaselineFacet(Facet):
    """The quarter of the first promise ('2024-Q4'); asked for by the wall, not offered."""

    name = "baseline"
    label = _("First promised for")
    pattern = WRITTEN
    asked = True

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def label_of(self, value: str) -> Text | None:
        return _quarter_label(value)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(baseline_due__in=[Quarter.parse(value) for value in values])

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, "baseline_due")


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

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        overdue = set(keys_of(rows.overdue(self.report).order_by()))
        for key in keys_of(rows.order_by()):
            yield key, "yes" if key in overdue else "no"


class VerdictFacet(Facet):
    """The Commission's latest verdict on a milestone; 'none' where there is none."""

    name = "verdict"
    label = _("Verdict of the Commission")

    def choices(self) -> Iterable[tuple[str, Text]]:
        for value, label in Verdict.Outcome.choices:
            yield value, capfirst(label)
        yield "none", _("No verdict")

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        said = Verdict.objects.order_by("decided_on", "pk").values_list("milestone", "verdict")
        latest = dict(said)
        for key in keys_of(rows.order_by()):
            yield key, latest.get(key)


class MilestoneKindFacet(Facet):
    name = "kind"
    label = _("Kind")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "milestone", _("Milestones (a fact)")
        yield "target", _("Targets (a number)")

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, "kind")


class ProjectFacet(Facet):
    """What belongs to certain projects; asked for by links, not offered as a list."""

    name = "project"
    label = _("Project")
    asked = True

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

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, self.path)


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
