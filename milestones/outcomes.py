"""What came of a plan that is closed: of its milestones by the Commission's verdicts, and of its
projects by their milestones.

A milestone is fulfilled or not by the newest verdict on it alone (`with_outcome` of its queryset):
what its authority declared is another thing. Of the milestones of a project that are in the plan

- all fulfilled: the project is fulfilled;
- some fulfilled, but not all: partly fulfilled;
- none fulfilled, and a verdict on one or more: not fulfilled;
- no verdict on any, or no milestones at all: unknown.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone, Outcome, ProgressReport
from projects.figures import COUNT, PER_CENT, Definition, Figure, Figures, share
from projects.models import Project
from projects.querysets import ProjectQuerySet

OF_MILESTONES = [Outcome.FULFILLED, Outcome.NOT_FULFILLED, Outcome.UNKNOWN]
OF_PROJECTS = list(Outcome)


def name_of(counted: str, outcome: str) -> str:
    """The name of a figure: of 'milestones' and 'unknown' it is 'milestones-outcome-unknown'."""
    return f"{counted}-{'outcome-unknown' if outcome == Outcome.UNKNOWN else outcome}"


_TOLD = {
    "milestones-fulfilled": (
        _("Milestones fulfilled"),
        _("Milestones that the European Commission found fulfilled."),
        _("The number of milestones in the plan whose newest verdict says fulfilled."),
    ),
    "milestones-not-fulfilled": (
        _("Milestones not fulfilled"),
        _("Milestones that the European Commission found not fulfilled."),
        _(
            "The number of milestones in the plan whose newest verdict says not fulfilled, "
            "suspended or reversed."
        ),
    ),
    "milestones-outcome-unknown": (
        _("Milestones whose outcome is unknown"),
        _("Milestones of which the European Commission has said nothing."),
        _("The number of milestones in the plan without a verdict, whatever was declared of them."),
    ),
    "projects-fulfilled": (
        _("Projects fulfilled"),
        _("Projects whose milestones are all fulfilled."),
        _("The number of projects in the plan all of whose milestones are fulfilled."),
    ),
    "projects-partly-fulfilled": (
        _("Projects partly fulfilled"),
        _("Projects of whose milestones some are fulfilled."),
        _(
            "The number of projects in the plan of whose milestones one or more are fulfilled, "
            "but not all."
        ),
    ),
    "projects-not-fulfilled": (
        _("Projects not fulfilled"),
        _("Projects none of whose milestones was found fulfilled."),
        _(
            "The number of projects in the plan with a verdict on one or more milestones, none of "
            "which is fulfilled."
        ),
    ),
    "projects-outcome-unknown": (
        _("Projects whose outcome is unknown"),
        _("Projects of whose milestones the European Commission has said nothing."),
        _("The number of projects in the plan without a verdict on any milestone."),
    ),
}
_SHARES = {
    Outcome.FULFILLED: (
        _("Share fulfilled"),
        _("Of all milestones, the share that the European Commission found fulfilled."),
    ),
    Outcome.NOT_FULFILLED: (
        _("Share not fulfilled"),
        _("Of all milestones, the share that the European Commission found not fulfilled."),
    ),
    Outcome.UNKNOWN: (
        _("Share whose outcome is unknown"),
        _("Of all milestones, the share of which the European Commission has said nothing."),
    ),
}


def _definitions() -> Iterable[Definition]:
    for outcome in OF_MILESTONES:
        name = name_of("milestones", outcome)
        yield Definition(name, COUNT, *_TOLD[name], f"outcome={outcome}", "milestones")
    for outcome in OF_MILESTONES:
        formula = _("The milestones with this outcome divided by all milestones in the plan.")
        name = f"{name_of('milestones', outcome)}-share"
        words = (*_SHARES[outcome], formula)
        yield Definition(name, PER_CENT, *words, f"outcome={outcome}", "milestones")
    for outcome in OF_PROJECTS:
        name = name_of("projects", outcome)
        yield Definition(name, COUNT, *_TOLD[name], f"outcome={outcome}")


DEFINITIONS = {definition.name: definition for definition in _definitions()}

# What is counted of milestones whose outcome is asked for.
NOTHING: dict[str, Any] = {
    "newest_verdict": None,
    **{f"outcome_{each.name}": 0 for each in OF_MILESTONES},
}


def count(counts: dict[str, Any], outcome: str, n: int, judged_on: date | None) -> None:
    """Adds n milestones of one outcome, the newest verdict on which is of this day."""
    counts[f"outcome_{Outcome(outcome).name}"] += n
    if judged_on:
        counts["newest_verdict"] = max(judged_on, counts["newest_verdict"] or judged_on)


def with_outcome(projects: ProjectQuerySet, report: ProgressReport) -> Any:
    """Adds `outcome` by the rule above, over the milestones in the plan of the report."""
    own = Milestone.objects.in_plan(report).with_outcome().filter(project=OuterRef("pk")).order_by()
    fulfilled = Exists(own.filter(outcome=Outcome.FULFILLED))
    anything_else = Exists(own.exclude(outcome=Outcome.FULFILLED))
    judged = Exists(own.exclude(outcome=Outcome.UNKNOWN))
    return projects.annotate(
        outcome=Case(
            When(fulfilled & ~anything_else, then=Value(Outcome.FULFILLED.value)),
            When(fulfilled, then=Value(Outcome.PARTLY.value)),
            When(judged, then=Value(Outcome.NOT_FULFILLED.value)),
            default=Value(Outcome.UNKNOWN.value),
        )
    )


def outcomes(projects: Iterable[Project], report: ProgressReport) -> dict[int, str]:
    """The outcome of each of these projects, by primary key; one query."""
    chosen = Project.objects.filter(pk__in=[project.pk for project in projects])
    return dict(with_outcome(chosen, report).order_by().values_list("pk", "outcome"))


def milestone_figures(
    row: Mapping[str, Any], report: ProgressReport, scope: str, provenance: str
) -> Figures:
    """The figures of what came of some milestones; none where a row does not count that.

    They are of the day of the report, or of the newest verdict where that came later.
    """
    if "outcome_UNKNOWN" not in row:
        return {}
    total, judged = row["milestones"], row["newest_verdict"] or date.min
    found = []
    for outcome in OF_MILESTONES:
        n, name = row[f"outcome_{outcome.name}"], name_of("milestones", outcome)
        for ending, value in (("", n), ("-share", share(n, total))):
            found.append(
                Figure(
                    DEFINITIONS[f"{name}{ending}"], value, max(report.as_of, judged), report.month,
                    n, total, 0, scope, provenance,
                )
            )  # fmt: skip
    return {figure.name: figure for figure in found}


def project_figures(projects: ProjectQuerySet, report: ProgressReport) -> Figures:
    """The figures of what came of these projects; one query."""
    own = Milestone.objects.in_plan(report).filter(project=OuterRef("pk"))
    judged = own.with_outcome().filter(judged_on__isnull=False).order_by("-judged_on")
    told = with_outcome(projects, report).annotate(
        judged_on=Subquery(judged.values("judged_on")[:1]),
        with_unsourced=Exists(own.exclude(provenance="sourced")),
    )
    row = told.aggregate(
        total=Count("pk"),
        unsourced=Count("pk", filter=~Q(provenance="sourced") | Q(with_unsourced=True)),
        newest_verdict=Max("judged_on"),
        **{f"outcome_{each.name}": Count("pk", filter=Q(outcome=each.value)) for each in Outcome},
    )
    as_of = max(report.as_of, row["newest_verdict"] or date.min)
    mark = "reconstructed" if row["unsourced"] else "sourced"
    return {
        (name := name_of("projects", each)): Figure(
            DEFINITIONS[name], n := row[f"outcome_{each.name}"], as_of, report.month,
            n, row["total"], provenance=mark,
        )
        for each in OF_PROJECTS
    }  # fmt: skip
