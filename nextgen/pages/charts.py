"""The charts: all on one page, one alone, one to embed, and each as figure, CSV and SVG."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from milestones.models import Change, ProgressReport
from nextgen.charts import known, make, offered
from nextgen.charts.chart import Chart, Row
from nextgen.charts.colours import Scheme
from nextgen.charts.picture import svg
from nextgen.charts.plotted import plotted
from nextgen.charts.scope import Scope
from nextgen.pages import export
from nextgen.pages.base import SiteRequest
from nextgen.pages.lists import choose, select
from nextgen.pages.progress import edition_or_404
from projects.querysets import ProjectQuerySet
from projects.selection import Selection

FRAMED: dict[str, list[Any]] = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}


def charted(selection: Selection) -> Scope:
    """What charts of the projects selected are made of; the whole plan where nothing is chosen."""
    chips, report = selection.chips, selection.listing.report
    closed = selection.listing.ended
    if not chips:
        return replace(Scope.of(report, filters=selection.filters()), closed=closed)
    parameters = parse_qs(selection.filters().lstrip("?"))

    def chosen(told: ProgressReport) -> ProjectQuerySet:
        then = {**parameters, "report": [told.month]}
        of = selection if told.month == report.month else choose("projects", then)
        matches: ProjectQuerySet = of.matches
        return matches

    part = len(chips) == 1 and chips[0].name in ("pillar", "authority", "component")
    name = f"{chips[0].name}-{chips[0].value}" if part else "selection"
    return replace(Scope.of(report, chosen, selection.filters(), name), closed=closed)


def one(name: str, selection: Selection) -> Chart:
    """A chart of the projects selected. Raises Http404 where there is no such chart."""
    if name not in known(closed=selection.listing.closed):
        raise Http404
    return make(name, charted(selection))


@require_safe
def charts(request: SiteRequest) -> HttpResponse:
    selection = select(request, "projects")
    scope = charted(selection)
    made = [make(name, scope) for name in offered(closed=scope.closed)]
    return render(request, "charts/charts.html", {"charts": made, "selection": selection})


@require_safe
def chart(request: SiteRequest, name: str) -> HttpResponse:
    selection = select(request, "projects")
    made = one(name, selection)
    return render(request, "charts/chart.html", {"chart": made, "selection": selection})


@require_safe
@xframe_options_exempt
@csp_override(FRAMED)
def embedded(request: SiteRequest, name: str) -> HttpResponse:
    """A chart on a light page of its own, which other sites may frame."""
    selection = select(request, "projects")
    made = one(name, selection)
    edition = edition_or_404(made.scope.report.month)
    context = {
        "chart": made,
        "selection": selection,
        "edition": edition,
        "corrected": Change.objects.since(edition).exists(),
    }
    response = render(request, "charts/embed.html", context)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def drawing(request: SiteRequest, name: str, scheme: Scheme) -> HttpResponse:
    """What plotly.js draws, in the colours of this scheme."""
    selection = select(request, "projects")
    return export.problem(selection) or JsonResponse(plotted(one(name, selection), scheme))


@export.open_to_all
def data(request: SiteRequest, name: str, form: str) -> HttpResponse:
    """The rows of a chart: code, label and the values of each series."""
    selection = select(request, "projects")
    if wrong := export.problem(selection):
        return wrong
    made = one(name, selection)
    report = made.scope.report
    columns: export.Columns = {
        made.key: lambda row: row.code,
        "label": lambda row: row.label,
        **{series.name: _value(place) for place, series in enumerate(made.series)},
        "as_of": lambda _row: report.as_of,
    }
    rows = export.Export(
        made.name, made.title, columns, made.rows, report.as_of, {"report": report.month}
    )
    return export.answer(rows, form)


def _value(place: int) -> Callable[[Row], int | None]:
    return lambda row: row.cells[place].value


@export.open_to_all
def picture(request: SiteRequest, name: str) -> HttpResponse:
    """A chart as a picture, titled and sourced, to print or to show elsewhere."""
    selection = select(request, "projects")
    if wrong := export.problem(selection):
        return wrong
    made = one(name, selection)
    response = HttpResponse(svg(made), content_type="image/svg+xml")
    name = f"{made.name}-{made.scope.report.month}-{get_language()}.svg"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
