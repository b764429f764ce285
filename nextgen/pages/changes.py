"""The public log of corrections and revisions: page, CSV and Atom feed of one selection."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from milestones.models import Change
from milestones.querysets import ChangeQuerySet
from nextgen import feeds
from nextgen.pages import export
from nextgen.pages.base import SiteRequest, absolute
from nextgen.told import type_of
from projects.selection import TRACKING, Unknown

PARAMETERS = ["kind", "record_type", "page"]
PAGE_SIZE, FEED_SIZE = 50, 100


@dataclass(frozen=True)
class Chosen:
    """Lines of the log: of one kind and of one type of record, where these are chosen."""

    kind: str
    record_type: str
    record_types: list[tuple[str, str]]
    unknown: Sequence[Unknown]

    @property
    def wanted(self) -> dict[str, str]:
        given = {"kind": self.kind, "record_type": self.record_type}
        return {name: value for name, value in given.items() if value}

    @property
    def lines(self) -> ChangeQuerySet:
        return Change.objects.filter(**self.wanted).for_page()

    @property
    def query_string(self) -> str:
        return f"?{urlencode(self.wanted)}" if self.wanted else ""


def choose(request: SiteRequest) -> Chosen:
    """What the address chooses; what it says beyond that is named in `unknown`."""
    stored = Change.objects.order_by().values_list("record_type", flat=True).distinct()
    types = sorted((each, type_of(each)) for each in stored)
    offered = {"kind": Change.Kind.values, "record_type": [each for each, _name in types]}
    chosen = dict.fromkeys(offered, "")
    unknown = []
    for name in request.GET:
        value = request.GET.getlist(name)[-1]
        if name in offered and value in ["", *offered[name]]:
            chosen[name] = value
        elif name in offered or (name == "page" and not re.fullmatch(r"([1-9]\d{0,6})?", value)):
            unknown.append(Unknown(name, value))
        elif name != "page" and not TRACKING.fullmatch(name):
            unknown.append(Unknown(name, value, known_parameter=False))
    return Chosen(**chosen, record_types=types, unknown=unknown)


@require_safe
def changes(request: SiteRequest) -> HttpResponse:
    selection = choose(request)
    page = Paginator(selection.lines, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "about/changes.html",
        {"selection": selection, "kinds": Change.Kind.choices, "page": page},
    )


@require_safe
def changes_csv(request: SiteRequest) -> HttpResponse:
    selection = choose(request)
    return export.misunderstood(selection.unknown, PARAMETERS) or export.csv_response(
        f"changes-{get_language()}", export.CHANGE_COLUMNS, export.change_rows(selection.lines)
    )


@require_safe
def changes_feed(request: SiteRequest) -> HttpResponse:
    selection = choose(request)
    if wrong := export.misunderstood(selection.unknown, PARAMETERS):
        return wrong
    feed = feeds.log(
        selection.lines[:FEED_SIZE], request.plan, lambda path: absolute(request, path),
        request.get_full_path(),
    )  # fmt: skip
    return HttpResponse(feed, content_type=feeds.ATOM)
