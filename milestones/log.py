"""The public log: append-only, numbered in the order in which things were changed."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.dispatch import receiver
from django.utils import timezone

from milestones.models import Change
from projects.models import Plan
from projects.signals import public_change


@receiver(public_change)
def append(
    *,
    record_type: str,
    record: str,
    field: str,
    old: str,
    new: str,
    kind: str,
    reason: str,
    role: str,
    **_signal: Any,
) -> Change:
    """Adds a line of today to the log; the reason stands, as given, in each language."""
    plan = Plan.objects.get()
    with transaction.atomic():
        number = (Change.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        return Change.objects.create(
            number=number,
            made_on=timezone.localdate(),
            kind=kind,
            record_type=record_type,
            record=record,
            field=field,
            old=old,
            new=new,
            role=role,
            **{f"reason_{language}": reason for language in plan.language_codes},
        )
