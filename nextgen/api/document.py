"""The OpenAPI document: what ninja knows of the operations, and what only the plan can say.

The values that a parameter takes and the examples come from the database when it is asked for,
so they are those of the plan that is shown.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from nextgen.api.asked import MAX_PAGE, MAX_PAGE_SIZE, PAGE_SIZE, Speech
from nextgen.package.column import LANGUAGES
from nextgen.package.schema import descriptor
from nextgen.pages.export import PROBLEM
from projects.listing import Facet, Listing
from projects.search import words
from projects.selection import MAX_BUDGET, MAX_QUERY, MAX_VALUES

Json = dict[str, Any]
IDEOGRAPHS = 0x20000  # from here on Unicode holds no letter that the search reads
LEAD = _("The same rows, filters, order and figures as the pages of this site, for programs.")
ABOUT = [
    _(
        "Names are those of the columns of the data package. Money is in whole euro, shares in "
        "whole per cent; quarters are written 2024-Q4, months 2024-06. What is not published is "
        "null, never zero. With lang, texts come in that language under their own name (title); "
        "without it, in all languages of the plan (title_nl, title_fr …)."
    ),
    _(
        "Every list answers count, items and next, the address of the next page; beyond the last "
        "page there are no items. A parameter or value that is not understood is answered by 400 "
        "as problem+json that names it; an empty value counts as not given. The API can be read "
        "and not written, by any site and without a key."
    ),
    _(
        "Version 1 only grows: fields, parameters and resources may be added; none is taken away "
        "or given another meaning. Once a successor is announced, version 1 stays for at least two "
        "years, and its answers carry the headers Deprecation and Sunset with the dates and a Link "
        "to the successor."
    ),
]
HEADERS: Json = {
    "ETag": {
        "description": "Changes with the body; sent back as If-None-Match it saves the download",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "How long the answer may be kept, in seconds",
        "schema": {"type": "string"},
    },
    "Content-Language": {
        "description": "Languages of the texts",
        "schema": {"type": "string"},
    },
}


def document(
    api: NinjaAPI,
    parameters: Mapping[str, list[Json]],
    samples: Mapping[str, list[Json]],
    languages: list[str],
    absent: Mapping[str, list[str]],
) -> Json:
    """OpenAPI 3.1 of the API.

    `parameters` are those of the query by operation, `samples` are records by schema; `absent`
    are the fields, by schema, that records of this plan do not have.
    """
    found: Json = api.get_openapi_schema(path_prefix="")
    licence = descriptor([])["licenses"][0]
    found["info"] |= {
        "description": "\n\n".join(map(str, [LEAD, *ABOUT])),
        "license": {"name": licence["title"], "identifier": licence["name"]},
    }
    found["servers"] = [{"url": "/api/v1", "description": "This site"}]
    for operations in found["paths"].values():
        _complete(operations["get"], parameters, samples)
    for name, schema in found["components"]["schemas"].items():
        for field in absent.get(name, ()):
            del schema["properties"][field]
        _exemplify(schema, samples.get(name, []), languages)
    return found


def _complete(
    operation: Json, parameters: Mapping[str, list[Json]], samples: Mapping[str, list[Json]]
) -> None:
    """What ninja cannot know of an operation."""
    answers = operation["responses"]
    answers[200]["headers"] = HEADERS
    schema = answers[200]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    for known in operation["parameters"]:
        known["schema"].pop("title", None)
        known["example"] = next((each[known["name"]] for each in samples.get(schema, [])), "x")
    operation["parameters"] += parameters[operation["operationId"]]
    for status in (400, 404):
        content = answers[status]["content"]
        answers[status]["content"] = {PROBLEM: content.pop("application/json")}
    answers[304] = {"description": "Not changed since the ETag that was sent along"}
    if operation["operationId"] in ("projects_one", "milestones_one"):
        answers[301] = {"description": "It has another code by now: see Location"}
    operation["responses"] = {str(status): answers[status] for status in sorted(answers)}


def _exemplify(schema: Json, samples: list[Json], languages: list[str]) -> None:
    """Examples from the plan, and no field of a language that it does not speak."""
    silent = tuple(f"_{language}" for language in LANGUAGES if language not in languages)
    fields = schema["properties"]
    for name in [name for name in fields if silent and name.endswith(silent)]:
        del fields[name]
    for name, field in fields.items():
        for noise in ("title", "default"):
            field.pop(noise, None)
        spoken = f"{name}_{Speech('', languages).writing}"
        given = [each.get(name, each.get(spoken)) for each in samples]
        full = [value for value in given if value not in (None, [], "")]
        if given:
            field["examples"] = [*full, *given][:1]


def of_list(listing: Listing, languages: list[str]) -> list[Json]:
    """The parameters of a list, those of its pages first."""
    facets = {facet.name: facet for facet in listing.facets}
    plain: dict[str, Json] = {
        "q": {"type": "string", "maxLength": MAX_QUERY, "pattern": _searchable()},
        "budget_min": {"type": "integer", "minimum": 0, "maximum": MAX_BUDGET - 1, "unit": "EUR"},
        "budget_max": {"type": "integer", "minimum": 0, "maximum": MAX_BUDGET - 1, "unit": "EUR"},
        "sort": {"enum": [f"{sign}{s.name}" for s in listing.sorts for sign in ("", "-")]},
    }
    told = {
        "q": ("Words, all of which the record holds: beginnings are enough", "energie"),
        "budget_min": ("Budget of at least so much (EUR)", 10**6),
        "budget_max": ("Budget of at most so much (EUR)", 10**9),
        "sort": (f"Order; - reverses it. Without it: {listing.default_sort}", listing.default_sort),
    }
    return [
        *(
            _facet(facets[name]) if name in facets else parameter(name, *told[name], plain[name])
            for name in listing.parameters
            if name in {**facets, **plain}
        ),
        *([of_state(listing)] if listing.state in {*listing.parameters} - {*facets} else []),
        *paging(languages),
    ]


def parameter(name: str, description: str, example: Any, schema: Json) -> Json:
    """One parameter of a query; left empty, it counts as not given."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "allowEmptyValue": True,
        "schema": schema,
        "example": example,
    }


