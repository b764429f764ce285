"""The brochures: of the plan, of a pillar or of an authority; the newest, or one of an edition."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from milestones.models import Brochure
from nextgen.brochure.making import file_name
from nextgen.pages.base import SiteRequest
from projects.models import Pillar

AN_HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def offered(scope: str = "", month: str = "") -> Brochure | None:
    """The brochure that a page links to, in the language in force; one query, without its bytes."""
    return Brochure.objects.of(get_language() or "", scope, month).light().first()


@require_safe
def plan(request: SiteRequest) -> HttpResponse:
    return _served(request, offered())


@require_safe
def pillar(request: SiteRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Pillar, slug=slug)
    return _served(request, offered(f"pillar-{found.number}"))


@require_safe
def authority(request: SiteRequest, code: str) -> HttpResponse:
    return _served(request, offered(f"authority-{code}"))


@require_safe
def edition(request: SiteRequest, month: str) -> HttpResponse:
    return _served(request, offered(month=month), FOR_EVER)


def _served(request: SiteRequest, found: Brochure | None, caching: str = AN_HOUR) -> HttpResponse:
    """The file, or the part of it that is asked for, or that it has not changed (RFC 9110)."""
    if found is None:
        raise Http404
    etag = f'"{found.sha256}"'
    response: HttpResponse | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _part(request, bytes(found.pdf), etag)
    response.headers["ETag"] = etag
    if response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = caching
    response.headers["Accept-Ranges"] = "bytes"
    name = file_name(request.plan, found)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _part(request: SiteRequest, pdf: bytes, etag: str) -> HttpResponse:
    """One range of bytes; the whole where none, several, or one of another version is wanted."""
    whole = HttpResponse(pdf, content_type="application/pdf")
    wanted = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag or not wanted:
        return whole
    first, last = wanted.groups()
    size = len(pdf)
    if not (first or last) or (first and last and int(last) < int(first)):
        return whole
    start = int(first) if first else size - min(int(last), size)
    stop = min(int(last) + 1, size) if first and last else size
    if start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = HttpResponse(pdf[start:stop], status=206, content_type="application/pdf")
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response
