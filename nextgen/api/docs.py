"""The description of the API: as OpenAPI for programs, as a page for people."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import translation

from milestones.models import ProgressReport
from nextgen.api import figures
from nextgen.api.asked import Speech
from nextgen.api.document import (
    document,
    of_language,
    of_list,
    of_report,
    one_of,
    paging,
    parameter,
)
from nextgen.api.resources import RESOURCES
from nextgen.api.views import api, reports, told
from nextgen.pages.base import SiteRequest
from projects.selection import Selection

SAMPLES = 60  # rows of each list among which examples are looked for


def described(request: SiteRequest) -> dict[str, Any]:
    """The OpenAPI document of the plan as it is now. Raises Http404 before the first report."""
    published = reports()
    report = published[max(published)]
    languages = request.plan.language_codes
    both = [Speech("", languages), Speech(languages[0], languages)]
    single = [of_language(languages)]
    parameters = {
        "figures": [*_of_figures(published), *paging(languages)],
        "figures_one": [*_of_figures(published), *single],
    }
    samples = {
        figures.FIGURE.name: [
            item
            for speech in both
            for item in figures.records(request, report, "", speech, as_published=True)
        ]
    }
    with translation.override("en"):
        for resource in RESOURCES:
            listing = resource.listing(report, report, list(published))
            parameters[resource.name] = of_list(listing, languages)
            parameters[f"{resource.name}_one"] = [
                *([of_report(published)] if resource.of_report else []),
                *single,
            ]
            rows = Selection(listing).rows[:SAMPLES]
            items = [
                item for speech in both for item in told(request, resource, rows, report, speech)
            ]
            samples[resource.record.name] = items
            for name, part in resource.record.parts.items():
                samples[part.name] = [each for item in items for each in item[name]]
        return document(api, parameters, samples, languages)


def _of_figures(published: dict[str, ProgressReport]) -> list[dict[str, Any]]:
    scopes = figures.scopes()
    about = "Part of the plan: a pillar, the money of an authority, or what an authority leads"
    return [of_report(published), parameter("scope", about, scopes[0], one_of(scopes))]


def openapi(request: SiteRequest) -> HttpResponse:
    return JsonResponse(described(request), json_dumps_params={"ensure_ascii": False, "indent": 1})
