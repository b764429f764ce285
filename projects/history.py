"""Who changed what, when, from what to what, and in which action: kept by auditlog, only added to.

The public log tells citizens what changed; this tells auditors who did it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Max
from django.db.models.signals import pre_save
from django.dispatch import receiver


class Acting(NamedTuple):
    by: Any
    action: str


NOBODY = Acting(None, "command")
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


@contextmanager
def acting(by: Any, action: str) -> Iterator[None]:
    """Signs what is written inside with a person and the name of what he or she does."""
    token = _acting.set(Acting(by if by.is_authenticated else None, action))
    try:
        yield
    finally:
        _acting.reset(token)


@receiver(pre_save, sender=LogEntry)
def _sign(instance: LogEntry, **_signal: Any) -> None:
    by, action = _acting.get()
    instance.actor = by
    instance.additional_data = {"action": action, "role": by.role if by else "operator"}


def register(*models_of_a_floor: type[models.Model], **options: Any) -> None:
    """Keeps the history of these tables from now on; `options` are auditlog's."""
    for model in models_of_a_floor:
        auditlog.register(model, **options)


def masked(_value: str) -> str:
    """What the history tells of a password: that it changed."""
    return "••••"


@dataclass(frozen=True)
class Edit:
    """One field of one record, changed by somebody since another read it."""

    field: str
    old: str
    new: str
    by: str
    role: str
    at: datetime


def _entries(record: models.Model) -> Any:
    return LogEntry.objects.get_for_object(record)


def seen(record: models.Model | None) -> int:
    """How far the history of a record goes: what a form remembers of when it was read.

    0 where there is no record yet.
    """
    last: int | None = _entries(record).aggregate(last=Max("pk"))["last"] if record else None
    return last or 0


def seen_all(records: list[models.Model]) -> dict[int, int]:
    """The same for many records of one model, by primary key; one query."""
    if not records:
        return {}
    of = ContentType.objects.get_for_model(records[0])
    rows = (
        LogEntry.objects.filter(content_type=of, object_id__in=[record.pk for record in records])
        .order_by()
        .values_list("object_id")
        .annotate(last=Max("pk"))
    )
    found: dict[int, int] = dict(rows)
    return {record.pk: found.get(record.pk, 0) for record in records}


def edits_since(record: models.Model, mark: int) -> list[Edit]:
    """What others changed in a record after `mark`, oldest first."""
    entries = _entries(record).filter(pk__gt=mark).select_related("actor").order_by("pk")
    return [
        Edit(
            field,
            *("" if value == "None" else value for value in (old, new)),
            by=str(entry.actor or ""),
            role=(entry.additional_data or {}).get("role", ""),
            at=entry.timestamp,
        )
        for entry in entries
        for field, (old, new) in entry.changes_dict.items()
        if field != "id"
    ]
