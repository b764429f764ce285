"""Whether what the world reaches is this site: its certificate, its pages, its mail server."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from time import time
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import mailers
from django.utils.encoding import iri_to_uri

from nextgen.build import code
from nextgen.doctor.finding import Problem, check, fault, warning

PATIENCE = 10
"""Seconds to wait for another machine."""
DAYS = 14
"""A certificate is renewed well before: those of Let's Encrypt thirty days ahead."""


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """The status and the first 1 MiB of what an http(s) address answers. Raises OSError."""
    told = {"User-Agent": "nextgen-doctor"}
    request = Request(iri_to_uri(url), method=method, headers=told)  # noqa: S310 (http and https)
    for name, value in headers.items():  # a token is not for whoever a redirect leads to
        request.add_unredirected_header(name, value)
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read(1 << 20).decode(errors="replace")
    except HTTPError as error:
        with error:
            return error.code, ""
    except HTTPException as error:
        raise OSError(f"it does not speak HTTP: {error}") from error


@check("certificate")
def certificate() -> Iterator[Problem]:
    """The certificate of SITE_URL is trusted and lasts."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        yield warning("SITE_URL has no certificate to look at.", "Set it to https://….")
        return
    host, port = address.hostname or "", address.port or 443
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield fault(
            f"Browsers refuse the certificate of {host}: {error.verify_message}.", "Renew it."
        )
        return
    except OSError as error:
        yield fault(f"{host}:{port} does not answer: {error}.", "See whether the proxy runs.")
        return
    left = (ssl.cert_time_to_seconds(str(shown["notAfter"])) - time()) / 86400
    if left < DAYS:
        yield warning(
            f"The certificate of {host} ends in {left:.0f} days.", "See why it was not renewed."
        )


@check("served")
def served() -> Iterator[Problem]:
    """What SITE_URL serves is well, and is this code."""
    if not settings.SITE_URL:
        yield warning("Nobody says what is served where.", "Set SITE_URL.")
        return
    token = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"} if settings.METRICS_TOKEN else {}
    answers = {}
    for path, well in (("/healthz", "ok"), ("/readyz", "ready")):
        try:
            status, answers[path] = ask(settings.SITE_URL + path, **token)
        except OSError as error:
            yield fault(f"{settings.SITE_URL} does not answer: {error}.", "See whether it runs.")
            return
        if status != 200 or not answers[path].startswith(well):
            yield fault(f"{settings.SITE_URL}{path} answers {status}.", "Read the site's log.")
    running = answers["/healthz"].removeprefix("ok").strip()
    if not running:
        yield warning(
            "Which code is served cannot be told.",
            "Set METRICS_TOKEN, the same here and there, to have it compared.",
        )
    elif running != code():
        yield fault(
            f"The code that is served is {running[:12]}, this one is {code()}.",
            "Restart the site, or run this where the served code is.",
        )


@check("mail", option="mail")
def mail() -> Iterator[Problem]:
    """The mail server lets the site in."""
    sender = mailers.default
    try:
        opened = sender.open()
        sender.close()
    except OSError as error:
        yield fault(f"The mail server does not let us in: {error}.", "Look at EMAIL_URL.")
        return
    if opened is None:
        yield warning("There is no mail server: letters are printed.", "Set EMAIL_URL.")
