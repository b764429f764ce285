"""The figures of progress: counts and shares of what one report says, and their history."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Value, When
from django.utils.translation import gettext_lazy as _

from milestones import outcomes
from milestones.kept import kept
from milestones.models import Assessment, Milestone, ProgressReport, PublishedFigure, Status
from milestones.quarter import Quarter
from milestones.querysets import MilestoneQuerySet
from projects import figures as of_projects
from projects.figures import COUNT, PER_CENT, Definition, Figure, Figures, share
from projects.models import Project

_SAID = {
    Status.DONE: (
        _("Milestones done"),
        _("Milestones that their authority reports as reached."),
        _("The number of milestones in the plan whose assessment says done."),
    ),
    Status.ON_TRACK: (
        _("Milestones on track"),
        _("Milestones not reached yet that their authority expects on time."),
        _("The number of milestones in the plan whose assessment says on track."),
    ),
    Status.DELAYED: (
        _("Milestones delayed"),
        _("Milestones that their authority expects later than promised."),
        _("The number of milestones in the plan whose assessment says delayed."),
    ),
    Status.NOT_REPORTED: (
        _("Milestones not reported"),
        _("Milestones of which the report says nothing."),
        _("The number of milestones in the plan without an assessment in the report."),
    ),
}
_SHARES = {
    Status.DONE: (_("Share done"), _("Of the milestones assessed, the share that is done.")),
    Status.ON_TRACK: (
        _("Share on track"),
        _("Of the milestones assessed, the share that is on track."),
    ),
    Status.DELAYED: (
        _("Share delayed"),
        _("Of the milestones assessed, the share that is delayed."),
    ),
}

DEFINITIONS = {
    definition.name: definition
    for definition in (
        Definition(
            "milestones",
            COUNT,
            _("Milestones"),
            _("The steps by which the projects prove their progress."),
            _("The number of milestones and targets of the projects in the plan."),
            "",
            "milestones",
        ),
        *(
            Definition(f"milestones-{status}", COUNT, *words, f"status={status}", "milestones")
            for status, words in _SAID.items()
        ),
        *(
            Definition(
                f"milestones-{status}-share",
                PER_CENT,
                title,
                meaning,
                _("The milestones with this status divided by the milestones assessed."),
                f"status={status}",
                "milestones",
            )
            for status, (title, meaning) in _SHARES.items()
        ),
        Definition(
            "milestones-overdue",
            COUNT,
            _("Milestones overdue"),
            _("Milestones whose first promised date has passed and that are not done."),
            _(
                "The number of milestones whose baseline due quarter ended before the date of the "
                "report and that are not done."
            ),
            "overdue=yes",
            "milestones",
        ),
    )
}
ALL_DEFINITIONS = {**of_projects.DEFINITIONS, **DEFINITIONS}
# What says how a milestone stands by the word of its authority alone.
DECLARED = [name for name in DEFINITIONS if name != "milestones"]


def definitions(*, closed: bool) -> dict[str, Definition]:
    """Every figure that a plan has: once it is closed, also what came of it."""
    return ALL_DEFINITIONS | (outcomes.DEFINITIONS if closed else {})


def milestone_figures(
    milestones: MilestoneQuerySet,
    report: ProgressReport,
    scope: str = "",
    *,
    as_published: bool = False,
    closed: bool = False,
) -> Figures:
    """The figures of these milestones in this report, by name; one query.

    Those of a plan that is closed tell also what came of them.
    """
    told = milestones.with_status(report, as_published=as_published)
    counted = _counted(told, report, closed=closed)
    return _figures(counted.get(None) or _nothing(closed), report, scope)


def milestone_figures_by(
    milestones: MilestoneQuerySet,
    field: str,
    report: ProgressReport,
    *,
    as_published: bool = False,
    closed: bool = False,
) -> dict[Any, Figures]:
    """The same for each value of a field of the project, e.g. 'project__pillar__number'."""
    name = field.split("__")[1]
    told = milestones.with_status(report, as_published=as_published)
    return {
        value: _figures(counts, report, f"{name}-{value if value is not None else 'none'}")
        for value, counts in _counted(told, report, field, closed=closed).items()
    }


def _nothing(closed: bool) -> defaultdict[str, Any]:
    return defaultdict(int, outcomes.NOTHING if closed else {})


def _counted(
    told: Any, report: ProgressReport, field: str = "", *, closed: bool
) -> dict[Any, defaultdict[str, Any]]:
    """What figures are made of, for each value of a field or, without one, for None.

    Grouped by status and not counted for each: the word of a report is then looked up once a row.
    """
    late = Case(When(baseline_due__lt=Quarter.of(report.as_of), then=True), default=False)
    of: Any = F(field) if field else Value(None, output_field=IntegerField())
    told = told.with_outcome() if closed else told
    groups = (
        told.order_by()
        .annotate(late=late, of=of)
        .values("of", "status", "late", "provenance", *(["outcome"] if closed else []))
        .annotate(n=Count("pk"), **({"newest": Max("judged_on")} if closed else {}))
    )
    found: dict[Any, defaultdict[str, Any]] = {}
    for group in groups:
        counts = found.setdefault(group["of"], _nothing(closed))
        status, n = group["status"], group["n"]
        counts["milestones"] += n
        counts[f"count_{Status(status).name}"] += n
        counts["overdue"] += n if group["late"] and status != Status.DONE else 0
        counts["sourced"] += n if group["provenance"] == "sourced" else 0
        if closed:
            outcomes.count(counts, group["outcome"], n, group["newest"])
    return found


def _figures(row: Mapping[str, Any], report: ProgressReport, scope: str) -> Figures:
    total = row["milestones"]
    counts = {status: row[f"count_{status.name}"] for status in Status}
    assessed = total - counts[Status.NOT_REPORTED]
    mark = "sourced" if row["sourced"] == total else "reconstructed"

    def figure(
        name: str, value: int | None, of: int | None = None, part: int | None = None
    ) -> Figure:
        return Figure(
            DEFINITIONS[name], value, report.as_of, report.month, part, of, 0, scope, mark
        )

    figures = [
        figure("milestones", total),
        figure("milestones-overdue", row["overdue"]),
        *(figure(f"milestones-{s}", counts[s], total, counts[s]) for s in Status),
        *(
            figure(f"milestones-{s}-share", share(counts[s], assessed), assessed, counts[s])
            for s in _SHARES
        ),
    ]
    ended = outcomes.milestone_figures(row, report, scope, mark)
    return {figure.name: figure for figure in figures} | ended


def splits(
    projects: list[Project],
    report: ProgressReport,
    *,
    as_published: bool = False,
    closed: bool = False,
) -> dict[int, dict[str, int]]:
    """How many milestones of each project have each status in the report; one query.

    Of a plan that is closed, how many have each outcome.
    """
    found: dict[int, dict[str, int]] = {}
    milestones = Milestone.objects.in_plan(report)
    told = (
        milestones.with_outcome()
        if closed
        else milestones.with_status(report, as_published=as_published)
    )
    rows = (
        told.filter(project__in=[project.pk for project in projects])
        .order_by()
        .values_list("project", "outcome" if closed else "status")
        .annotate(n=Count("pk"))
    )
    for project, status, count in rows:
        found.setdefault(project, {})[status] = count
    return found


def plan_figures(
    report: ProgressReport, *, as_published: bool = False, closed: bool = False
) -> Figures:
    """All figures of the plan in this report; those that were published so count as sourced.

    Of a plan that is closed also what came of its milestones and projects.
    """

    def make() -> Figures:
        return _plan_figures(report, as_published=as_published, closed=closed)

    if report.state != ProgressReport.State.PUBLISHED:
        return make()  # what a draft says is written all day long
    return dict(kept(("figures", report.month, as_published, closed), make))


def _plan_figures(report: ProgressReport, *, as_published: bool, closed: bool) -> Figures:
    projects, milestones = Project.objects.in_plan(report.as_of), Milestone.objects.in_plan(report)
    figures = {
        **{
            name: replace(figure, report=report.month)
            for name, figure in of_projects.project_figures(projects, report.as_of).items()
        },
        **milestone_figures(milestones, report, as_published=as_published, closed=closed),
        **(outcomes.project_figures(projects, report) if closed else {}),
    }
    published = dict(report.published_figures.values_list("figure", "value"))
    known = [name for name, figure in figures.items() if published.get(name) == figure.value]
    if only_counts(figures, published):
        known += [f"milestones-{status}" for status in _SHARES]
    return figures | {name: figures[name].published() for name in known}


def only_counts(figures: Figures, published: Mapping[str, Any]) -> bool:
    """Whether no other counts than these give the three published shares of those assessed.

    Each share allows a few counts; where the smallest of all three already make up the whole,
    they are the only ones: 34, 53 and 14 % of 410 are 138, 216 and 56.
    """
    parts = [figures[f"milestones-{status}-share"] for status in _SHARES]
    whole = parts[0].denominator or 0
    if not whole or any(published.get(part.name) != part.value for part in parts):
        return False
    smallest = (next(n for n in range(whole + 1) if share(n, whole) == p.value) for p in parts)
    return sum(smallest) == whole


def share_sum(figures: Figures) -> int:
    """What the three shares add up to: each is rounded on its own, so it may not be 100."""
    return sum(figures[f"milestones-{status}-share"].value or 0 for status in _SHARES)


@dataclass(frozen=True)
class Contradiction:
    """What an authority published for a report, where the rows give something else."""

    published: PublishedFigure
    figure: Figure


def contradictions(report: ProgressReport, figures: Figures) -> list[Contradiction]:
    """The published figures of this report that differ from those computed."""
    return [
        Contradiction(published, figures[published.figure])
        for published in report.published_figures.all()
        if published.figure in figures and published.value != figures[published.figure].value
    ]


@dataclass(frozen=True)
class Pace:
    """Milestones due and done up to the end of one quarter; `done` is None after the report."""

    quarter: Quarter
    baseline: int
    in_force: int
    done: int | None


def planned_and_actual(
    milestones: MilestoneQuerySet, report: ProgressReport, *, as_published: bool = False
) -> list[Pace]:
    """Planned against actual, cumulative, a row a quarter; two queries."""
    words = Assessment.objects
    due: Any = milestones.values_list("baseline_due", "due")
    planned: list[tuple[Quarter, Quarter]] = list(due)
    if not planned:
        return []
    finished: Counter[Any] = Counter(
        (words.as_published() if as_published else words.as_corrected())
        .filter(report=report, status=Status.DONE, milestone__in=milestones)
        .values_list("done_quarter", flat=True)
    )
    baseline, in_force = Counter(b for b, _d in planned), Counter(d for _b, d in planned)
    first = min([*baseline, *in_force, *finished])
    last = max([*baseline, *in_force])
    paces: list[Pace] = []
    sums = [0, 0, 0]
    for index in range(first.index, last.index + 1):
        quarter = Quarter.from_index(index)
        for place, counter in enumerate((baseline, in_force, finished)):
            sums[place] += counter[quarter]
        done = sums[2] if quarter <= Quarter.of(report.as_of) else None
        paces.append(Pace(quarter, sums[0], sums[1], done))
    return paces


@dataclass(frozen=True)
class Slippage:
    """How far dates have moved: `counts` has (quarters, milestones) pairs, earliest first."""

    counts: list[tuple[int, int]]
    median: float | None
    unsaid: int


def slippage(
    milestones: MilestoneQuerySet,
    report: ProgressReport,
    *,
    as_published: bool = False,
    closed: bool = False,
) -> Slippage:
    """Expected or done quarter minus baseline due quarter, in quarters, over these milestones.

    Of a plan that is closed nothing is expected any more: over those that are done.
    """
    told = milestones.with_status(report, as_published=as_published)
    rows: dict[Any, int] = dict(
        (told.filter(status=Status.DONE) if closed else told)
        .order_by()
        .values_list("slippage")
        .annotate(n=Count("pk"))
        .values_list("slippage", "n")
    )
    unsaid = rows.pop(None, 0)
    spread = [quarters for quarters, n in rows.items() for _i in range(n)]
    return Slippage(sorted(rows.items()), median(spread) if spread else None, unsaid)
