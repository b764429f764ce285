"""The entrance and the home page."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from milestones.comparison import compare
from milestones.figures import milestone_figures_by, plan_figures
from milestones.kept import kept
from milestones.models import Milestone, ProgressReport
from nextgen import wall
from nextgen.pages.base import SiteRequest, absolute, report_or_404
from nextgen.pages.brochure import offered
from projects.figures import project_figures_by
from projects.models import Pillar, Project


@require_safe
@vary_on_headers("Accept-Language")
def entrance(request: SiteRequest) -> HttpResponse:
    """Sends the visitor on by Accept-Language, or offers the languages neutrally."""
    if not request.plan:
        return render(request, "errors/no_plan.html", status=503)
    accepted = request.headers.get("Accept-Language", "")
    for wanted, _quality in parse_accept_lang_header(accepted.lower()):
        language = wanted.split("-")[0]
        if language in request.plan.language_codes:
            return HttpResponseRedirect(f"/{language}/")
    return render(request, "entrance.html")


@require_safe
def home(request: SiteRequest) -> HttpResponse:
    report, closed = report_or_404(request), request.plan.closed
    projects = Project.objects.in_plan(report.as_of)
    milestones = Milestone.objects.in_plan(report)
    before = ProgressReport.objects.published().filter(month__lt=report.month).last()
    money, progress, walled = kept(
        ("home", report.month),
        lambda: (
            project_figures_by(projects, "pillar__number", report.as_of),
            milestone_figures_by(milestones, "project__pillar__number", report, closed=closed),
            wall.draw(milestones, report, ended=request.plan.end if closed else None),
        ),
    )
    return render(
        request,
        "home.html",
        {
            "figures": plan_figures(report, closed=closed),
            "wall": walled,
            "pillars": Pillar.objects.all(),
            "money": money,
            "largest": max((f["total-budget"].value or 0 for f in money.values()), default=0),
            "progress": progress,
            "comparison": compare(before, report) if before and not closed else None,
            "brochure": offered(),
            "json_ld": {
                "@context": "https://schema.org",
                "@type": "WebSite",
                "name": request.plan.name,
                "description": request.plan.tagline,
                "inLanguage": translation.get_language(),
                "url": absolute(request, request.path),
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": absolute(request, reverse("projects")) + "?q={words}",
                    "query-input": "required name=words",
                },
            },
        },
    )
