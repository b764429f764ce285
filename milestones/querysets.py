"""The vocabulary of progress as verbs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Length
from django.utils import timezone

from milestones.quarter import Quarter
from projects.querysets import ProjectQuerySet, in_plan_on
from projects.search import MAX_TERMS, has_word, rank, words

if TYPE_CHECKING:
    from milestones.models import (  # noqa: F401
        Assessment,
        Brochure,
        Change,
        Edition,
        Milestone,
        ProgressReport,
        Stamp,
    )
    from projects.models import Authority, Pillar


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


def _newest_verdict() -> Any:
    """The verdicts on the milestone of the query outside, the newest first."""
    verdicts = apps.get_model("milestones", "Verdict").objects.filter(milestone=OuterRef("pk"))
    return verdicts.order_by("-decided_on", "-pk")


class MilestoneQuerySet(models.QuerySet["Milestone", "Milestone"]):
    def in_plan(self, report: "ProgressReport") -> Self:
        """Milestones that counted, with their project, in the plan of this report."""
        return self.filter(in_plan_on(report.as_of), in_plan_on(report.as_of, "project__"))

    def _words_of(
        self, report: "ProgressReport", *, as_published: bool = False
    ) -> AssessmentQuerySet:
        words = _assessments()
        words = words.as_published() if as_published else words.as_corrected()
        return words.filter(report=report, milestone=OuterRef("pk"))

    def with_status(self, report: "ProgressReport", *, as_published: bool = False) -> Any:
        """Adds `status` ('not-reported' where the report is silent) and `slippage` in quarters.

        As corrected, unless asked for as published.
        """
        said = self._words_of(report, as_published=as_published)
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

    def with_verdict(self) -> Any:
        """Adds `latest_verdict`, the Commission's newest, or None where it has said nothing."""
        return self.annotate(latest_verdict=Subquery(_newest_verdict().values("verdict")[:1]))

    def with_outcome(self) -> Any:
        """Adds `outcome`, by the newest verdict alone, with it as `latest_verdict` and `judged_on`.

        'fulfilled', or 'not-fulfilled' where it is not fulfilled, suspended or reversed, or
        'unknown' where the Commission has said nothing, whatever the authority declared.
        """
        return self.with_verdict().annotate(
            judged_on=Subquery(_newest_verdict().values("decided_on")[:1]),
            outcome=Case(
                When(latest_verdict=None, then=Value("unknown")),
                When(latest_verdict="fulfilled", then=Value("fulfilled")),
                default=Value("not-fulfilled"),
            ),
        )

    def with_delay(self) -> Any:
        """Adds `delay` to milestones with their status: the slippage of those that are done."""
        return self.annotate(delay=Case(When(status="done", then=F("slippage"))))

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
        found, every = self, self.model._default_manager
        for term in words(query)[:MAX_TERMS]:
            # Two searches, each by its index: no index answers for two tables at once.
            own = every.filter(has_word(term, "search")).order_by()
            of_project = every.filter(project__in=_projects().filter(has_word(term, "search")))
            either = own.values("pk").union(of_project.order_by().values("pk"))
            found = found.filter(pk__in=either)
        return found

    def for_rows(self) -> Self:
        """With all that a row of a list shows of the milestone and its project."""
        return self.select_related("project__pillar", "project__lead").defer(
            "search", "project__search"
        )

    def by_relevance(self, query: str) -> Self:
        """Title before unit before the rest, ties by code."""
        return self.order_by(rank(query), "code")


class EditionQuerySet(models.QuerySet["Edition", "Edition"]):
    def published(self) -> Self:
        """Those of published reports, each with its report, oldest first."""
        return self.filter(report__state="published").select_related("report")

    def light(self) -> Self:
        """Without the package, which is large."""
        return self.defer("package")


class BrochureQuerySet(models.QuerySet["Brochure", "Brochure"]):
    def light(self) -> Self:
        """With its edition's report and its `size` in bytes, and without any file or figures."""
        return (
            self.select_related("edition__report")
            .defer("pdf", "edition__figures", "edition__package")
            .annotate(size=Length("pdf"))
        )

    def of(self, language: str, scope: str = "", month: str = "") -> Self:
        """Those of a scope in a language, the newest edition first; or of one month alone."""
        found = self.filter(language=language, scope=scope).order_by("-edition__report__month")
        return found.filter(edition__report__month=month) if month else found


