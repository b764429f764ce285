"""The public log: append-only, numbered in the order in which things were changed."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.dispatch import receiver
from django.utils import timezone

from milestones.models import Change
from projects.models import Plan
from projects.signals import public_change


class Line(NamedTuple):
    """What a line of the log tells: which record and field, from what to what."""

    record_type: str
    record: str
    field: str
    old: str
    new: str


@transaction.atomic
def append(
    lines: Iterable[Line],
    *,
    kind: str,
    reason: str | Mapping[str, str],
    role: str,
    document: str = "",
) -> list[Change]:
    """Adds lines of today to the log.

    `kind` is 'correction' or 'revision'. `reason` is given by language; a single one stands, as
    given, in each language of the plan. Two writers follow one another: each waits for the plan.
    """
    plan = Plan.objects.select_for_update().get()
    by_language = dict.fromkeys(plan.language_codes, reason) if isinstance(reason, str) else reason
    reasons = {f"reason_{language}": text.strip() for language, text in by_language.items()}
    first = (Change.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    return Change.objects.bulk_create(
        Change(
            number=number,
            made_on=timezone.localdate(),
            kind=kind,
            role=role,
            document=document,
            **line._asdict(),
            **reasons,
        )
        for number, line in enumerate(lines, first)
    )


@receiver(public_change)
def _hear(*, kind: str, reason: str, role: str, document: str = "", **told: Any) -> None:
    line = Line(*(told[name] for name in Line._fields))
    append([line], kind=kind, reason=reason, role=role, document=document)
