"""What the desk has to do in a draft report: who has said what, and what cannot stay so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from milestones.querysets import MilestoneQuerySet
from projects.models import Authority, Plan
from projects.translated import columns


@dataclass(frozen=True)
class Task:
    """A list of milestones that ask for something; `name` stands in the address."""

    name: str
    title: str | Promise
    hint: str | Promise


TASKS = [
    Task(
        "unassessed",
        _("Not assessed yet"),
        _("The draft says nothing of them. Silence is published as 'not reported'."),
    ),
    Task(
        "due",
        _("Due in this report"),
        _("The quarter in force has ended by the report's date, and they are not done."),
    ),
    Task(
        "overdue",
        _("Overdue"),
        _("The quarter first promised has passed, and they are not done."),
    ),
    Task(
        "no-evidence",
        _("Done without evidence"),
        _("They are said to be done, and nothing shows it."),
    ),
    Task(
        "untranslated",
        _("A translation is missing"),
        _("A text is there in one language of the plan and not in another."),
    ),
    Task(
        "below-goal",
        _("Done below the goal"),
        _("The value achieved does not reach the goal of the target."),
    ),
    Task(
        "expected-past",
        _("Expected in the past"),
        _("They are not done, and the quarter they are expected in is over."),
    ),
    Task(
        "undone",
        _("No longer done"),
        _("The report before said done, the draft says something else."),
    ),
]
BY_NAME = {task.name: task for task in TASKS}


def rows(by: User, report: ProgressReport) -> MilestoneQuerySet:
    """The milestones of a draft report that this person may assess, with what is said of them.

    Adds `said` and `before` (status in the draft and in the report before, or None) and `last_…`:
    the status, quarter, value and evidence of the newest word, be it in the draft or before.
    """
    words = (
        Assessment.objects.as_corrected()
        .filter(milestone=OuterRef("pk"))
        .filter(Q(report=report) | Q(report__state="published", report__month__lt=report.month))
        .order_by("-report__month")
    )
    earlier = words.exclude(report=report)
    milestones = Milestone.objects.in_plan(report)
    if by.authority_id is not None:
        milestones = milestones.filter(project__lead=by.authority_id)
    found: MilestoneQuerySet = milestones.annotate(
        said=Subquery(words.filter(report=report).values("status")[:1]),
        before=Subquery(earlier.values("status")[:1]),
        last_status=Subquery(words.values("status")[:1]),
        last_expected=Subquery(words.values("expected")[:1]),
        last_value=Subquery(words.values("achieved_value")[:1]),
        last_evidence=Subquery(words.values("evidence")[:1]),
        half_noted=Exists(words.filter(partly("note"), report=report)),
    )
    return found


def codes(pks: Iterable[str]) -> dict[str, str]:
    """The codes of milestones by their primary keys, both as a form writes them."""
    found = Milestone.objects.filter(pk__in=list(pks)).values_list("pk", "code")
    return {str(pk): code for pk, code in found}


def conditions(report: ProgressReport, today: date | None = None) -> dict[str, Q]:
    """What puts a milestone of `rows` on each list, by the name of the task."""
    done, now = Q(last_status="done"), Quarter.of(report.as_of)
    rising = Q(baseline_value=None) | Q(goal_value__gte=F("baseline_value"))
    return {
        "unassessed": Q(said=None),
        "due": ~done & Q(due__lte=now),
        "overdue": ~done & Q(baseline_due__lt=now),
        "no-evidence": done & Q(last_evidence=""),
        "untranslated": partly("title", "description", "unit", "due_reason") | Q(half_noted=True),
        "below-goal": done
        & (
            (rising & Q(last_value__lt=F("goal_value")))
            | (~rising & Q(last_value__gt=F("goal_value")))
        ),
        "expected-past": ~done & Q(last_expected__lt=Quarter.of(today or timezone.localdate())),
        "undone": Q(before="done", said__isnull=False) & ~Q(said="done"),
    }


def partly(*texts: str) -> Q:
    """Texts that some languages of the plan have and others lack."""
    languages = Plan.objects.get().language_codes
    found = Q()
    for name in texts:
        wanted = [column for column in columns(name) if column[-2:] in languages]
        empty = [Q(**{column: ""}) for column in wanted]
        some, all_of_them = Q(), Q()
        for each in empty:
            some |= each
            all_of_them &= each
        found |= some & ~all_of_them
    return found


@dataclass(frozen=True)
class Standing:
    """How far a draft has come: milestones assessed of all, and how many are on each list."""

    total: int
    assessed: int
    counts: dict[str, int]

    @property
    def silent(self) -> int:
        return self.total - self.assessed


def standing(milestones: MilestoneQuerySet, report: ProgressReport) -> Standing:
    """How far these `rows` have come; one query."""
    found: dict[str, Any] = milestones.order_by().aggregate(
        total=Count("pk"),
        assessed=Count("said"),
        **{
            f"task_{name.replace('-', '_')}": Count("pk", filter=condition)
            for name, condition in conditions(report).items()
        },
    )
    counts = {name: found[f"task_{name.replace('-', '_')}"] for name in BY_NAME}
    return Standing(found["total"], found["assessed"], counts)


def standing_by_authority(milestones: MilestoneQuerySet) -> list[tuple[Authority, dict[str, int]]]:
    """For each lead authority how many of these `rows` are assessed, missing, and in all."""
    authorities = Authority.objects.in_bulk()
    counted: Any = (
        milestones.order_by()
        .values(lead=F("project__lead"))
        .annotate(total=Count("pk"), assessed=Count("said"))
        .annotate(missing=F("total") - F("assessed"))
        .order_by("project__lead__position")
    )
    return [(authorities[each.pop("lead")], each) for each in counted]
