"""What every request of the public site shares: the plan, its languages, and pages for 405."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from milestones.kept import of_one_stamp
from nextgen.pagecache.lanes import Build, BusyError
from nextgen.pagecache.published import PUBLISHED
from nextgen.pages import errors
from nextgen.pages.base import current_plan, current_report

MAX_BODY = 6 * 2**20  # bytes: a spreadsheet of 5 MB, and its form around it
MAX_ADDRESS = 4096  # characters: several times the longest selection
PUBLIC = "public, max-age=0, s-maxage=1"
NOT_TEXT = {"application/pdf", "application/zip"}
NOTHING_OF_THE_DEVICE = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PlanMiddleware:
    """Gives each request `plan` and `report` (the current one), read once when first needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.plan = SimpleLazyObject(current_plan)  # type: ignore[attr-defined]
        request.report = SimpleLazyObject(current_report)  # type: ignore[attr-defined]
        with of_one_stamp() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response.headers["Allow"]
            response = render(request, "errors/405.html", status=405)
            response.headers["Allow"] = allowed
        if build := request.META.get(Build.NAME):
            # A view that has not looked at the query answers the same whatever it says.
            build.heard = "GET" in vars(request)
        _tell_caches(request, response)
        response.headers["Permissions-Policy"] = NOTHING_OF_THE_DEVICE
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A crowd is no fault of the site, whose path through the code would fill the log."""
        return errors.server_error(request) if isinstance(exception, BusyError) else None

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Pages are read only, in the languages that the plan speaks, and once there is a plan."""
        language = translation.get_language_from_path(request.path_info)
        if language is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not request.plan:  # type: ignore[attr-defined]
            return render(request, "errors/no_plan.html", status=503)
        if language not in request.plan.language_codes:  # type: ignore[attr-defined]
            translation.activate(request.plan.language_codes[0])  # type: ignore[attr-defined]
            raise Http404
        if "\0" in request.path_info:  # which PostgreSQL would not even look for
            raise Http404
        return None


class LimitsMiddleware:
    """Refuses what is larger than anything that the site has a use for, before it is read.

    The proxy holds the same limits: deploy/nginx/nginx.conf.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or 0)
        if len(length) > 9 or (length.isdecimal() and int(length) > MAX_BODY):
            return errors.too_large(request)
        if len(request.get_full_path()) > MAX_ADDRESS:
            return errors.too_long(request)
        return self.get_response(request)


def _tell_caches(request: HttpRequest, response: HttpResponseBase) -> None:
    """How long others may keep a page, and the names by which it is dropped when the plan changes.

    A browser asks each time whether its copy holds; a cache in front of many does once a second.
    """
    found = request.resolver_match
    if response.status_code != 200 or not found or not PUBLISHED.match(request.path_info):
        return
    response.headers.setdefault("Cache-Control", PUBLIC)
    language = translation.get_language_from_path(request.path_info)
    response.headers["Surrogate-Key"] = " ".join(filter(None, ["plan", found.url_name, language]))
    # Here the address chooses the language, never the browser.
    varies = response.headers.get("Vary", "").split(", ")
    response.headers["Vary"] = ", ".join(v for v in varies if v != "Accept-Language")


class CompressionMiddleware(GZipMiddleware):
    """Compresses texts. Other files are so already, and a part of one has to stay what it is."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.headers.get("Content-Type") in NOT_TEXT:
            return response
        return super().process_response(request, response)
