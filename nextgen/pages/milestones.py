"""The list of milestones, one milestone, and the list as CSV."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from milestones.figures import milestone_figures
from milestones.models import Assessment, Change, Milestone
from nextgen.pages import export
from nextgen.pages.base import SiteRequest, report_or_404
from nextgen.pages.lists import select


@require_safe
def milestones(request: SiteRequest) -> HttpResponse:
    selection = select(request, "milestones")
    part = "#results" if request.htmx and not request.htmx.history_restore_request else ""
    report = selection.listing.report
    return render(
        request,
        f"milestones/list.html{part}",
        {
            "selection": selection,
            "listing_report": report,
            "page": selection.page,
            "counts": milestone_figures(selection.matches, report, "selection"),  # type: ignore[arg-type]
        },
    )


@require_safe
def milestones_csv(request: SiteRequest) -> HttpResponse:
    selection = select(request, "milestones")
    if wrong := export.problem(selection):
        return wrong
    report = selection.listing.report
    rows = selection.rows.with_assessment(report)
    return export.csv_response(
        export.file_name("milestones", report),  # type: ignore[arg-type]
        export.MILESTONE_COLUMNS,
        export.milestone_rows(rows, report),  # type: ignore[arg-type]
    )


@require_safe
def milestone(request: SiteRequest, code: str) -> HttpResponse:
    report = report_or_404(request)
    found = (
        Milestone.objects.with_status(report)
        .with_assessment(report)
        .select_related("project__pillar", "project__lead")
        .prefetch_related("verdicts__request", "claims__request")
        .filter(code=code)
        .first()
    )
    if found is None:
        if current := Milestone.objects.formerly(code):
            return redirect("milestone", current.code, permanent=True)
        request.searched = code  # type: ignore[attr-defined]
        raise Http404
    said = (
        Assessment.objects.filter(milestone=found, report__state="published")
        .select_related("report", "corrected_by")
        .order_by("-report__month", "-version")
    )
    return render(
        request,
        "milestones/milestone.html",
        {
            "milestone": found,
            "assessments": said,
            "siblings": found.project.milestones.with_status(report).exclude(pk=found.pk),
            "changes": Change.objects.of_milestone(found),
        },
    )
