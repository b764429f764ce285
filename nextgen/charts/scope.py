"""What a chart is made of: a report and some projects of its plan."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from milestones.models import Milestone, ProgressReport
from milestones.querysets import MilestoneQuerySet
from projects.models import Plan, Project
from projects.querysets import ProjectQuerySet


@dataclass(frozen=True)
class Scope:
    """The report that a chart speaks of and the projects that it is limited to.

    `filters` is the query string of that selection of projects, `name` the scope of its figures:
    '' for the whole plan, 'pillar-1', or 'selection' for any other. What the report says is taken
    as corrected, unless asked for as published.
    """

    report: ProgressReport
    projects: ProjectQuerySet
    filters: str = ""
    name: str = ""
    as_published: bool = False

    @classmethod
    def of(
        cls,
        report: ProgressReport,
        projects: ProjectQuerySet | None = None,
        filters: str = "",
        name: str = "",
        *,
        as_published: bool = False,
    ) -> "Scope":
        """The whole plan of the report, or these of its projects."""
        whole = Project.objects.in_plan(report.as_of)
        limited = whole if projects is None else projects
        return cls(report, limited, filters.lstrip("?"), name, as_published)

    @property
    def milestones(self) -> MilestoneQuerySet:
        return self.milestones_in(self.report)

    def milestones_in(self, report: ProgressReport) -> MilestoneQuerySet:
        """The milestones of these projects in the plan of another report."""
        milestones = Milestone.objects.in_plan(report)
        return milestones if self.whole else milestones.filter(project__in=self.projects)

    @property
    def provenance(self) -> str:
        """Whether all milestones of it are sourced."""
        unsourced = self.milestones.exclude(provenance="sourced", unsourced="").exists()
        return "reconstructed" if unsourced else "sourced"

    @property
    def whole(self) -> bool:
        return not self.name

    @cached_property
    def plan(self) -> str:
        found = Plan.objects.first()
        return found.name if found else ""

    def address(self, listing: str = "projects", **values: object) -> str:
        """The list of these projects, or of their milestones, narrowed further by values."""
        shared = ("pillar", "authority", "component", "report") if listing == "milestones" else None
        kept = [
            (name, value)
            for name, value in parse_qsl(self.filters)
            if name not in values and (shared is None or name in shared)
        ]
        wanted = [(name, str(value)) for name, value in values.items() if value != ""]
        return f"{reverse(listing)}?{urlencode([*kept, *wanted])}".removesuffix("?")
