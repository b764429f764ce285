"""What is sent while the database is away: the last good copy, marked as such, or a plain 503."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.csp import build_policy

from nextgen.pagecache.page import Page, StartResponse, coding_for

RETRY_AFTER = "10"  # seconds
MAIN = b"<main "


def _language(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def refuse(path: str, start_response: StartResponse) -> Iterable[bytes]:
    """That the page cannot be made at this moment, in the language of its address."""
    with translation.override(_language(path)):
        body = render_to_string("errors/503.html").encode()
    start_response(
        "503 Service Unavailable",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Retry-After", RETRY_AFTER),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", build_policy(settings.SECURE_CSP)),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
        ],
    )
    return [body]


def send(
    page: Page, held: float, environ: Mapping[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """A page of which it is known that it held at this time (POSIX), and no longer whether it does.

    Pages say so where they are read, other files in the header alone (RFC 7234, 5.5.1).
    """
    body = page.whole
    if MAIN in body:
        with translation.override(_language(page.key.path)):
            moment = timezone.localtime(datetime.fromtimestamp(held, UTC))
            notice = render_to_string("parts/last_good_copy.html", {"moment": moment})
        body = body.replace(MAIN, notice.encode() + MAIN, 1)
    told = {"etag", "cache-control"}
    headers = [(name, value) for name, value in page.headers if name.lower() not in told]
    headers += [("Warning", '110 - "Response is Stale"'), ("Cache-Control", "no-store")]
    if "gzip" in page.bodies and coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")):
        body = gzip.compress(body, 1)
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
