"""Two reports compared as published: page, files and feed of what changed between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milestones import editions
from milestones.comparison import Comparison, Moved, compare
from milestones.models import Milestone, Status
from nextgen import citing, feeds, formats
from nextgen.pages import export
from nextgen.pages.base import SiteRequest
from nextgen.pages.export import Columns, Export, open_to_all, strangers
from nextgen.pages.feeds import answer
from nextgen.pages.progress import edition_or_404
from projects.models import Project


@require_safe
def comparison(request: SiteRequest, earlier: str, later: str) -> HttpResponse:
    if earlier == later:
        return redirect("report", later)
    if earlier > later:
        return redirect("comparison", later, earlier)
    first, second = edition_or_404(earlier), edition_or_404(later)
    before, after = (editions.as_published(each)[editions.PLAN] for each in (first, second))
    return TemplateResponse(
        request,
        "progress/comparison.html",
        {
            "comparison": compare(first.report, second.report),
            "before": before,
            "after": after,
            "citation": citing.of_comparison(request, (first, before), (second, after)),
        },
    )


@dataclass(frozen=True)
class Changed:
    """A milestone of which the reports say different things, or a project that came or went.

    `kinds` are the lists of the page that it stands in, by name, with their titles.
    """

    record: Milestone | Project
    project: Project
    kinds: dict[str, str | Promise]
    moved: Moved | None = None

    @property
    def record_type(self) -> str:
        return self.record._meta.model_name or ""

    @property
    def titles(self) -> str:
        return "; ".join(map(str, self.kinds.values()))

    def said(self, side: str, name: str) -> Any:
        """What a report says of it, 'before' or 'after'; None where it is silent."""
        return getattr(getattr(self.moved, side, None), name, None)

    def status(self, side: str) -> Status | None:
        return Status(self.said(side, "status") or Status.NOT_REPORTED) if self.moved else None


def changed(found: Comparison) -> Iterator[Changed]:
    """Everything that changed, once each: milestones, then projects that joined and that left."""
    for moved in found.moves:
        if moved.kinds:
            yield Changed(moved.milestone, moved.milestone.project, moved.titles, moved)
    for project in found.joined:
        yield Changed(project, project, {"joined": _("Joined the plan")})
    for project in found.left:
        yield Changed(project, project, {"left": _("Left the plan")})


def compared_or_404(earlier: str, later: str) -> Comparison:
    """Two published reports compared. Raises Http404 unless the first is the earlier one."""
    if earlier >= later:
        raise Http404
    return compare(edition_or_404(earlier).report, edition_or_404(later).report)


def columns(found: Comparison) -> Columns:
    def said(side: str, name: str) -> Any:
        return lambda row: row.said(side, name)

    words = ("done_quarter", "expected")
    return {
        "code": lambda row: row.record.code,
        "record_type": attrgetter("record_type"),
        f"title_{get_language()}": lambda row: row.record.title,
        "project": lambda row: row.project.code,
        "project_title": lambda row: row.project.short_title,
        "lead": lambda row: row.project.lead.code,
        "lead_name": lambda row: row.project.lead.short_name,
        "change": lambda row: ";".join(kind.replace(" ", "-") for kind in row.kinds),
        "change_name": attrgetter("titles"),
        "status_before": lambda row: row.status("before"),
        "status_after": lambda row: row.status("after"),
        **{f"{name}_{side}": said(side, name) for name in words for side in ("before", "after")},
        "quarters": lambda row: row.moved and row.moved.quarters,
        "report_before": lambda _row: found.earlier.month,
        "report": lambda _row: found.later.month,
    }


def heading(found: Comparison) -> str:
    a, b = formats.month(found.earlier.as_of), formats.month(found.later.as_of)
    return _("From %(a)s to %(b)s") % {"a": a, "b": b}


@open_to_all
def comparison_export(request: SiteRequest, earlier: str, later: str, form: str) -> HttpResponse:
    found = compared_or_404(earlier, later)
    reports = {"report_before": earlier, "report": later}
    table = Export(
        "comparison", heading(found), columns(found), changed(found), found.later.as_of, reports
    )
    return strangers(request) or export.answer(table, form)


@open_to_all
def comparison_feed(request: SiteRequest, earlier: str, later: str) -> HttpResponse:
    """An entry for everything that changed, of the day on which the later report appeared."""
    found = compared_or_404(earlier, later)
    day = found.later.published_on or found.later.as_of
    own = reverse("comparison", args=[earlier, later])
    entries = [
        feeds.Entry(
            f"{row.record.title} · {row.titles}",
            _moved(row),
            reverse(row.record_type, args=[row.record.code]),
            f"{own}{row.record_type}/{row.record.code}",
            day,
        )
        for row in changed(found)
    ]
    return strangers(request) or answer(request, entries, heading(found))


def _moved(row: Changed) -> str:
    """'x-5g, done → delayed'."""
    before, after = row.status("before"), row.status("after")
    words = f", {before.label} → {after.label}" if before and after else ""
    return f"{row.record.code}{words}"
