"""What the API offers: each resource with its record, its list, and what is computed for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from milestones.facets import ProjectFacet
from milestones.figures import splits
from milestones.models import Assessment, Milestone, Outcome, ProgressReport, Status
from milestones.outcomes import OF_MILESTONES, outcomes
from nextgen.api.record import Record
from nextgen.package.column import SMALL, Column
from nextgen.package.tables import column
from nextgen.pages.lists import choose
from projects.listing import Facet, Listing, Sort, Text
from projects.models import Authority, Component, Pillar, Project, Recipient
from projects.selection import Selection

Parameters = Mapping[str, list[str]]
Computed = Iterable[tuple[Any, dict[str, Any]]]

page = column("*url", "url", "Its page on this site")
outcome = column(
    "*outcome", "text", "What came of it, of a plan that is closed; status is what was declared",
    choices=tuple(Outcome),
)  # fmt: skip
of_report = column("*report", "month", "Report that the status speaks of")


@dataclass(frozen=True)
class Resource:
    """A list and its single records.

    `select` chooses rows by parameters; `key` is the column of the stable id among `all`, '' where
    records are not had one by one; `rows` fetches with the rows what `computed` needs; `page` is
    the route of a record's page and what fills it; `ended` tells what came of the rows of a plan
    that is closed, by primary key. A report is given where `of_report` says so.
    """

    name: str
    about: str
    key: str
    record: Record
    select: Callable[[Parameters], Selection]
    all: Callable[[Any], Any]
    rows: Callable[[Any, Any], Any] = lambda rows, _report: rows
    computed: Callable[[Sequence[Any], Any], Computed] = lambda rows, _report: (
        (row, {}) for row in rows
    )
    page: tuple[str, str] | None = None
    ended: Callable[[Sequence[Any], Any], Mapping[int, dict[str, Any]]] = lambda _rows, _report: {}
    formerly: Callable[[str], Any] = lambda _code: None

    @property
    def of_report(self) -> bool:
        """Whether its records say what a report says."""
        return of_report in self.record.computed

    @property
    def key_column(self) -> Column:
        return next(each for each in self.record.columns if each.name == self.key)


class Plain(Listing):
    """A list that is narrowed by its facets alone."""

    @property
    def parameters(self) -> list[str]:
        return [*(facet.name for facet in self.facets), "page"]


class Among(Facet):
    """The rows that have one of these values in a column: `known` gives them all."""

    asked = True

    def __init__(self, name: str, lookup: str, known: Callable[[], Iterable[str]]) -> None:
        self.name = self.label = name
        self.lookup = lookup
        self.known = known

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ((value, value) for value in self.known())

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(**{f"{self.lookup}__in": values})


def plain(
    name: str, rows: Callable[[], Any], *order: str, facets: Callable[[], list[Facet]] = list
) -> Callable[[Parameters], Selection]:
    """Selects among all rows, in one order that leaves no ties."""
    sort = Sort("", "", lambda _reverse: list(order))
    return lambda parameters: Selection.parse(
        Plain(name, rows, facets(), [sort], "", report=None, reports=[], current=None), parameters
    )


def of_assessments() -> list[Facet]:
    months = ProgressReport.objects.published().values_list("month", flat=True)
    codes = Milestone.objects.order_by("code").values_list("code", flat=True)
    return [
        Among("report", "report__month", lambda: months),
        Among("milestone", "milestone__code", lambda: codes),
        ProjectFacet("milestone__project__code"),
        Among("status", "status", lambda: Status.values[:3]),
    ]


def _assessments() -> Any:
    """What published reports say: a draft is nobody's business yet."""
    found = Assessment.objects.filter(report__state="published")
    # Joined, what corrects a word is looked for among all words where few of them are corrected.
    return found.select_related("report", "milestone__project", "corrects").prefetch_related(
        "corrected_by"
    )


def _projects(rows: Sequence[Project], report: ProgressReport) -> Computed:
    split = splits(list(rows), report)
    for row in rows:
        statuses = split.get(row.pk, {})
        yield (
            row,
            {
                "authorities": row.carriers,
                "milestones": sum(statuses.values()),
                **{status: statuses.get(status, 0) for status in Status.values},
                "report": report.month,
                "allocations": row.allocations.all(),
            },
        )


def _ended_projects(rows: Sequence[Project], report: ProgressReport) -> dict[int, dict[str, Any]]:
    found, split = outcomes(rows, report), splits(list(rows), report, closed=True)
    return {
        pk: {"outcome": came, **{each: split.get(pk, {}).get(each, 0) for each in OF_MILESTONES}}
        for pk, came in found.items()
    }


def _ended_milestones(rows: Sequence[Any], _report: ProgressReport) -> dict[int, dict[str, Any]]:
    judged = Milestone.objects.filter(pk__in=[row.pk for row in rows]).with_outcome()
    return {pk: {"outcome": came} for pk, came in judged.values_list("pk", "outcome")}


