"""The description of the API: as OpenAPI for programs, as a page for people."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from milestones.models import ProgressReport
from nextgen.api import figures
from nextgen.api.asked import Speech
from nextgen.api.document import (
    ABOUT,
    LEAD,
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
from nextgen.pages.export import misunderstood
from projects.selection import Unknown

SAMPLES = 60  # rows of each list among which examples are looked for
MANY, LONG = 12, 80  # values and signs that the page shows of a longer list or text


def described(request: SiteRequest) -> dict[str, Any]:
    """The OpenAPI document of the plan as it is now. Raises Http404 before the first report."""
    published = reports()
    report = published[max(published)]
    languages = request.plan.language_codes
    speech = Speech("", languages)
    single = [of_language(languages)]
    parameters = {
        "figures": [*_of_figures(published), *paging(languages)],
        "figures_one": [*_of_figures(published), *single],
    }
    samples = {"Figure": figures.records(request, report, "", speech, as_published=True)}
    wrong = misunderstood([Unknown("colour", "red", known_parameter=False)], ["page", "lang"])
    samples["Problem"] = [json.loads(wrong.content)] if wrong else []
    with translation.override("en"):
        for resource in RESOURCES:
            selection = resource.select({})
            parameters[resource.name] = of_list(selection.listing, languages)
            parameters[f"{resource.name}_one"] = [
                *([of_report(published)] if resource.of_report else []),
                *single,
            ]
            items = told(request, resource, selection.rows[:SAMPLES], report, speech)
            samples[resource.record.name] = items
            for name, part in resource.record.parts.items():
                samples[part.name] = [each for item in items for each in item[name]]
        samples |= {
            f"{name}List": [{"count": len(items), "items": items[:1], "next": None}]
            for name, items in samples.items()
        }
        ended = {each.record.name: [c.name for c in each.record.ended] for each in RESOURCES}
        absent = {} if request.plan.closed else ended
        return document(api, parameters, samples, languages, absent)


def _of_figures(published: dict[str, ProgressReport]) -> list[dict[str, Any]]:
    scopes = figures.scopes()
    about = "Part of the plan: a pillar, the money of an authority, or what an authority leads"
    return [of_report(published), parameter("scope", about, scopes[0], one_of(scopes))]


def openapi(request: SiteRequest) -> HttpResponse:
    return JsonResponse(
        described(request),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Language": "en"},
    )


def page(request: SiteRequest) -> HttpResponse:
    """The document for people: in English, as its descriptions are."""
    found = described(request)
    language = Speech("", request.plan.language_codes).writing
    with translation.override(language):
        response = render(
            request,
            "api/docs.html",
            {
                "lead": LEAD,
                "about": ABOUT,
                "operations": [_operation(*item) for item in found["paths"].items()],
                "schemas": [
                    {"name": name, "fields": _fields(schema["properties"])}
                    for name, schema in found["components"]["schemas"].items()
                    if not name.endswith("List")
                ],
                "alternates": [],
            },
        )
    response.headers["Content-Language"] = language
    return response


def _operation(path: str, methods: dict[str, Any]) -> dict[str, Any]:
    """What the page says of one operation."""
    told = methods["get"]
    schema = _named(told["responses"]["200"]["content"]["application/json"]["schema"])
    return {
        "id": told["operationId"],
        "path": f"/api/v1{path}",
        "summary": told["summary"],
        "schema": schema.removesuffix("List"),
        "is_list": schema.endswith("List"),
        "parameters": [
            {**each, "kind": _kind(each["schema"]), "example": _asked(each)}
            for each in told["parameters"]
        ],
    }


def _fields(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a schema, a translated one once."""
    return [
        {
            "name": name,
            "description": field["description"],
            "kind": _kind(field),
            "part": _named(field.get("items", {})),
            "example": _written(*field.get("examples", [""])),
        }
        for name, field in properties.items()
        if not (name[-3:-2] == "_" and name[:-3] in properties)
    ]


def _named(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: dict[str, Any]) -> str:
    """In words: 'text', 'list of integer', 'date or null', the first values of those it takes."""
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        shown = schema["enum"][:MANY]
        return ", ".join([*map(str, shown), *(["…"] if len(schema["enum"]) > MANY else [])])
    if schema.get("type") == "array":
        return f"list of {_named(schema['items']) or _kind(schema['items'])}"
    kind = schema.get("title") or schema.get("format") or schema.get("type") or _named(schema)
    bounds = [f"{schema[b]:,}" for b in ("minimum", "maximum") if b in schema]
    return str({"string": "text", "uri": "address"}.get(kind, kind)) + (
        f", {' to '.join(bounds)}" if len(bounds) == 2 else ""
    )


def _asked(parameter: dict[str, Any]) -> str:
    """The example of a parameter as it stands in an address."""
    if parameter["in"] == "path":
        return str(parameter["example"])
    query = urlencode({parameter["name"]: parameter["example"]}, doseq=True)
    return f"?{query}" if query else ""


def _written(example: Any) -> str:
    """An example as it stands in JSON, cut where it is long."""
    plain = isinstance(example, str | date)
    text = str(example) if plain else json.dumps(example, ensure_ascii=False, default=str)
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
