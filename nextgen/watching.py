"""Counts each request that Django answers, and says in the log how long it took."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from nextgen.logs import TOLD
from nextgen.metrics import QUERIES, REQUESTS, SECONDS

log = logging.getLogger("nextgen.requests")
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
# Asked every few seconds by what watches the site.
ROUTINE = {"healthz", "readyz", "metrics"}


class Queries:
    """How many questions the database was asked, and how many seconds it took to answer."""

    count = 0
    seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += perf_counter() - began


class WatchMiddleware:
    """A line a request: its route and never its address, which may hold what somebody searched.

    Longer than SLOW_PAGE_MS is a warning.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = Queries()
        began = perf_counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        seconds = perf_counter() - began
        route = _route(request)
        method = request.method if request.method in METHODS else "other"
        status = response.status_code
        REQUESTS.labels(route, method, f"{status // 100}xx").inc()
        SECONDS.labels(route).observe(seconds)
        QUERIES.labels(route).inc(queries.count)
        ms = round(seconds * 1000)
        slow = ms > settings.SLOW_PAGE_MS
        level = logging.WARNING if slow else logging.DEBUG if route in ROUTINE else logging.INFO
        if log.isEnabledFor(level):
            database_ms = round(queries.seconds * 1000)
            told = "%s %s: %d in %d ms, %d queries in %d ms"
            values = (method, route, status, ms, queries.count, database_ms)
            log.log(
                level,
                f"Slow: {told}" if slow else told,
                *values,
                extra=dict(zip(TOLD, values, strict=True)),
            )
        return response


def _route(request: HttpRequest) -> str:
    """The name of the route, or its pattern where it has none."""
    match = request.resolver_match
    if match is None:
        return "unmatched"
    return match.view_name if match.url_name else match.route
