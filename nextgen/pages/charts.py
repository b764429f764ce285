"""The charts: all on one page, one alone, one to embed, and each as figure, CSV and SVG."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from nextgen.charts import CHARTS, make
from nextgen.charts.chart import Chart, Row
from nextgen.charts.colours import Scheme
from nextgen.charts.picture import svg
from nextgen.charts.plotted import plotted
from nextgen.pages import export
from nextgen.pages.base import SiteRequest
from nextgen.pages.lists import select
from nextgen.pages.progress import edition_or_404
from projects.selection import Selection

FRAMED: dict[str, list[Any]] = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}


def scope_of(selection: Selection) -> str:
    """The scope of the figures of a selection: '' for the plan, 'pillar-1', else 'selection'."""
    chips = selection.chips
    if not chips:
        return ""
    if len(chips) == 1 and chips[0].name in ("pillar", "authority", "component"):
        return f"{chips[0].name}-{chips[0].value}"
    return "selection"


def of(name: str, selection: Selection) -> Chart:
    """A chart of the projects selected. Raises Http404 where there is no such chart."""
    if name not in CHARTS:
        raise Http404
    chosen = bool(selection.chips)
    return make(
        name,
        selection.listing.report,
        projects=selection.matches if chosen else None,
        filters=selection.filters(),
        scope=scope_of(selection),
    )


@require_safe
def charts(request: SiteRequest) -> HttpResponse:
    selection = select(request, "projects")
    made = [of(name, selection) for name in CHARTS]
    return render(request, "charts/charts.html", {"charts": made, "selection": selection})


@require_safe
def chart(request: SiteRequest, name: str) -> HttpResponse:
    selection = select(request, "projects")
    made = of(name, selection)
    return render(request, "charts/chart.html", {"chart": made, "selection": selection})


@require_safe
@xframe_options_exempt
@csp_override(FRAMED)
def embedded(request: SiteRequest, name: str) -> HttpResponse:
    """A chart on a light page of its own, which other sites may frame."""
    selection = select(request, "projects")
    made = of(name, selection)
    edition = edition_or_404(made.scope.report.month)
    context = {"chart": made, "selection": selection, "edition": edition}
    response = render(request, "charts/embed.html", context)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def drawing(request: SiteRequest, name: str, scheme: Scheme) -> HttpResponse:
    """What plotly.js draws, in the colours of this scheme."""
    selection = select(request, "projects")
    return export.problem(selection) or JsonResponse(plotted(of(name, selection), scheme))


@export.open_to_all
def data(request: SiteRequest, name: str, form: str) -> HttpResponse:
    """The rows of a chart: code, label and the values of each series."""
    selection = select(request, "projects")
    if wrong := export.problem(selection):
        return wrong
    made = of(name, selection)
    report = made.scope.report
    columns: export.Columns = {
        made.key: lambda row: row.code,
        "label": lambda row: row.label,
        **{series.name: _value(place) for place, series in enumerate(made.series)},
        "report": lambda _row: report.month,
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
    made = of(name, selection)
    response = HttpResponse(svg(made), content_type="image/svg+xml")
    name = f"{made.name}-{made.scope.report.month}-{get_language()}.svg"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
