"""What machines ask for: health, robots, sitemap, security contact."""

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from milestones import editions
from milestones.figures import definitions
from milestones.models import Edition, Milestone, Stamp
from nextgen.build import code
from nextgen.charts import known
from nextgen.metrics import exposition
from nextgen.pages.base import SiteRequest, absolute
from projects.models import Authority, Pillar, Project


@require_safe
def healthz(request: SiteRequest) -> HttpResponse:
    """The process answers; who has the token METRICS_TOKEN also learns which code it runs."""
    told = f"ok {code()}\n" if _has_token(request) else "ok\n"
    return HttpResponse(told, content_type="text/plain")


@require_safe
def readyz(_request: SiteRequest) -> HttpResponse:
    """The database answers and has the tables of the site; 503 if not."""
    try:
        Stamp.objects.token()
    except Exception:  # noqa: BLE001 - whatever keeps the database away, the answer is the same
        return HttpResponse("database away\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
def metrics(request: SiteRequest) -> HttpResponse:
    """What Prometheus asks for, with the token METRICS_TOKEN; without that setting not there."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _has_token(request):
        asked = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
        return HttpResponse("no\n", content_type="text/plain", status=401, headers=asked)
    text, media_type = exposition(request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=media_type, headers={"Cache-Control": "no-store"})


def _has_token(request: SiteRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(
        given, f"Bearer {settings.METRICS_TOKEN}"
    )


@require_safe
def favicon(_request: SiteRequest) -> HttpResponse:
    """Browsers ask for it where a page names no other icon."""
    return redirect(static("mark.svg"))


@require_safe
def robots(request: SiteRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {absolute(request, '/sitemap.xml')}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
def security(request: SiteRequest) -> HttpResponse:
    """RFC 9116; an address that nobody set is not invented."""
    expires = (timezone.now() + timedelta(days=180)).replace(microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or absolute(request, '/')}",
        f"Expires: {expires.isoformat()}",
        f"Canonical: {absolute(request, '/.well-known/security.txt')}",
        f"Preferred-Languages: {', '.join(request.plan.language_codes if request.plan else [])}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
def sitemap(request: SiteRequest) -> HttpResponse:
    """Every page, each with its twins in the plan's other languages."""
    published = {
        edition.report.month: editions.as_published(edition)[editions.PLAN]
        for edition in Edition.objects.published().light()
    }
    pages: list[tuple[str, list[str]]] = [
        *((name, []) for name in PAGES),
        *(("pillar", [slug]) for slug in Pillar.objects.values_list("slug", flat=True)),
        *(("authority", [code]) for code in Authority.objects.values_list("code", flat=True)),
        *(("project", [code]) for code in Project.objects.values_list("code", flat=True)),
        *(("milestone", [code]) for code in Milestone.objects.values_list("code", flat=True)),
        *(("figure", [name]) for name in definitions(closed=request.plan.closed)),
        *(("chart", [name]) for name in known(closed=request.plan.closed)),
        *(("report", [month]) for month in published),
        *(("comparison", list(pair)) for pair in pairwise(published)),
        *(("edition_figure", [name, month]) for month, held in published.items() for name in held),
    ]
    entries = []
    for name, arguments in pages:
        twins = []
        for language in request.plan.language_codes:
            with translation.override(language):
                twins.append((language, absolute(request, reverse(name, args=arguments))))
        entries.append(twins)
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")


PAGES = ["home", "plan", "projects", "milestones", "progress", "figures", "charts", "changes"]
PAGES += ["data", "recipients", "accessibility", "privacy"]
