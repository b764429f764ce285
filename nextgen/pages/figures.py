"""Figures explained: definition, formula with the numbers in it, history, and the rows."""

from collections.abc import Iterable
from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milestones import editions
from milestones.figures import (
    ALL_DEFINITIONS,
    DECLARED,
    contradictions,
    definitions,
    plan_figures,
    slippage,
)
from milestones.models import Edition, Milestone
from milestones.outcomes import DEFINITIONS as OUTCOMES
from nextgen import citing
from nextgen.charts import OF_FIGURE, make
from nextgen.charts.scope import Scope
from nextgen.pages.base import SiteRequest, published_reports, report_or_404, understood
from nextgen.pages.progress import file_name
from projects.figures import Figure
from projects.models import Authority, Pillar, Text

OBJECTIVES = {"climate-share": "climate", "digital-share": "digital"}


@require_safe
def figures(request: SiteRequest) -> HttpResponse:
    report, closed = report_or_404(request), request.plan.closed
    declared = [*DECLARED] if closed else []
    return render(
        request,
        "figures/figures.html",
        {
            "definitions": [
                each for each in definitions(closed=closed).values() if each.name not in declared
            ],
            "declared": [ALL_DEFINITIONS[name] for name in declared],
            "figures": plan_figures(report, closed=closed),
            "slippage": slippage(Milestone.objects.in_plan(report), report, closed=closed),
            "texts": Text.objects.of("contradictions", "provenance"),
        },
    )


@require_safe
def figure(request: SiteRequest, name: str) -> HttpResponse:
    report, closed = report_or_404(request), request.plan.closed
    definition = definitions(closed=closed).get(name)
    if definition is None:
        raise Http404
    of_outcome = name in OUTCOMES
    # What came of the plan is told once, not report by report.
    reports = [report] if of_outcome else published_reports()
    history = {r.month: plan_figures(r, closed=of_outcome) for r in reports}
    frozen = {edition.report.month: edition for edition in Edition.objects.published().light()}
    published = _published(frozen.values(), name)
    cited = published.get(report.month)
    return render(
        request,
        "figures/figure.html",
        {
            "definition": definition,
            "figure": history[report.month][name],
            "figures": history[report.month],
            "history": []
            if of_outcome
            else [(r, history[r.month][name]) for r in reversed(reports)],
            "declared": closed and name in DECLARED,
            "published": published,
            "citation": cited and citing.of_figure(request, cited, frozen[report.month]),
            "contradictions": [
                (r, c)
                for r in reversed(reports)
                for c in contradictions(r, history[r.month])
                if c.published.figure == name
            ],
            "objective": OBJECTIVES.get(name),
            "charts": [make(chart, Scope.of(report)) for chart in OF_FIGURE.get(name, ())],
        },
    )


def _published(
    frozen: Iterable[Edition], name: str, scope: str = editions.PLAN
) -> dict[str, Figure]:
    """One figure as each edition that holds it published it, by month."""
    return {
        edition.report.month: found
        for edition in frozen
        if (found := editions.as_published(edition).get(scope, {}).get(name))
    }


def scope_names() -> dict[str, str]:
    """What a figure can be of, besides the whole plan: pillars, then authorities, in words."""
    return {
        **{f"pillar-{each.number}": each.name for each in Pillar.objects.all()},
        "pillar-none": _("Cross-cutting"),
        **{
            f"{role}-{each.code}": each.short_name
            for each in Authority.objects.all()
            for role in ("authority", "lead")
        },
    }


@require_safe
def edition_figure(request: SiteRequest, name: str, month: str) -> HttpResponse:
    """A figure as an edition published it, the same for ever, of the plan or of one part of it."""
    frozen = {edition.report.month: edition for edition in Edition.objects.published().light()}
    if month not in frozen:
        raise Http404
    edition = frozen[month]
    scopes = editions.as_published(edition)
    parts = {scope: figures[name] for scope, figures in scopes.items() if name in figures}
    if editions.PLAN not in parts:
        raise Http404
    chosen, unknown = understood(request, {"scope": parts})
    scope = chosen["scope"]
    found, names = parts[scope], scope_names()
    if scope:
        request.own_query = f"?scope={scope}"  # type: ignore[attr-defined]
    published = _published(frozen.values(), name, scope)
    now = editions.corrected({scope: {name: found}}, edition.report)
    before = [each for each in published if each < month]
    after = [each for each in published if each > month]
    rows = filter(None, [
        found.definition.rows, f"report={month}",
        scope.replace("-", "=", 1) if scope.startswith("pillar-") else "",
    ])  # fmt: skip
    return TemplateResponse(
        request,
        "figures/edition.html",
        {
            "edition": edition,
            "shown_report": edition.report,
            "frozen_on": timezone.localdate(edition.frozen_at),
            "file_name": file_name(month),
            "definition": found.definition,
            "figure": found,
            "objective": OBJECTIVES.get(name),
            "scope": scope,
            "scope_name": names.get(scope, scope),
            "selection": SimpleNamespace(unknown=unknown, parameters=["scope"]),
            "whole": parts[editions.PLAN],
            "parts": [
                (names.get(of, of), parts[of])
                for of in sorted(parts, key=[*names, *parts].index)
                if of
            ],
            "published": published,
            "before": before[-1] if before else None,
            "after": after[0] if after else None,
            "now": now[scope].get(name),
            "contradictions": []
            if scope
            else [
                each
                for each in contradictions(edition.report, scopes[editions.PLAN])
                if each.published.figure == name
            ],
            "rows": f"{reverse(found.definition.listing)}?{'&'.join(rows)}"
            if not scope or scope.startswith("pillar-")
            else "",
            "citation": citing.of_figure(request, found, edition, names.get(scope, scope)),
        },
    )
