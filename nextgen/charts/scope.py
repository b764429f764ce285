"""What a chart is made of: a report and some projects of its plan."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from milestones.models import Milestone, ProgressReport
from milestones.querysets import MilestoneQuerySet
from projects.models import Plan, Project
from projects.querysets import ProjectQuerySet

Choice = Callable[[ProgressReport], ProjectQuerySet]
# What the lists of projects and of milestones both understand.
SHARED = {"pillar", "authority", "component", "report"}


def whole_plan(report: ProgressReport) -> ProjectQuerySet:
    """All projects in the plan of a report."""
    return Project.objects.in_plan(report.as_of)


@dataclass(frozen=True)
class Scope:
    """The report that charts speak of and the projects that they are limited to.

    `chosen` gives those of them that were in the plan of a report; `filters` is the query string of
    that choice, which links to lists begin with; `name` is the scope of its figures as in
    `Figure.scope`: '' for the whole plan, 'pillar-1', 'selection' for any other choice. `plan` is
    the plan's name. What the report says is taken as corrected, unless asked for as published.
    `closed` tells that the plan is: then charts show what came of it.
    """

    report: ProgressReport
    chosen: Choice
    filters: str
    name: str
    plan: str
    as_published: bool = False
    closed: bool = False

    @classmethod
    def of(
        cls,
        report: ProgressReport,
        chosen: Choice = whole_plan,
        filters: str = "",
        name: str = "",
        *,
        as_published: bool = False,
    ) -> "Scope":
        """The whole plan of the report, or what is chosen of it; one query."""
        plan = Plan.objects.first()
        name_of_plan = plan.name if plan else ""
        closed = bool(plan and plan.closed and not as_published)
        return cls(report, chosen, filters.lstrip("?"), name, name_of_plan, as_published, closed)

    @property
    def projects(self) -> ProjectQuerySet:
        return self.chosen(self.report)

    @property
    def milestones(self) -> MilestoneQuerySet:
        return self.milestones_in(self.report)

    def milestones_in(self, report: ProgressReport) -> MilestoneQuerySet:
        """The milestones of these projects in the plan of another report."""
        milestones = Milestone.objects.in_plan(report)
        return milestones.filter(project__in=self.chosen(report)) if self.name else milestones

    @property
    def provenance(self) -> str:
        """Whether all milestones of it are sourced."""
        unsourced = self.milestones.exclude(provenance="sourced", unsourced="").exists()
        return "reconstructed" if unsourced else "sourced"

    def address(self, listing: str = "projects", **values: object) -> str:
        """The list of these projects, or of their milestones, narrowed further by values.

        Empty where the list of milestones cannot be narrowed like that of the projects.
        """
        pairs = [pair for pair in parse_qsl(self.filters) if pair[0] != "sort"]
        if listing == "milestones" and not {name for name, _value in pairs} <= SHARED:
            return ""
        kept = [pair for pair in pairs if pair[0] not in values]
        wanted = [(name, str(value)) for name, value in values.items()]
        return f"{reverse(listing)}?{urlencode([*kept, *wanted])}".removesuffix("?")
