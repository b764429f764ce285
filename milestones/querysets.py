"""The vocabulary of progress as verbs."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from milestones.quarter import Quarter
from projects.querysets import in_plan_on
from projects.search import MAX_TERMS, has_word, rank, words

if TYPE_CHECKING:
    from milestones.models import Assessment, Change, Milestone, ProgressReport  # noqa: F401
    from projects.models import Project


class ReportQuerySet(models.QuerySet["ProgressReport", "ProgressReport"]):
    def published(self) -> Self:
        """Published reports, oldest first."""
        return self.filter(state="published").order_by("month")

    def current(self) -> "ProgressReport | None":
        """The published report with the latest as-of date."""
        return self.published().last()


class AssessmentQuerySet(models.QuerySet["Assessment", "Assessment"]):
    def as_published(self) -> Self:
        """The words of the report on the day it was published: version one."""
        return self.filter(version=1)

    def as_corrected(self) -> Self:
        """The newest version of each word."""
        return self.filter(corrected_by=None)


def _assessments() -> AssessmentQuerySet:
    found: AssessmentQuerySet = apps.get_model("milestones", "Assessment").objects.all()
    return found


class MilestoneQuerySet(models.QuerySet["Milestone", "Milestone"]):
    def in_plan(self, report: "ProgressReport") -> Self:
        """Milestones that counted, with their project, in the plan of this report."""
        return self.filter(in_plan_on(report.as_of), in_plan_on(report.as_of, "project__"))

    def _words_of(self, report: "ProgressReport") -> AssessmentQuerySet:
        return _assessments().as_corrected().filter(report=report, milestone=OuterRef("pk"))

    def with_status(self, report: "ProgressReport") -> Any:
        """Adds `status` ('not-reported' where the report is silent) and `slippage` in quarters."""
        said = self._words_of(report)
        return self.annotate(
            status=Coalesce(Subquery(said.values("status")[:1]), Value("not-reported")),
            slippage=Subquery(
                said.annotate(when=Coalesce("done_quarter", "expected")).values("when")[:1],
                output_field=models.SmallIntegerField(),
            )
            - F("baseline_due"),
        )

    def with_assessment(self, report: "ProgressReport") -> Self:
        """Adds `said`: a list that holds the report's assessment, or nothing."""
        assessments = _assessments().as_corrected()
        return self.prefetch_related(
            Prefetch("assessments", assessments.filter(report=report), to_attr="said")
        )

    def overdue(self, report: "ProgressReport") -> Self:
        """The baseline due quarter ended before the report's as-of date, and it is not done."""
        done = Exists(self._words_of(report).filter(status="done"))
        return self.filter(~done, baseline_due__lt=Quarter.of(report.as_of))

    def formerly(self, code: str) -> "Milestone | None":
        """The milestone that had this code before it got its present one."""
        return next(
            (m for m in self.filter(former_codes__contains=code) if code in m.former_code_list),
            None,
        )

    def matching(self, query: str) -> Self:
        """Milestones that hold every word of the query, themselves or in their project."""
        condition = Q()
        for term in words(query)[:MAX_TERMS]:
            condition &= has_word(term, "search", "project__search")
        return self.filter(condition)

    def for_rows(self) -> Self:
        """With all that a row of a list shows of the milestone and its project."""
        return self.select_related("project__pillar", "project__lead").defer(
            "search", "project__search"
        )

    def by_relevance(self, query: str) -> Self:
        """Title before unit before the rest, ties by code."""
        return self.order_by(rank(query), "code")


class ChangeQuerySet(models.QuerySet["Change", "Change"]):
    def of_project(self, project: "Project") -> Self:
        """The log of a project, its allocations and its milestones, newest first."""
        return self.filter(
            Q(record_type__in=["project", "allocation"], record=project.code)
            | Q(record_type="milestone", record__in=project.milestones.values("code"))
        )

    def of_milestone(self, milestone: "Milestone") -> Self:
        """The log of one milestone, newest first."""
        return self.filter(
            record_type__in=["milestone", "assessment", "verdict"], record=milestone.code
        )
