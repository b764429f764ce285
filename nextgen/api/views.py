"""The API: every resource as a list and one by one, read only, described by OpenAPI."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from ninja import NinjaAPI
from ninja.params.functions import Path
from ninja.renderers import JSONRenderer
from ninja.utils import contribute_operation_args
from pydantic import BaseModel

from milestones.models import ProgressReport
from nextgen.api import figures
from nextgen.api.asked import Asked, Speech
from nextgen.api.record import Problem, page_of
from nextgen.api.resources import RESOURCES, Resource
from nextgen.pages.base import SiteRequest, absolute, published_reports
from nextgen.pages.export import trouble

PAGING = ["page", "page_size", "lang"]
View = Callable[..., Any]


def _not_found(_request: Any, error: Any) -> HttpResponse:
    return trouble(404, "Not found", str(error) or "No report is published yet.")


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Renderer(),
    title="Progress of a recovery and resilience plan",
    version="1.0.0",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
)
api.add_exception_handler(Http404, _not_found)


def reports() -> dict[str, ProgressReport]:
    """The published reports by month. Raises Http404 before the first."""
    found = {report.month: report for report in published_reports()}
    if not found:
        raise Http404("No report is published yet.")
    return found


def many(resource: Resource) -> View:
    """The list of a resource: the rows, and the order, of the page with the same filters."""

    def view(request: SiteRequest, response: HttpResponse) -> Any:
        asked = Asked(request)
        size = asked.take_page_size()
        with translation.override(asked.speech.writing):
            selection = resource.select(asked.parameters)
            asked.parameters = {}
            asked.unknown += selection.unknown
            listing = selection.listing
            if wrong := asked.problem([*listing.parameters, "page_size", "lang"]):
                return wrong
            first = (selection.page_number - 1) * size
            found = selection.window(first, first + size)
            items = told(request, resource, found, listing.report, asked.speech)
        _speak(response, asked)
        return _page(request, items, selection.count, selection.page_number, size)

    return view


def one(resource: Resource) -> View:
    """A record by its stable id; one that it had before redirects."""

    def view(request: SiteRequest, response: HttpResponse, **key: Any) -> Any:
        asked = Asked(request)
        report = None
        if resource.of_report:
            published = reports()
            report = published[asked.take("report", published.__contains__) or max(published)]
        if wrong := asked.problem(["report", "lang"] if resource.of_report else ["lang"]):
            return wrong
        value = str(key[resource.key])
        unknown = Http404(f"Nothing in {resource.name} has the {resource.key} {value!r}.")
        if "\0" in value:  # which PostgreSQL would not even look for
            raise unknown
        found = resource.all(report).filter(**{resource.key: value})[:1]
        with translation.override(asked.speech.writing):
            items = told(request, resource, found, report, asked.speech)
        if not items:
            if now := resource.formerly(value):
                return redirect(f"api:{resource.name}-one", now.code, permanent=True)
            raise unknown
        _speak(response, asked)
        return items[0]

    return view


def told(
    request: SiteRequest, resource: Resource, found: Any, report: Any, speech: Speech
) -> list[dict[str, Any]]:
    """The records of these rows, in their order."""
    items = []
    rows = list(resource.rows(found, report))
    ended = resource.ended(rows, report) if request.plan.closed else {}
    for row, computed in resource.computed(rows, report):
        computed.update(ended.get(row.pk, {}))
        if resource.page:
            route, argument = resource.page
            computed["url"] = absolute(request, reverse(route, args=[getattr(row, argument)]))
        items.append(resource.record.told(row, speech, **computed))
    return items


def _page(
    request: SiteRequest, items: list[Any], count: int, number: int, size: int
) -> dict[str, Any]:
    """A page of a list, empty beyond the end; `next` asks for the same, one page on."""
    following = None
    if number * size < count:
        query = request.GET.copy()
        query["page"] = str(number + 1)
        following = absolute(request, f"{request.path}?{query.urlencode()}")
    return {"count": count, "items": items, "next": following}


def _speak(response: HttpResponse, asked: Asked) -> None:
    speech = asked.speech
    response.headers["Content-Language"] = speech.language or ", ".join(speech.languages)


def _figures(request: SiteRequest, asked: Asked, known: list[str]) -> Any:
    """The figures asked for, as records; or 400. Without report: the current, as corrected."""
    published = reports()
    month = asked.take("report", published.__contains__)
    scope = asked.take("scope", figures.scopes().__contains__)
    if wrong := asked.problem(known):
        return wrong
    return figures.records(
        request, published[month or max(published)], scope, asked.speech, as_published=bool(month)
    )


def all_figures(request: SiteRequest, response: HttpResponse) -> Any:
    asked = Asked(request)
    size, number = asked.take_page_size(), asked.take_page()
    found = _figures(request, asked, ["report", "scope", *PAGING])
    if isinstance(found, HttpResponse):
        return found
    _speak(response, asked)
    first = (number - 1) * size
    return _page(request, found[first : first + size], len(found), number, size)


def one_figure(
    request: SiteRequest,
    response: HttpResponse,
    name: str = Path(..., description="Name of the figure"),
) -> Any:
    asked = Asked(request)
    found = _figures(request, asked, ["report", "scope", "lang"])
    if isinstance(found, HttpResponse):
        return found
    _speak(response, asked)
    for figure in found:
        if figure["name"] == name:
            return figure
    raise Http404(f"No figure of this report and scope has the name {name!r}.")


def _offer(path: str, name: str, about: str, model: type[BaseModel], view: View) -> None:
    api.get(
        path,
        response={200: model, 400: Problem, 404: Problem},
        operation_id=name.replace("-", "_"),
        url_name=name,
        summary=about,
        exclude_unset=True,
    )(view)


def _offer_one(resource: Resource) -> None:
    key, view = resource.key_column, one(resource)
    kind = int if key.kind == "integer" else str
    contribute_operation_args(view, key.name, kind, Path(..., description=str(key.description)))
    _offer(
        f"/{resource.name}/{{{kind.__name__}:{key.name}}}",
        f"{resource.name}-one",
        f"One of the {resource.name}",
        resource.record.model,
        view,
    )


for offered in RESOURCES:
    _offer(
        f"/{offered.name}",
        offered.name,
        offered.about,
        page_of(offered.record.model),
        many(offered),
    )
    if offered.key:
        _offer_one(offered)
_offer("/figures", "figures", figures.ABOUT, page_of(figures.FIGURE.model), all_figures)
_offer("/figures/{name}", "figures-one", "One of the figures", figures.FIGURE.model, one_figure)
