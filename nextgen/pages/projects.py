"""The list of projects, and one project."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from milestones.figures import plan_figures, splits
from milestones.kept import kept
from milestones.models import Assessment, Change
from milestones.outcomes import outcomes
from nextgen import citing, track
from nextgen.pages.base import SiteRequest, absolute, published_reports, report_or_404, today
from nextgen.pages.lists import select, show
from nextgen.pages.rows import project_rows
from projects.figures import Figures, project_figures
from projects.models import Project
from projects.recipients import paid_for
from projects.selection import Selection


def money_of(selection: Selection) -> Figures:
    """The figures of the projects selected; those of all of them are kept."""
    report = selection.listing.report

    def make() -> Figures:
        return project_figures(selection.matches, report.as_of, "selection")

    return make() if selection.chips else kept(("money", report.month), make)


@require_safe
def projects(request: SiteRequest) -> HttpResponse:
    selection = select(request, "projects")
    report = selection.listing.report
    money = money_of(selection)
    context = {
        "rows": project_rows(selection),
        "money": money,
        "citation": citing.of_selection(request, selection, money),
        "plan_money": plan_figures(report),
    }
    return show(request, "projects/list.html", selection, context)


@require_safe
def project(request: SiteRequest, code: str) -> HttpResponse:
    report, closed = report_or_404(request), request.plan.closed
    found = (
        Project.objects.select_related("pillar", "component", "lead", "successor")
        .prefetch_related("allocations__authority", "predecessors")
        .filter(code=code)
        .first()
    )
    if found is None:
        if current := Project.objects.formerly(code):
            return redirect("project", current.code, permanent=True)
        request.searched = code  # type: ignore[attr-defined]
        raise Http404
    told = found.milestones.with_status(report)
    told = told.with_outcome() if closed else told
    milestones = (
        told.with_assessment(report)
        .prefetch_related("verdicts__request", "claims__request")
        .order_by("baseline_due", "code")
    )
    said = Assessment.objects.as_corrected().filter(
        milestone__project=found, report__state="published"
    )
    words = {(a.milestone_id, a.report_id): a for a in said}
    reports = published_reports()
    history = {
        m.pk: [(report, words.get((m.pk, report.pk))) for report in reports] for m in milestones
    }
    split = splits([found], report, closed=closed).get(found.pk, {})
    return TemplateResponse(
        request,
        "projects/project.html",
        {
            "project": found,
            "milestones": milestones,
            "track": track.draw(milestones, report),
            "history": history,
            "split": split,
            "outcome": outcomes([found], report)[found.pk] if closed else "",
            "citation": citing.of_project(request, found, split),
            "in_report": found.joined <= report.as_of
            and (found.left is None or found.left > report.as_of),
            "related": Project.objects.in_plan(report.as_of).related_to(found).for_rows()[:4],
            "changes": Change.objects.of_projects(Project.objects.filter(pk=found.pk)),
            "paid": paid_for(found, today()),
            "json_ld": {
                "@context": "https://schema.org",
                "@type": "Project",
                "name": found.title,
                "description": found.summary,
                "identifier": found.code,
                "url": absolute(request, request.path),
                "parentOrganization": {
                    "@type": "GovernmentOrganization",
                    "name": found.lead.name,
                },
            },
        },
    )
