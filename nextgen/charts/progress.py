"""Charts of progress: the split over the reports, planned against actual, and slippage."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milestones.figures import (
    milestone_figures,
    milestone_figures_by,
    planned_and_actual,
    slippage,
)
from milestones.models import Outcome, ProgressReport, Status
from milestones.outcomes import OF_MILESTONES, name_of
from nextgen import formats
from nextgen.charts.chart import Cell, Chart, Row, Series, of_figure
from nextgen.charts.scope import Scope
from projects.figures import COUNT
from projects.models import Pillar

COLOURS = {Status.DONE: "done", Status.ON_TRACK: "on-track", Status.DELAYED: "delayed",
           Status.NOT_REPORTED: "line"}  # fmt: skip
OUTCOME_COLOURS = {Outcome.FULFILLED: "done", Outcome.NOT_FULFILLED: "delayed",
                   Outcome.UNKNOWN: "line"}  # fmt: skip


def by_report(scope: Scope) -> Chart:
    """How many milestones each published report up to this one gives each status, as published."""
    reports = ProgressReport.objects.published().filter(month__lte=scope.report.month)
    rows = []
    for report in reports:
        figures = milestone_figures(
            scope.milestones_in(report), report, scope.name, as_published=True
        )
        cells = [
            of_figure(
                figures[f"milestones-{status}"],
                scope.address("milestones", status=status, report=report.month),
            )
            for status in Status
        ]
        label = formats.month(report.as_of)
        page = "" if scope.name else reverse("report", args=[report.month])
        rows.append(Row(report.month, label, cells, page))
    title = _("What became of the milestones, report by report")
    if rows:
        done = rows[-1].cells[0].value or 0
        title = ngettext(
            "{n} milestone was done in {last}; in {first} it was {before}",
            "{n} milestones were done in {last}; in {first} it was {before}",
            done,
        ).format(
            n=formats.number(done),
            last=rows[-1].label,
            before=formats.number(rows[0].cells[0].value or 0),
            first=rows[0].label,
        )
    series = [
        Series(f"milestones-{status}", str(Status(status).label), COUNT, COLOURS[status])
        for status in Status
    ]
    measure = _("Milestones by status in each report, as published")
    return Chart(
        "milestones-by-report", "columns", title, measure, "report", _("Report"), series, rows,
        scope,
    )  # fmt: skip


def outcomes_by_pillar(scope: Scope) -> Chart:
    """How many milestones of each pillar have each outcome, in a plan that is closed."""
    by = milestone_figures_by(
        scope.milestones, "project__pillar__number", scope.report, closed=True
    )
    names = {pillar.number: pillar.name for pillar in Pillar.objects.all()}
    rows = [
        Row(
            code := "none" if number is None else str(number),
            names.get(number) or _("Cross-cutting"),
            [
                of_figure(
                    by[number][name_of("milestones", outcome)],
                    scope.address("milestones", pillar=code, outcome=outcome),
                )
                for outcome in OF_MILESTONES
            ],
            scope.address(pillar=code),
        )
        for number in sorted(by, key=lambda each: (each is None, each))
    ]
    title, measure = _("What came of the milestones"), _("Milestones of each pillar by outcome")
    if rows:
        fulfilled, whole = (
            sum(cell.value or 0 for row in rows for cell in row.cells[:last]) for last in (1, None)
        )
        title = ngettext(
            "{n} of {all} milestones is found fulfilled",
            "{n} of {all} milestones are found fulfilled",
            fulfilled,
        ).format(n=formats.number(fulfilled), all=formats.number(whole))
        judged_on = max(figures["milestones-fulfilled"].as_of for figures in by.values())
        measure = _(
            "Milestones of each pillar by outcome, as the European Commission had judged on {day}"
        ).format(day=formats.day(judged_on))
    series = [
        Series(
            name_of("milestones", outcome),
            str(capfirst(outcome.label)),
            COUNT,
            OUTCOME_COLOURS[outcome],
        )
        for outcome in OF_MILESTONES
    ]
    return Chart(
        "outcomes-by-pillar", "bars", title, measure, "pillar", _("Pillar"), series, rows, scope,
        total=True,
    )  # fmt: skip


def pace(scope: Scope) -> Chart:
    """Milestones due and done up to the end of each quarter, cumulative."""
    paces = planned_and_actual(scope.milestones, scope.report, as_published=scope.as_published)
    rows = [
        Row(
            str(each.quarter),
            formats.quarter(each.quarter),
            [Cell(each.baseline), Cell(each.in_force), Cell(each.done)],
        )
        for each in paces
    ]
    told = [each for each in paces if each.done is not None]
    title = _("Planned and actual")
    if told:
        now = told[-1]
        title = _("By {quarter}, {planned} milestones were first promised and {done} done").format(
            quarter=formats.quarter(now.quarter),
            planned=formats.number(now.baseline),
            done=formats.number(now.done or 0),
        )
    series = [
        Series("baseline_due", _("First promised"), COUNT, "muted"),
        Series("due", _("Promised now"), COUNT, "on-track"),
        Series("done_quarter", _("Done"), COUNT, "done"),
    ]
    measure = _("Milestones up to the end of each quarter, added up")
    key = "quarter", _("Up to")
    return Chart(
        "planned-and-actual", "lines", title, measure, *key, series, rows, scope,
        provenance=scope.provenance,
    )  # fmt: skip


def slipped(scope: Scope) -> Chart:
    """How many milestones moved by how many quarters from the first promise."""
    found = slippage(
        scope.milestones, scope.report, as_published=scope.as_published, closed=scope.closed
    )
    rows = [
        Row(
            quarters,
            formats.signed(quarters),
            [Cell(n)],
            colour="delayed" if quarters > 0 else "done",
        )
        for quarters, n in found.counts
    ]
    late = sum(n for quarters, n in found.counts if quarters > 0)
    title = (
        ngettext(
            "{n} milestone of the {all} declared done came later than first promised",
            "{n} milestones of the {all} declared done came later than first promised",
            late,
        )
        if scope.closed
        else ngettext(
            "{n} milestone of {all} comes later than first promised",
            "{n} milestones of {all} come later than first promised",
            late,
        )
    ).format(n=formats.number(late), all=formats.number(sum(n for _q, n in found.counts)))
    series = [Series("milestones", _("Milestones"), COUNT, "done")]
    measure = _("Quarters from the first promise to when it was done or is now expected")
    if scope.closed:
        measure = _("Quarters from the first promise to when it was declared done")
    if found.unsaid:
        measure += " · " + _("not said: {n}").format(n=formats.number(found.unsaid))
    return Chart(
        "slippage", "columns", title, measure, "slippage", _("Quarters"), series, rows, scope,
        provenance=scope.provenance,
    )  # fmt: skip
