"""E-mails to the people of the desk. Nothing depends on them: one that fails is logged, no more."""

import logging
import smtplib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.template.loader import render_to_string
from django.utils import timezone, translation

from milestones.models import ProgressReport, Role, User
from nextgen.desk import place
from nextgen.metrics import UNSENT
from projects.models import Plan

logger = logging.getLogger(__name__)
DAYS_LEFT = 10


def opened(report: ProgressReport) -> int:
    """Tells coordinators that a report is open; the number of e-mails sent."""
    return _send("opened", _people(Role.COORDINATOR), report=report)


def published(report: ProgressReport) -> int:
    """Tells everybody of the desk but administrators that a report is published."""
    return _send("published", _people(Role.COORDINATOR, Role.EDITOR, Role.AUDITOR), report=report)


def remind() -> int:
    """Tells coordinators, once a report, that ten days or fewer are left; 0 when it is not time.

    Nobody is reminded of a report to a plan that is closed.
    """
    today = timezone.localdate()
    report = ProgressReport.objects.filter(state="draft", reminded_on=None).first()
    closed = Plan.objects.filter(state=Plan.State.CLOSED).exists()
    if closed or report is None or report.closes_on is None:
        return 0
    left = (report.closes_on - today).days
    if not 0 <= left <= DAYS_LEFT:
        return 0
    report.reminded_on = today
    report.save(update_fields=["reminded_on"])
    return _send("reminder", _people(Role.COORDINATOR), report=report, left=left)


def _people(*roles: str) -> Iterable[User]:
    """Those in these roles who want e-mail and have an address."""
    return User.objects.filter(is_active=True, wants_mail=True, role__in=roles).exclude(email="")


def _send(name: str, people: Iterable[User], **context: Any) -> int:
    """One e-mail a person, in his or her language: the first line of the text is its subject."""
    plan = Plan.objects.get()
    letters = []
    for person in people:
        with translation.override(person.language or plan.language_codes[0]):
            text = render_to_string(
                f"mail/{name}.txt",
                {
                    **context,
                    "plan": plan,
                    "person": person,
                    "site": settings.SITE_URL,
                    "desk": place.root(),
                },
            )
        subject, _line, body = text.strip().partition("\n")
        letters.append(EmailMessage(subject, body.strip() + "\n", to=[person.email]))
    sent = 0
    for letter in letters:
        try:
            sent += mailers.default.send_messages([letter]) or 0
        except (smtplib.SMTPException, OSError) as error:
            UNSENT.inc()
            # Not what the server said: it repeats the address.
            why = getattr(error, "smtp_code", None) or error.errno or ""
            told = "An e-mail about %s was not sent: %s %s"
            logger.error(told, context["report"], type(error).__name__, why)  # noqa: TRY400
    return sent
