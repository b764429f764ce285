"""Figures explained: definition, formula with the numbers in it, history, and the rows."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from milestones.figures import ALL_DEFINITIONS, contradictions, plan_figures, slippage
from milestones.models import Milestone, ProgressReport
from nextgen.charts import OF_FIGURE, make
from nextgen.pages.base import SiteRequest, report_or_404
from projects.models import Text


@require_safe
def figures(request: SiteRequest) -> HttpResponse:
    report = report_or_404(request)
    return render(
        request,
        "figures/figures.html",
        {
            "definitions": ALL_DEFINITIONS.values(),
            "figures": plan_figures(report),
            "slippage": slippage(Milestone.objects.in_plan(report), report),
            "texts": Text.objects.of("contradictions", "provenance"),
        },
    )


@require_safe
def figure(request: SiteRequest, name: str) -> HttpResponse:
    report = report_or_404(request)
    definition = ALL_DEFINITIONS.get(name)
    if definition is None:
        raise Http404
    reports = list(ProgressReport.objects.published())
    history = {r.month: plan_figures(r) for r in reports}
    return render(
        request,
        "figures/figure.html",
        {
            "definition": definition,
            "figure": history[report.month][name],
            "figures": history[report.month],
            "history": [(r, history[r.month][name]) for r in reversed(reports)],
            "contradictions": [
                (r, c)
                for r in reversed(reports)
                for c in contradictions(r, history[r.month])
                if c.published.figure == name
            ],
            "charts": [make(chart, report) for chart in OF_FIGURE.get(name, ())],
        },
    )
