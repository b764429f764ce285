"""What every page of the public site knows: the plan, its languages, addresses and report."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from milestones.kept import kept
from milestones.models import ProgressReport
from milestones.rhythm import Rhythm, rhythm
from nextgen.archive.moment import archived
from nextgen.desk.place import is_desk
from nextgen.pagecache.lanes import Build
from projects.models import Plan
from projects.selection import TRACKING, Unknown


class SiteRequest(HttpRequest):
    """A request as the middleware leaves it."""

    htmx: HtmxDetails
    plan: Plan
    report: ProgressReport | None


SECTIONS = [
    ("plan", _("The plan")),
    ("projects", _("Projects")),
    ("milestones", _("Milestones")),
    ("progress", _("Progress")),
    ("figures", _("Figures explained")),
    ("data", _("Data and press")),
]


@dataclass(frozen=True)
class Twin:
    """The same page in another language."""

    code: str
    name: str
    address: str
    current: bool


def absolute(request: HttpRequest, path: str) -> str:
    """A full address: under SITE_URL where that is set, else under the host asked for.

    A host that is not ours is not repeated: the error page then says the path alone.
    """
    if settings.SITE_URL:
        return f"{settings.SITE_URL}{path}"
    try:
        return request.build_absolute_uri(path)
    except DisallowedHost:
        return path


def current_plan() -> Plan | None:
    """The plan, kept; None while there is none."""
    return kept("plan", Plan.objects.first)


def published_reports() -> list[ProgressReport]:
    """All reports that are out, earliest first, kept."""
    return kept("reports", lambda: list(ProgressReport.objects.published()))


def current_report() -> ProgressReport | None:
    """The latest of them."""
    return next(reversed(published_reports()), None)


def understood(
    request: HttpRequest, offered: Mapping[str, Collection[str]]
) -> tuple[dict[str, str], list[Unknown]]:
    """One of the values offered for each parameter, or '', and all that was not understood."""
    chosen, unknown = dict.fromkeys(offered, ""), []
    for name, value in request.GET.dict().items():
        if name in offered and value in ["", *offered[name]]:
            chosen[name] = str(value)
        elif name in offered or not TRACKING.fullmatch(name):
            unknown.append(Unknown(name, str(value), known_parameter=name in offered))
    return chosen, named(request, unknown)


def named(request: HttpRequest, unknown: Sequence[Unknown]) -> list[Unknown]:
    """What was not understood, for the page to name: which makes it one that is never kept."""
    build: Build | None = request.META.get(Build.NAME)
    if unknown and build:
        build.names_something_unknown()
    return list(unknown)


def today() -> date:
    """Today; in an archive, the day of its data."""
    moment = archived.get()
    return moment.day if moment else timezone.localdate()


def report_or_404(request: SiteRequest) -> ProgressReport:
    """The current report; a page that needs one does not exist before the first."""
    if not request.report:
        raise Http404
    return request.report


def twins(request: SiteRequest) -> list[Twin]:
    """This page, with its query, in every language of the plan; on an error page, the homes."""
    names = dict(settings.LANGUAGES)
    here = translation.get_language()
    path = request.get_full_path()
    inside = translation.get_language_from_path(request.path) is not None
    found = inside and not getattr(request, "missing", False)
    found_twins = []
    for code in request.plan.language_codes:
        with translation.override(code):
            home = reverse("home")
        address = translate_url(path, code) if found else home
        found_twins.append(Twin(code, names[code], address, code == here))
    return found_twins


def site(request: SiteRequest) -> dict[str, Any]:
    """Context of every template of the public site; nothing for the admin."""
    if is_desk(request) or not getattr(request, "plan", None):
        return {}
    pulse: Rhythm = rhythm(request.plan, published_reports(), today())
    all_twins = twins(request)
    # Of most pages a query only chooses; some have one that is part of what they are.
    own = getattr(request, "own_query", "")
    return {
        "plan": request.plan,
        "archive": archived.get(),
        "report": pulse.current,
        "rhythm": pulse,
        "twins": all_twins,
        "sections": [
            (label, (address := reverse(name)), request.path.startswith(address))
            for name, label in SECTIONS
        ],
        "canonical": absolute(request, request.path + own),
        "alternates": [
            (t.code, absolute(request, urlsplit(t.address).path + own)) for t in all_twins
        ],
        "site_root": absolute(request, "/").rstrip("/"),
    }
