"""The files of the whole plan, and the catalogue of all that can be taken away."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from milestones.models import Edition
from nextgen.catalog import FORMS, Catalog
from nextgen.downloads import downloads, media_type
from nextgen.pages.base import SiteRequest, absolute
from nextgen.pages.export import open_to_all
from nextgen.whole.plan import File, WholePlan

FIVE_MINUTES = 300


@open_to_all
@cache_control(public=True, max_age=FIVE_MINUTES)
def download(_request: SiteRequest, name: str) -> HttpResponse:
    """A file of the whole plan; its address is the same in every language."""
    whole = _whole_or_404()
    if name not in whole.files:
        raise Http404
    return _sent(whole, name, whole.languages)


@open_to_all
@cache_control(public=True, max_age=FIVE_MINUTES)
def dictionary(_request: SiteRequest) -> HttpResponse:
    """What each column means, in the language of the address."""
    language = get_language() or ""
    return _sent(_whole_or_404(), f"dictionary-{language}.csv", [language])


@open_to_all
@cache_control(public=True, max_age=FIVE_MINUTES)
def catalog(request: SiteRequest, form: str) -> HttpResponse:
    """The catalogue by which portals find all this, in one of its forms."""
    whole, site = _whole_or_404(), absolute(request, "/")
    media, write = FORMS[form]

    def make() -> bytes:
        found = {code: downloads(code, whole) for code in whole.languages}
        editions = list(Edition.objects.published().light().defer("figures"))
        return write(Catalog(request.plan, whole.dated, found, editions, site.rstrip("/")))

    return _open(whole.kept(f"{site}catalog.{form}", make), media, whole.languages)


def _whole_or_404() -> WholePlan:
    whole = WholePlan.now()
    if whole is None:
        raise Http404
    return whole


def _sent(whole: WholePlan, name: str, languages: list[str]) -> HttpResponse:
    response = _open(whole.file(name), media_type(name), languages)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Link"] = f'<{reverse("catalog", args=["ttl"])}>; rel="describedby"'
    return response


def _open(file: File, media: str, languages: list[str]) -> HttpResponse:
    """A file that any page may read, whoever serves the page; ConditionalGet answers by its tag."""
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    response = HttpResponse(file.content, content_type=f"{media}{charset}")
    response.headers["ETag"] = f'"{file.sha256}"'
    response.headers["Content-Language"] = ", ".join(languages)
    return response
