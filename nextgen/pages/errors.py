"""Pages for what went wrong, in the page's language and with a way on."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from nextgen.pagecache.lanes import BusyError


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    request.missing = True  # type: ignore[attr-defined]
    return render(
        request, "errors/404.html", {"searched": getattr(request, "searched", "")}, status=404
    )


def server_error(_request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor the context of other pages: they may be what failed.

    503 where it can help to try again: the database is away or full, or too many ask at once.
    """
    if isinstance(sys.exception(), (OperationalError, InterfaceError, BusyError)):
        page = loader.render_to_string("errors/503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "10"})
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)