def _milestones(rows: Sequence[Any], report: ProgressReport) -> Computed:
    for row in rows:
        said = row.said[0] if row.said else None
        yield (
            row,
            {
                "status": row.status,
                "done_quarter": said and said.done_quarter,
                "expected": said and said.expected,
                "achieved_value": said and said.achieved_value,
                "slippage": row.slippage,
                "report": report.month,
                "verdicts": sorted(row.verdicts.all(), key=lambda each: each.decided_on),
            },
        )


def _words(rows: Sequence[Assessment], _report: ProgressReport) -> Computed:
    for row in rows:
        later = getattr(row, "corrected_by", None)
        yield (
            row,
            {
                "project": row.milestone.project.code,
                "corrected_by": later and later.version,
            },
        )


RESOURCES = [
    Resource(
        "projects",
        "Investments and reforms in the plan of a report, with its word on their milestones.",
        "code",
        Record.of(
            "projects",
            column("authorities", "code", "Authorities that lead or carry it", many=True),
            column("*milestones", "integer", "Its milestones in the plan", unit="milestones"),
            *(
                column(f"*{status}", "integer", f"Those that are {label}", unit="milestones")
                for status, label in zip(
                    Status.values, ("done", "on track", "delayed", "not reported"), strict=True
                )
            ),
            of_report,
            page,
            ended=(
                outcome,
                *(
                    column(f"*{each}", "integer", f"Those whose outcome is {each}",
                           unit="milestones")
                    for each in OF_MILESTONES
                ),
            ),
            allocations=Record.of("allocations", but="project"),
        ),
        partial(choose, "projects"),
        lambda _report: Project.objects.for_rows(),
        lambda rows, _report: rows.select_related("successor").prefetch_related(
            "allocations__authority"
        ),
        _projects,
        ("project", "code"),
        _ended_projects,
        Project.objects.formerly,
    ),
    Resource(
        "milestones",
        "Steps by which projects prove progress, with what a report, as corrected, says of them.",
        "code",
        Record.of(
            "milestones",
            column("*status", "text", "Status in the report", choices=tuple(Status.values)),
            column("done_quarter", "quarter", "When it was done"),
            column("expected", "quarter", "When it is now expected"),
            column("achieved_value", "number", "Value reached, in the unit of the target"),
            column(
                "slippage", "integer", "From the first promise to when it was done or is expected",
                unit="quarters", minimum=-SMALL,
            ),
            of_report,
            page,
            ended=(outcome,),
            verdicts=Record.of("verdicts", but="milestone"),
        ),
        partial(choose, "milestones"),
        lambda report: Milestone.objects.with_status(report).for_rows(),
        lambda rows, report: rows.with_assessment(report).prefetch_related("verdicts__request"),
        _milestones,
        ("milestone", "code"),
        _ended_milestones,
        Milestone.objects.formerly,
    ),
    Resource(
        "pillars",
        "Thematic axes of the plan.",
        "number",
        Record.of("pillars", page),
        plain("pillars", Pillar.objects.all, "number"),
        lambda _report: Pillar.objects.all(),
        page=("pillar", "slug"),
    ),
    Resource(
        "components",
        "Numbered parts of pillars.",
        "code",
        Record.of("components"),
        plain("components", lambda: Component.objects.select_related("pillar"), "code"),
        lambda _report: Component.objects.select_related("pillar"),
    ),
    Resource(
        "authorities",
        "Governments that carry projects.",
        "code",
        Record.of("authorities", page),
        plain("authorities", Authority.objects.all, "position"),
        lambda _report: Authority.objects.all(),
        page=("authority", "code"),
    ),
    Resource(
        "reports",
        "Half-yearly statements of progress, those that are published.",
        "month",
        Record.of("reports", page),
        plain("reports", ProgressReport.objects.published, "month"),
        lambda _report: ProgressReport.objects.published(),
        page=("report", "month"),
    ),
    Resource(
        "assessments",
        "What published reports say of milestones. Version 1 is as published; a correction is a "
        "further version, and the one without corrected_by is in force.",
        "",
        Record.of(
            "assessments",
            column("*project", "code", "Code of the milestone's project"),
            column("corrected_by", "integer", "Version that corrects this one"),
        ),
        plain(
            "assessments", _assessments, "report__month", "milestone__code", "version",
            facets=of_assessments,
        ),
        lambda _report: _assessments(),
        computed=_words,
    ),
    Resource(
        "recipients",
        "The largest final recipients, legal persons only (Regulation (EU) 2021/241, article 25a).",
        "identifier",
        Record.of("recipients"),
        partial(choose, "recipients"),
        lambda _report: Recipient.objects.order_by("-as_of"),
        lambda rows, _report: rows.prefetch_related("projects"),
    ),
]  # fmt: skip
BY_NAME: Mapping[str, Resource] = {resource.name: resource for resource in RESOURCES}
