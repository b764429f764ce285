"""The plan, and the statements on accessibility and privacy."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from milestones.figures import milestone_figures_by, plan_figures
from milestones.models import Milestone
from nextgen.pages.base import SiteRequest, report_or_404
from nextgen.pages.brochure import offered
from projects.figures import authority_money, project_figures_by
from projects.models import Authority, Pillar, Project, Text

PLAN_TEXTS = ["plan-why", "plan-solidarity", "plan-agreement", "plan-promise", "plan-numbers"]


@require_safe
def plan(request: SiteRequest) -> HttpResponse:
    report = report_or_404(request)
    projects = Project.objects.in_plan(report.as_of)
    closed = request.plan.closed
    figures = plan_figures(report, closed=closed)
    total = figures["total-budget"].value
    eu_money = (request.plan.eu_grants or 0) + (request.plan.eu_loans or 0)
    return render(
        request,
        "about/plan.html",
        {
            "brochure": offered(),
            "texts": Text.objects.of(*PLAN_TEXTS),
            "figures": figures,
            "pillars": Pillar.objects.all(),
            "money": project_figures_by(projects, "pillar__number", report.as_of),
            "progress": milestone_figures_by(
                Milestone.objects.in_plan(report), "project__pillar__number", report
            ),
            "authorities": Authority.objects.all(),
            "allocated": authority_money(projects, report.as_of),
            "eu_money": eu_money,
            "own_money": None if total is None else total - eu_money,
            "since": {
                "joined": Project.objects.filter(joined__gt=report.as_of),
                "left": projects.filter(left__isnull=False),
            },
        },
    )


def statement(page: str) -> Callable[[SiteRequest], HttpResponse]:
    """A page that consists of one text of the plan."""

    @require_safe
    def view(request: SiteRequest) -> HttpResponse:
        text = Text.objects.of(page).get(page)
        if text is None:
            raise Http404
        return render(request, "about/statement.html", {"text": text})

    return view
