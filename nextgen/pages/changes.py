"""The public log of corrections and revisions: page, files and Atom feed of one selection."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from milestones.models import Change, ProgressReport
from milestones.querysets import ChangeQuerySet
from nextgen.archive.moment import archived
from nextgen.archive.rows import told_lines
from nextgen.feeds import of_report
from nextgen.pages import export
from nextgen.pages.base import SiteRequest, understood
from nextgen.pages.export import Export, misunderstood, open_to_all, packaged
from nextgen.pages.feeds import SIZE, answer, lines
from nextgen.pages.lists import ALL
from nextgen.told import type_of
from projects.selection import Unknown

PARAMETERS = ["kind", "record_type", "page"]
PAGE_SIZE = 50


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
    pages = [page for page in request.GET.getlist("page") if re.fullmatch(r"[1-9]\d{0,6}", page)]
    chosen, unknown = understood(request, {**offered, "page": pages})
    return Chosen(chosen["kind"], chosen["record_type"], types, unknown)


@require_safe
def changes(request: SiteRequest) -> HttpResponse:
    selection = choose(request)
    whole = archived.get()
    types = [each for each, _name in selection.record_types]
    offered = {"kind": Change.Kind.values, "record_type": types}
    size = ALL if whole else PAGE_SIZE
    page = Paginator(selection.lines, size).get_page(request.GET.get("page"))
    return render(
        request,
        "about/changes.html",
        {
            "selection": selection,
            "kinds": Change.Kind.choices,
            "page": page,
            "archived_rows": told_lines(page, offered) if whole else None,
        },
    )


@open_to_all
def changes_export(request: SiteRequest, form: str) -> HttpResponse:
    selection = choose(request)
    lines = list(selection.lines)
    day = lines[0].made_on if lines else None
    title = gettext("Corrections and revisions")
    return misunderstood(selection.unknown, PARAMETERS) or export.answer(
        Export("changes", title, packaged("changes"), lines, day), form
    )


@open_to_all
def changes_feed(request: SiteRequest) -> HttpResponse:
    """The lines chosen; where nothing is chosen, also every report, instead of the line of it."""
    selection = choose(request)
    if wrong := misunderstood(selection.unknown, PARAMETERS):
        return wrong
    changes, reports = selection.lines, ProgressReport.objects.none()
    if not selection.wanted:
        changes, reports = changes.but_publications(), ProgressReport.objects.published()
    entries = [*map(of_report, reports), *lines(changes)]
    newest = sorted(entries, key=lambda entry: entry.day, reverse=True)[:SIZE]
    return answer(request, newest, gettext("Corrections and revisions"), selection.query_string)
