"""The lists of projects, milestones and recipients, made of the facets of both floors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_htmx.http import push_url

from milestones.ended import Declared, OutcomeFacet
from milestones.facets import (
    BaselineFacet,
    DueFacet,
    MilestoneKindFacet,
    OverdueFacet,
    ProjectFacet,
    StatusFacet,
    VerdictFacet,
    delay_of_projects,
    due_of_projects,
)
from milestones.kept import kept
from milestones.models import Milestone, ProgressReport
from nextgen.archive.moment import archived
from nextgen.archive.rows import told
from nextgen.pages.base import SiteRequest, current_plan, named, published_reports, today
from projects.facets import (
    AuthorityFacet,
    ComponentFacet,
    ContributesFacet,
    KindFacet,
    OfProjects,
    PillarFacet,
)
from projects.listing import Facet, Listing, Sort, by
from projects.models import Project, Recipient
from projects.recipients import days
from projects.selection import Selection
from projects.summary import Summary


def standing(closed: bool, current: bool, outcome: OutcomeFacet, *declared: Facet) -> list[Facet]:
    """How milestones stand: as declared, or in a plan that is closed by what came of them.

    As of an earlier report than the `current` one the list of a closed plan tells what that said.
    """
    if not closed:
        return list(declared)
    return [outcome, *map(Declared, declared)] if current else [*declared, outcome]


def project_listing(
    report: ProgressReport,
    current: ProgressReport,
    reports: list[str],
    *,
    ever: bool = False,
    closed: bool = False,
) -> Listing:
    """The projects in the plan of a report, or with `ever` all that were or will be in any."""
    projects = Project.objects.all() if ever else Project.objects.in_plan(report.as_of)
    rows = projects.for_rows
    summary = _summary(rows, "projects", report, ever)
    ended = report.month == current.month
    return Listing(
        name="projects",
        rows=rows,
        facets=[
            PillarFacet(),
            AuthorityFacet(),
            KindFacet(),
            *standing(
                closed,
                ended,
                OutcomeFacet(report, of_projects=True, ever=ever, offered=ended),
                StatusFacet(report, of_projects=True, ever=ever),
            ),
            ContributesFacet(),
            DueFacet(report, summary, of_projects=True, ever=ever),
            ComponentFacet(),
        ],
        sorts=[
            Sort("budget", _("Money"), by("budget")),
            Sort("title", _("Title"), by(f"short_title_{get_language()}")),
            Sort("code", _("Code"), by()),
            due_of_projects(report),
            delay_of_projects(report, closed=closed and ended),
        ],
        default_sort="-budget",
        report=report,
        reports=reports,
        current=current,
        budgets=True,
        summary=summary,
        closed=closed,
    )


def milestone_listing(
    report: ProgressReport,
    current: ProgressReport,
    reports: list[str],
    *,
    ever: bool = False,
    closed: bool = False,
) -> Listing:
    """The milestones in the plan of a report, or with `ever` all, and what it says of each."""
    milestones = Milestone.objects.all() if ever else Milestone.objects.in_plan(report)
    told = milestones.with_status(report)
    rows = (told.with_outcome().with_delay() if closed else told).for_rows
    summary = _summary(rows, "milestones", report, ever)
    ended = report.month == current.month
    return Listing(
        name="milestones",
        rows=rows,
        facets=[
            *standing(
                closed,
                ended,
                OutcomeFacet(report, ever=ever, offered=ended),
                StatusFacet(report, ever=ever),
                OverdueFacet(report, ever=ever),
            ),
            PillarFacet("project__"),
            AuthorityFacet("project__"),
            DueFacet(report, summary, ever=ever),
            VerdictFacet(),
            MilestoneKindFacet(),
            ComponentFacet("project__"),
            ProjectFacet(),
            BaselineFacet(),
        ],
        sorts=[
            Sort("due", _("Due"), by("due")),
            Sort("delay", _("Delay"), by("delay" if closed and ended else "slippage")),
            Sort("title", _("Title"), by(f"title_{get_language()}")),
            Sort("code", _("Code"), by()),
        ],
        default_sort="due",
        report=report,
        reports=reports,
        current=current,
        summary=summary,
        closed=closed,
    )


@dataclass(frozen=True)
class OfADay:
    """The recipients as of one day, as a report is of one month; of no day where none is known."""

    as_of: date | None

    @property
    def month(self) -> str:
        """The day as an address writes it."""
        return str(self.as_of or "")


def recipient_listing(wanted: str) -> Listing:
    """The legal persons among the recipients as of one day: the newest, or the one wanted.

    Natural persons are in no list: what is listed is exported.
    """
    known = {each.month: each for each in map(OfADay, days(today()))}
    current = known[max(known)] if known else OfADay(None)
    of = known.get(wanted, current)
    rows = Recipient.objects.of(of.as_of).for_rows
    return Listing(
        name="recipients",
        rows=rows,
        facets=[
            OfProjects(PillarFacet(), "pillar__number"),
            OfProjects(AuthorityFacet(), "lead__code", "allocations__authority__code"),
            OfProjects(ProjectFacet("code"), "code"),
        ],
        sorts=[
            Sort("amount", _("Amount"), by("amount", ties=("name", "pk"))),
            Sort("name", _("Name"), by("name", ties=("pk",))),
        ],
        default_sort="-amount",
        report=of,
        reports=list(known),
        current=current,
        state="as_of",
        summary=_summary(rows, "recipients", of),
    )


def _summary(
    rows: Callable[[], Any],
    name: str,
    of: ProgressReport | OfADay,
    ever: bool = False,
) -> Callable[[], Summary]:
    """All rows of a list summed up, once for each state of the public data."""
    return cache(lambda: kept((name, of.month, ever), lambda: Summary(rows)))


ALL = 10**9  # rows on a page of an archive
BUILDERS = {"projects": project_listing, "milestones": milestone_listing}


def select(request: HttpRequest, name: str, *, ever: bool = False, **fixed: str) -> Selection:
    """The selection that a request asks for; `fixed` adds to it what the page itself says."""
    parameters = {key: request.GET.getlist(key) for key in request.GET}
    all_of_them = {**parameters, **{key: [value] for key, value in fixed.items()}}
    selection = choose(name, all_of_them, ever=ever)
    named(request, selection.unknown)
    return replace(selection, page_size=ALL) if archived.get() else selection


def choose(name: str, parameters: Mapping[str, list[str]], *, ever: bool = False) -> Selection:
    """The selection of one list that these parameters name.

    With `ever` it holds also projects and milestones that are not in the plan of the report:
    those that left it and those that joined later. Raises Http404 without a report, of which
    projects and milestones are listed.
    """
    if name == "recipients":
        return Selection.parse(recipient_listing(last(parameters, "as_of")), parameters)
    reports = {report.month: report for report in published_reports()}
    if not reports:
        raise Http404
    current = reports[max(reports)]
    report = reports.get(last(parameters, "report"), current)
    plan = current_plan()
    closed = plan is not None and plan.closed
    listing = BUILDERS[name](report, current, list(reports), ever=ever, closed=closed)
    return Selection.parse(listing, parameters)


def last(parameters: Mapping[str, list[str]], name: str) -> str:
    """The value that counts of a parameter that takes one, '' where none is given."""
    return next((value for value in reversed(parameters.get(name, [])) if value.strip()), "")


def show(
    request: SiteRequest, template: str, selection: Selection, context: Mapping[str, Any]
) -> HttpResponse:
    """The page of a list, or for htmx its results alone; the address says what is shown."""
    fragment = bool(request.htmx) and not request.htmx.history_restore_request
    response = TemplateResponse(
        request,
        f"{template}#results" if fragment else template,
        {
            "selection": selection,
            "listing_report": selection.listing.report,
            "page": selection.page,
            "fragment": fragment,
            "archived_rows": told(selection) if archived.get() else None,
            **context,
        },
    )
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    if fragment:
        push_url(response, f"{request.path}{selection.query_string()}".removesuffix("?"))
    return response
