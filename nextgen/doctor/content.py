"""Whether what is published is still what it was, and as new as was promised."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from babel.dates import get_month_names
from django.utils import timezone

from milestones.models import Brochure, Change, Edition, ProgressReport
from milestones.rhythm import rhythm
from nextgen.brochure.making import missing
from nextgen.brochure.source import Source
from nextgen.doctor.finding import Problem, check, fault, warning
from projects.models import NaturalRecipient, Plan, Text

A_YEAR = 366


@check("editions", database=True)
def editions() -> Iterator[Problem]:
    """What was published is byte for byte what it was."""
    for edition in Edition.objects.exclude(package=None).iterator(chunk_size=1):
        if _sha256(edition.package) != edition.sha256:
            yield fault(
                f"The package of {edition} is not the one that was published.",
                "Restore it from a backup, and find out who wrote it.",
            )
    for brochure in Brochure.objects.select_related("edition__report").iterator(chunk_size=1):
        if _sha256(brochure.pdf) != brochure.sha256:
            yield fault(
                f"The brochure {brochure} is not the one that was made.",
                "Restore it from a backup, and find out who wrote it.",
            )


def _sha256(data: bytes | memoryview | None) -> str:
    return hashlib.sha256(bytes(data or b"")).hexdigest()


@check("brochures", database=True)
def brochures() -> Iterator[Problem]:
    """The newest edition has its brochures."""
    edition = Edition.objects.published().light().last()
    if edition and (lacking := sum(map(len, missing(Source(edition)).values()))):
        yield warning(f"{lacking} brochures of {edition} are missing.", "Run manage.py brochures.")


@check("reports", database=True)
def reports() -> Iterator[Problem]:
    """The newest report is as new as was promised."""
    plan, published = Plan.objects.first(), list(ProgressReport.objects.published())
    if not plan or not published:
        yield warning("No report is published.", "Publish one at the desk, or import it.")
        return
    kept = rhythm(plan, published, timezone.localdate())
    if kept.missing:
        yield warning(
            f"The newest report is of {published[-1]}, {kept.age_in_days} days ago:"
            f" {len(kept.missing)} promised ones are missing.",
            "Ask the editor for the next one.",
        )


@check("persons", database=True)
def persons() -> Iterator[Problem]:
    """No natural person is kept past his or her time."""
    if past := NaturalRecipient.objects.past(timezone.localdate()).count():
        yield fault(
            f"{past} natural persons are still in the database past their time.",
            "Run manage.py forget_recipients, every day.",
        )


@check("clock", database=True)
def clock() -> Iterator[Problem]:
    """Nothing was published in the future."""
    today = timezone.localdate()
    published = ProgressReport.objects.published()
    days = {
        "a public change": Change.objects.values_list("made_on", flat=True),
        "a report": published.values_list("published_on", flat=True),
        "an edition": map(timezone.localdate, Edition.objects.values_list("frozen_at", flat=True)),
    }
    for what, found in days.items():
        newest = max(filter(None, found), default=today)
        if newest > today:
            yield fault(
                f"The clock says {today}, and {what} is of {newest}.",
                "Set the clock of this machine (timedatectl), or correct that date.",
            )


@check("statement", database=True)
def statement() -> Iterator[Problem]:
    """The accessibility statement was looked at within a year, as the law asks."""
    plan, today = Plan.objects.first(), timezone.localdate()
    there = dict(Text.objects.filter(page="accessibility").values_list("language", "body"))
    for language in plan.language_codes if plan else []:
        days = [day for day in days_named(there.get(language, ""), language) if day <= today]
        if not days:
            yield warning(
                f"The accessibility statement ({language}) names no day on which it was made.",
                "Write it as '23 November 2026', in the language of the text.",
            )
        elif (age := (today - max(days)).days) > A_YEAR:
            yield warning(
                f"The accessibility statement ({language}) was last looked at {age} days ago.",
                "Review it once a year and write the day into it.",
            )


def days_named(text: str, language: str) -> list[date]:
    """The days that a text names as its language writes them: '23 November 2026', '1er mars 2027'.

    The statement is a text of the plan, so its date stands where readers see it and nowhere else.
    """
    names = get_month_names("wide", locale=language)
    months = {name.lower(): number for number, name in names.items()}
    pattern = rf"\b(\d{{1,2}})(?:er|\.)?\s+({'|'.join(months)})\s+(\d{{4}})"
    named = re.findall(pattern, text, re.IGNORECASE)
    return [date(int(year), months[month.lower()], int(day)) for day, month, year in named]
