"""The lists as files: rows with the columns of the data package, and what is computed of them."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from milestones.figures import splits
from milestones.models import ProgressReport, Status
from milestones.outcomes import OF_MILESTONES, outcomes
from nextgen.pages.base import SiteRequest
from nextgen.pages.export import Columns, Export, answer, open_to_all, packaged, problem
from nextgen.pages.lists import select
from projects.models import Project
from projects.selection import Selection

# What came of a milestone of a closed plan.
OUTCOME: Columns = {
    "outcome": attrgetter("outcome"),
    "verdict": attrgetter("latest_verdict"),
    "decided_on": attrgetter("judged_on"),
}


def of_projects(selection: Selection) -> Export:
    report = selection.listing.report
    rows = selection.rows.select_related("pillar", "component", "lead", "successor")
    projects = list(rows.prefetch_related("allocations__authority"))
    counts = splits(projects, report)

    def with_status(status: str) -> Callable[[Project], int]:
        return lambda project: counts.get(project.pk, {}).get(status, 0)

    columns: Columns = {
        **packaged("projects"),
        "pillar_name": lambda project: project.pillar and project.pillar.name,
        "component_name": lambda project: project.component and project.component.name,
        "lead_name": lambda project: project.lead.short_name,
        "authorities": lambda project: ";".join(project.carriers),
        "milestones": lambda project: sum(counts.get(project.pk, {}).values()),
        **{status: with_status(status) for status in Status.values},
        "report": lambda _project: report.month,
        **(_outcomes(projects, report) if selection.listing.closed else {}),
    }
    title, reports = _("Projects"), {"report": report.month}
    return Export("projects", title, columns, projects, report.as_of, reports)


def _outcomes(projects: list[Project], report: ProgressReport) -> Columns:
    """What came of each project of a closed plan, and how many milestones have each outcome."""
    found, counts = outcomes(projects, report), splits(projects, report, closed=True)

    def with_outcome(outcome: str) -> Callable[[Project], int]:
        return lambda project: counts.get(project.pk, {}).get(outcome, 0)

    return {
        "outcome": lambda project: found[project.pk],
        **{outcome.value: with_outcome(outcome) for outcome in OF_MILESTONES},
    }


def of_milestones(selection: Selection) -> Export:
    report = selection.listing.report

    def said(name: str) -> Callable[[Any], Any]:
        return lambda milestone: getattr(milestone.said[0], name) if milestone.said else None

    columns: Columns = {
        **packaged("milestones"),
        **_of_project(lambda milestone: milestone.project),
        "status": attrgetter("status"),
        **{name: said(name) for name in ("done_quarter", "expected", "achieved_value")},
        "slippage": attrgetter("slippage"),
        "report": lambda _milestone: report.month,
        **(OUTCOME if selection.listing.closed else {}),
    }
    title, reports = _("Milestones"), {"report": report.month}
    rows = selection.rows.with_assessment(report)
    return Export("milestones", title, columns, rows, report.as_of, reports)


def _of_project(project: Callable[[Any], Project]) -> Columns:
    """What helps to read a row that belongs to a project."""
    return {
        "project_title": lambda row: project(row).short_title,
        "pillar": lambda row: (pillar := project(row).pillar) and pillar.number,
        "pillar_name": lambda row: (pillar := project(row).pillar) and pillar.name,
        "lead": lambda row: project(row).lead.code,
        "lead_name": lambda row: project(row).lead.short_name,
    }


def of_recipients(selection: Selection) -> Export:
    """Legal persons alone: no natural person is ever exported."""
    day = selection.listing.report.month
    columns: Columns = {
        **packaged("recipients"),
        "projects": lambda recipient: ";".join(
            sorted(project.code for project in recipient.projects.all())
        ),
    }
    days = {"as_of": day} if day else {}
    dated = date.fromisoformat(day) if day else None
    return Export("recipients", _("Final recipients"), columns, selection.rows, dated, days)


LISTS: dict[str, Callable[[Selection], Export]] = {
    "projects": of_projects,
    "milestones": of_milestones,
    "recipients": of_recipients,
}


@open_to_all
def listed(request: SiteRequest, name: str, form: str) -> HttpResponse:
    """The whole selection of one of the lists, in its order."""
    selection = select(request, name)
    return problem(selection) or answer(LISTS[name](selection), form)