# What the figures of a report are counted from: `projects.figures` and `milestones.figures`.
COUNTED = {
    "project": [
        "budget", "kind", "climate_contribution", "digital_contribution", "pillar", "lead",
        "joined", "left",
    ],
    "milestone": ["project", "joined", "left"],
}  # fmt: skip


# The kinds of record whose lines of the log name a milestone.
OF_MILESTONES = ["milestone", "assessment", "verdict"]


def _named(records: models.QuerySet[Any]) -> Q:
    """Lines that name one of these records, by the code that it has or one that it had."""
    former = records.exclude(former_codes="").order_by().values_list("former_codes", flat=True)
    codes = [code for joined in former for code in joined.split(";")]
    return Q(record__in=records.order_by().values("code")) | Q(record__in=codes)


def _projects() -> ProjectQuerySet:
    found: ProjectQuerySet = apps.get_model("projects", "Project").objects.all()
    return found


class ChangeQuerySet(models.QuerySet["Change", "Change"]):
    def for_page(self) -> Self:
        """With `slug`, of the pillar that a line speaks of, if it speaks of one."""
        pillars = apps.get_model("projects", "Pillar").objects.annotate(
            written=Cast("number", CharField())
        )
        return self.annotate(
            slug=Subquery(pillars.filter(written=OuterRef("record")).values("slug")[:1])
        )

    def made_since(self, day: date | None) -> Self:
        """What was changed in the plan on this day or later; newest first."""
        return self.filter(made_on__gte=day).exclude(record_type="report") if day else self.none()

    def but_publications(self) -> Self:
        """Without the lines that say that a report was published."""
        return self.exclude(record_type="report", field="state", new="published")

    def since(self, edition: "Edition") -> Self:
        """What was changed, after this edition, of what its report says or counts; newest first.

        Every correction of its assessments, and the later changes of money and projects that its
        figures were counted from.
        """
        month = edition.report.month
        of_words = Q(record_type="assessment", field__endswith=f" {month}")
        return self.filter(of_words) | self.counted_since(edition)

    def counted_since(
        self, edition: "Edition", fields: Mapping[str, Sequence[str]] = COUNTED
    ) -> Self:
        """Changes, after this edition, of money and of these fields of its records."""
        counted = Q(record_type="allocation")
        for record_type, names in fields.items():
            counted |= Q(record_type=record_type, field__in=names)
        month = edition.report.month
        published = self.model._default_manager.filter(
            record_type="report", record=month, field="state", new="published"
        )
        # Numbers, not days: the machine's clock may have gone back. Of a report that a package
        # brought along the log does not tell when it was published.
        later = Q(number__gt=Subquery(published.order_by().values("number")[:1])) | Q(
            ~Exists(published), made_on__gte=timezone.localdate(edition.frozen_at)
        )
        return self.filter(counted & later)

    def of_projects(self, projects: models.QuerySet[Any]) -> Self:
        """The log of these projects, their allocations and their milestones, newest first."""
        milestones = apps.get_model("milestones", "Milestone").objects.filter(project__in=projects)
        own = Q(record_type__in=["project", "allocation"]) & _named(projects)
        return self.filter(own | (Q(record_type__in=OF_MILESTONES) & _named(milestones)))

    def of_pillar(self, pillar: "Pillar") -> Self:
        """The log of a pillar and its projects, also of those that have left the plan."""
        own = Q(record_type="pillar", record=str(pillar.number))
        return self.of_projects(_projects().filter(pillar=pillar)) | self.filter(own)

    def of_authority(self, authority: "Authority") -> Self:
        """The log of an authority and of all that it leads or carries, or did in the plan."""
        own = Q(record_type="authority", record=authority.code)
        return self.of_projects(_projects().carried_by(authority.code)) | self.filter(own)

    def of_milestones(self, milestones: models.QuerySet[Any]) -> Self:
        """The log of these milestones and of what was said of them, newest first."""
        return self.filter(_named(milestones), record_type__in=OF_MILESTONES)

    def of_milestone(self, milestone: "Milestone") -> Self:
        """The log of one milestone, newest first."""
        return self.filter(
            record_type__in=OF_MILESTONES,
            record__in=[milestone.code, *milestone.former_code_list],
        )


class StampQuerySet(models.QuerySet["Stamp", "Stamp"]):
    def token(self) -> str:
        """What the public data is known by at this moment; one query."""
        return self.values_list("token", flat=True).get()
