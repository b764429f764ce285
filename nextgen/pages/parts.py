"""A pillar and an authority: a story, own figures, a wall, and its projects."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from milestones.figures import milestone_figures
from milestones.kept import kept
from milestones.models import Milestone
from nextgen import wall
from nextgen.charts import make
from nextgen.pages.base import SiteRequest, report_or_404
from nextgen.pages.brochure import offered
from nextgen.pages.charts import charted
from nextgen.pages.lists import choose
from nextgen.pages.rows import project_rows
from projects.figures import authority_money, project_figures, project_figures_by
from projects.models import Authority, Component, Pillar, Project
from projects.querysets import ProjectQuerySet


def _context(request: SiteRequest, projects: ProjectQuerySet, scope: str) -> dict[str, Any]:
    """What both pages show of some projects in the plan: figures, wall, components, projects."""
    report, closed = report_or_404(request), request.plan.closed
    milestones = Milestone.objects.in_plan(report).filter(project__in=projects)
    name, value = scope.split("-", 1)
    selection = choose("projects", {name: [value]})
    drawn = charted(selection)
    figures, walled, by_component = kept(
        (scope, report.month),
        lambda: (
            {
                **project_figures(projects, report.as_of, scope),
                **milestone_figures(milestones, report, scope, closed=closed),
            },
            wall.draw(milestones, report, ended=request.plan.end if closed else None),
            project_figures_by(projects, "component__code", report.as_of, scope),
        ),
    )
    return {
        "figures": figures,
        "wall": walled,
        "selection": selection,
        "rows": project_rows(selection, in_section=True),
        "brochure": offered(scope),
        "components": Component.objects.filter(
            code__in=[code for code in by_component if code]
        ).select_related("pillar"),
        "by_component": by_component,
        "charts": [make(name, drawn) for name in ("money-by-component", "planned-and-actual")],
        "sub_themes": sorted({project.sub_theme for project in projects if project.sub_theme}),
    }


@require_safe
def pillar(request: SiteRequest, slug: str) -> HttpResponse:
    report = report_or_404(request)
    found = get_object_or_404(Pillar, slug=slug)
    projects = Project.objects.in_plan(report.as_of).filter(pillar=found)
    scope = f"pillar-{found.number}"
    by_authority, allocated = kept(
        ("authorities", scope, report.month),
        lambda: (
            project_figures_by(projects, "lead__code", report.as_of, scope),
            authority_money(projects, report.as_of, scope),
        ),
    )
    return render(
        request,
        "parts/pillar.html",
        {
            "pillar": found,
            **_context(request, projects, scope),
            "authorities": Authority.objects.all(),
            "by_authority": by_authority,
            "allocated": allocated,
        },
    )


@require_safe
def authority(request: SiteRequest, code: str) -> HttpResponse:
    report = report_or_404(request)
    found = get_object_or_404(Authority, code=code)
    in_plan = Project.objects.in_plan(report.as_of)
    projects = in_plan.carried_by(found.code)
    led = in_plan.filter(lead=found)
    scope = f"authority-{found.code}"
    money, of_led, by_pillar = kept(
        ("pillars", scope, report.month),
        lambda: (
            authority_money(in_plan, report.as_of).get(found.code),
            project_figures(led, report.as_of, f"lead-{found.code}"),
            project_figures_by(projects, "pillar__number", report.as_of, scope),
        ),
    )
    return render(
        request,
        "parts/authority.html",
        {
            "authority": found,
            **_context(request, projects, scope),
            "money": money,
            "led": of_led,
            "by_pillar": by_pillar,
            "pillars": Pillar.objects.all(),
        },
    )
