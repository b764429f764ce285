"""The reports in order, one report whole, and two compared."""

from itertools import pairwise

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from milestones.comparison import compare
from milestones.figures import (
    contradictions,
    milestone_figures_by,
    plan_figures,
    planned_and_actual,
    slippage,
)
from milestones.models import Milestone, PaymentRequest, ProgressReport
from nextgen import wall
from nextgen.pages.base import SiteRequest, report_or_404
from projects.models import Authority, Pillar


def published_or_404(month: str) -> ProgressReport:
    return get_object_or_404(ProgressReport.objects.published(), month=month)


@require_safe
def progress(request: SiteRequest) -> HttpResponse:
    reports = list(ProgressReport.objects.published().prefetch_related("published_figures"))
    current = report_or_404(request)
    figures = {report.month: plan_figures(report) for report in reports}
    milestones = Milestone.objects.in_plan(current)
    return render(
        request,
        "progress/progress.html",
        {
            "reports": reports[::-1],
            "pairs": list(pairwise(reports))[::-1],
            "figures": figures,
            "contradictions": {r.month: contradictions(r, figures[r.month]) for r in reports},
            "pace": planned_and_actual(milestones, current),
            "slippage": slippage(milestones, current),
            "requests": PaymentRequest.objects.prefetch_related("claims", "verdicts"),
        },
    )


@require_safe
def report(request: SiteRequest, month: str) -> HttpResponse:
    found = published_or_404(month)
    milestones = Milestone.objects.in_plan(found)
    figures = plan_figures(found)
    before = ProgressReport.objects.published().filter(month__lt=month).last()
    after = ProgressReport.objects.published().filter(month__gt=month).first()
    return render(
        request,
        "progress/report.html",
        {
            "shown_report": found,
            "figures": figures,
            "published_figures": found.published_figures.all(),
            "contradictions": contradictions(found, figures),
            "wall": wall.draw(milestones, found),
            "pillars": Pillar.objects.all(),
            "by_pillar": milestone_figures_by(milestones, "project__pillar__number", found),
            "authorities": Authority.objects.all(),
            "by_authority": milestone_figures_by(milestones, "project__lead__code", found),
            "before": before,
            "after": after,
        },
    )


@require_safe
def comparison(request: SiteRequest, earlier: str, later: str) -> HttpResponse:
    if earlier == later:
        return redirect("report", later)
    if earlier > later:
        return redirect("comparison", later, earlier)
    first, second = published_or_404(earlier), published_or_404(later)
    return render(
        request,
        "progress/comparison.html",
        {
            "comparison": compare(first, second),
            "before": plan_figures(first),
            "after": plan_figures(second),
            "reports": ProgressReport.objects.published(),
        },
    )
