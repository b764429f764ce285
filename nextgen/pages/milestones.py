"""The list of milestones, and one milestone."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from milestones.figures import milestone_figures
from milestones.ladder import ladder
from milestones.models import Assessment, Change, Milestone
from nextgen import citing
from nextgen.pages.base import SiteRequest, report_or_404
from nextgen.pages.lists import select, show
from nextgen.pages.rows import milestone_rows


@require_safe
def milestones(request: SiteRequest) -> HttpResponse:
    selection = select(request, "milestones")
    listing = selection.listing
    counts = milestone_figures(selection.matches, listing.report, "selection", closed=listing.ended)
    context = {
        "rows": milestone_rows(selection),
        "counts": counts,
        "citation": citing.of_selection(request, selection),
    }
    return show(request, "milestones/list.html", selection, context)


@require_safe
def milestone(request: SiteRequest, code: str) -> HttpResponse:
    report = report_or_404(request)
    told = Milestone.objects.with_status(report)
    told = told.with_outcome() if request.plan.closed else told
    found = (
        told.with_assessment(report)
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
    changes = list(Change.objects.of_milestone(found))
    said = list(
        Assessment.objects.filter(milestone=found, report__state="published")
        .select_related("report")
        .prefetch_related("corrected_by")
        .order_by("-report__month", "-version")
    )
    return TemplateResponse(
        request,
        "milestones/milestone.html",
        {
            "milestone": found,
            "assessments": said,
            "ladder": ladder(found, said),
            "moves": [change for change in reversed(changes) if change.field == "due"],
            "siblings": told.filter(project=found.project_id).exclude(pk=found.pk),
            "changes": changes,
            "citation": citing.of_milestone(request, found),
        },
    )
