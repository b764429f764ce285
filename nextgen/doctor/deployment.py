"""Whether the settings are those of a public site."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.http.request import validate_host

from nextgen.doctor.finding import Problem, check, fault, warning


@check("settings")
def site() -> Iterator[Problem]:
    """The settings are those of a public site."""
    if settings.DEBUG:
        yield fault("DEBUG is on: an error shows the code to everybody.", "Set DEBUG=0.")
    if not settings.HTTPS:
        yield fault(
            "HTTPS is off: passwords and pages go in the clear.",
            "Set HTTPS=1, and TRUST_PROXY=1 where a proxy ends TLS.",
        )
    if not settings.SITE_URL.startswith("https://"):
        yield fault(
            f"SITE_URL is '{settings.SITE_URL}': links in brochures and e-mails lead nowhere.",
            "Set it to the public address, https://….",
        )
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield fault("ALLOWED_HOSTS lets any host name in.", "Name those that are yours.")
    elif host and not validate_host(host, settings.ALLOWED_HOSTS):
        yield fault(f"ALLOWED_HOSTS lacks {host}, the host of SITE_URL.", "Add it.")
    if not settings.SECOND_FACTOR:
        yield warning("SECOND_FACTOR is off: a password alone opens the desk.", "Set it to 1.")
    if not settings.MAILERS["default"]["BACKEND"].endswith("smtp.EmailBackend"):
        yield warning("No e-mail leaves this machine.", "Set EMAIL_URL to your mail server.")
    if not settings.SECURITY_CONTACT:
        yield warning("Nobody is named who hears of holes.", "Set SECURITY_CONTACT.")


@check("metrics")
def metrics() -> Iterator[Problem]:
    """What Prometheus reads is of all workers, or is not asked for."""
    alone = os.environ.get("GRANIAN_WORKERS", "1") == "1"
    if settings.METRICS_TOKEN and not alone and not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        yield warning(
            "/metrics tells what one worker counted, whichever answers.",
            "Set PROMETHEUS_MULTIPROC_DIR to a folder that is emptied at each start.",
        )


@check("django")
def django() -> Iterator[Problem]:
    """Django finds nothing to say of this deployment."""
    for message in run_checks(include_deployment_checks=True):
        made = fault if message.level >= ERROR else warning
        told, hint = (" ".join(str(text or "").split()) for text in (message.msg, message.hint))
        yield made(f"{told} ({message.id})", hint or "See Django's documentation of this check.")
