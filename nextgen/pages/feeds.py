"""What can be subscribed to: the lines of the log that speak of what was selected."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from milestones.models import Change
from milestones.querysets import ChangeQuerySet
from nextgen import feeds
from nextgen.pages.base import SiteRequest, absolute
from nextgen.pages.export import open_to_all, problem, strangers
from nextgen.pages.lists import select
from projects.models import Authority, Pillar, Project

SIZE = 100
# Whose changes the feed of a list tells, and under which heading.
LISTS: dict[str, tuple[Callable[[Any], ChangeQuerySet], Any]] = {
    "projects": (Change.objects.of_projects, _("Projects")),
    "milestones": (Change.objects.of_milestones, _("Milestones")),
}


def answer(
    request: SiteRequest, entries: Iterable[feeds.Entry], title: str, query: str = ""
) -> HttpResponse:
    """A feed of the page above its own address."""
    page = request.path.rpartition("/")[0] + "/"
    feed = feeds.atom(
        entries, title, page + query, request.path + query, request.plan,
        lambda path: absolute(request, path),
    )  # fmt: skip
    return HttpResponse(feed, content_type=feeds.ATOM)


def lines(changes: ChangeQuerySet) -> list[feeds.Entry]:
    """The newest lines."""
    return [feeds.of_line(change) for change in changes.for_page()[:SIZE]]


@open_to_all
def listed(request: SiteRequest, name: str) -> HttpResponse:
    """Changes of the records that one of the lists selects, whenever they are in the plan."""
    selection = select(request, name, ever=True)
    if wrong := problem(selection):
        return wrong
    changes_of, heading = LISTS[name]
    title = " · ".join([str(heading), *(str(chip.label) for chip in selection.chips)])
    query = replace(selection, sort="").filters()
    return answer(request, lines(changes_of(selection.matches)), title, query)


@open_to_all
def project(request: SiteRequest, code: str) -> HttpResponse:
    found = Project.objects.filter(code=code)
    if project := found.first():
        changes = Change.objects.of_projects(found)
        return strangers(request) or answer(request, lines(changes), project.short_title)
    if current := Project.objects.formerly(code):
        return redirect("project_feed", current.code, permanent=True)
    raise Http404


@open_to_all
def pillar(request: SiteRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Pillar, slug=slug)
    changes = Change.objects.of_pillar(found)
    return strangers(request) or answer(request, lines(changes), found.name)


@open_to_all
def authority(request: SiteRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Authority, code=code)
    changes = Change.objects.of_authority(found)
    return strangers(request) or answer(request, lines(changes), found.name)