def of_report(months: Iterable[str]) -> Json:
    known = list(months)
    about = "Month of a published report; without it the current one"
    return parameter("report", about, known[-1], one_of(known))


def of_state(listing: Listing) -> Json:
    """The parameter that chooses the report, or the day, of which a list is."""
    if listing.state == "report":
        return of_report(listing.reports)
    about = "Day of which the rows are; without it the newest"
    return parameter(listing.state, about, listing.current.month, one_of(listing.reports))


def of_language(languages: list[str]) -> Json:
    return parameter(
        "lang", "Language of the texts; without it all", languages[0], one_of(languages)
    )


def paging(languages: list[str]) -> list[Json]:
    """What every list has."""
    page = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}
    size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
    return [
        parameter("page", "Page of the list, from 1 on", 1, page),
        parameter("page_size", f"Rows on a page, at most {MAX_PAGE_SIZE}", PAGE_SIZE, size),
        of_language(languages),
    ]


def one_of(values: Iterable[str]) -> Json:
    """A text that is one of these; where there are none, no text at all."""
    known = list(values)
    return {"type": "string", **({"enum": known} if known else {"maxLength": 0})}


def _facet(facet: Facet) -> Json:
    values = facet.values()
    schema = one_of(values)
    if facet.pattern:
        schema = {
            "anyOf": [
                schema,
                {"type": "string", "title": "quarter", "pattern": f"^(?:{facet.pattern})$"},
            ]
        }
    array = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
    description = capfirst(f"{facet.label}; repeated, it takes rows with any of the values")
    return parameter(facet.name, description, values[:2], array)


@cache
def _searchable() -> str:
    """A regular expression for texts in which the search finds a word: one sign is enough."""
    signs = [code for code in range(1, IDEOGRAPHS) if words(chr(code))]
    runs = [
        [code for _place, code in run]
        for _start, run in groupby(enumerate(signs), lambda pair: pair[1] - pair[0])
    ]
    ranges = "".join(
        re.escape(chr(run[0])) + (f"-{re.escape(chr(run[-1]))}" if len(run) > 1 else "")
        for run in runs
    )
    return rf"^[^\x00]*[{ranges}][^\x00]*$"
