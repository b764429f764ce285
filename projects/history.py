"""Who changed what, when, from what to what, and in which action: kept by auditlog, only added to.

The public log tells citizens what changed; this tells auditors who did it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _


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
    """What the history tells of a secret, a password or a name: that it changed."""
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


def entries(record: models.Model, rows: Collection[models.Model] = ()) -> Any:
    """The history of a record, and of the rows that are a part of it; no certain order."""
    found = LogEntry.objects.get_for_object(record)
    if rows:
        of = ContentType.objects.get_for_model(next(iter(rows)))
        found |= LogEntry.objects.filter(content_type=of, object_id__in=[row.pk for row in rows])
    return found


def seen(record: models.Model | None, rows: Collection[models.Model] = ()) -> int:
    """How far the history of a record goes: what a form remembers of when it was read.

    0 where there is no record yet. `rows` are a part of the record.
    """
    if record is None:
        return 0
    last: int | None = entries(record, rows).aggregate(last=Max("pk"))["last"]
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
    later = entries(record).filter(pk__gt=mark).select_related("actor").order_by("pk")
    return [edit for entry in later for edit in edits_of(entry)]


def edits_of(entry: LogEntry) -> list[Edit]:
    """What one entry of the history tells, field by field; what stayed empty is no edit."""
    edits = [
        Edit(
            field,
            "" if old == "None" else old,
            "" if new == "None" else new,
            by=str(entry.actor or ""),
            role=(entry.additional_data or {}).get("role", ""),
            at=entry.timestamp,
        )
        for field, (old, new) in entry.changes_dict.items()
        # Of a new record the rows that may point to it are told too: they have nothing to say.
        if field != "id" and getattr(_field(entry, field), "concrete", True)
    ]
    hidden = masked("")
    return [edit for edit in edits if edit.old != edit.new or edit.new == hidden]


@dataclass(frozen=True)
class Told:
    """An entry of the history as auditors read it; `changes` are (field, from, to)."""

    entry: LogEntry
    action: str
    changes: list[tuple[str, str, str]]


ACTIONS = {
    "form": _("form"),
    "command": _("command of the operator"),
    "assess": _("assessed"),
    "unchanged": _("signed as unchanged"),
    "import": _("import of a data package"),
    "spreadsheet": _("spreadsheet"),
    "open report": _("opened the report"),
    "move date": _("moved the date"),
    "correct": _("corrected the report"),
    "publish": _("published the report"),
    "close or reopen": _("closed or reopened the plan"),
}


def told(entries: Iterable[LogEntry]) -> list[Told]:
    """Entries in words: fields by their names, other records by theirs; a query for each table."""
    found = list(entries)
    edits = [(entry, edits_of(entry)) for entry in found]
    wanted: dict[type[models.Model], set[str]] = {}
    for entry, its in edits:
        for edit in its:
            if other := _points_to(entry, edit.field):
                wanted.setdefault(other, set()).update(filter(str.isdecimal, (edit.old, edit.new)))
    names: dict[tuple[Any, str], str] = {
        (model, str(pk)): str(row)
        for model, pks in wanted.items()
        for pk, row in _rows(model).in_bulk(pks).items()
    }

    def named(entry: LogEntry, edit: Edit) -> tuple[str, str, str]:
        other = _points_to(entry, edit.field)
        old, new = (names.get((other, value), value) for value in (edit.old, edit.new))
        return label_of(entry, edit.field), old, new

    return [
        Told(entry, action_of(entry), [named(entry, edit) for edit in its]) for entry, its in edits
    ]


def action_of(entry: LogEntry) -> str:
    """In which action something was written, in words."""
    action = (entry.additional_data or {}).get("action", "")
    return str(ACTIONS.get(action, action))


def _rows(model: type[models.Model]) -> Any:
    """The rows of a table with what their names are made of."""
    names = [name for name in ("milestone", "report", "project") if hasattr(model, f"{name}_id")]
    return model._default_manager.select_related(*names) if names else model._default_manager


def _field(entry: LogEntry, name: str) -> Any:
    model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _points_to(entry: LogEntry, name: str) -> type[models.Model] | None:
    """The table that a field names rows of, if it does."""
    field = _field(entry, name)
    return getattr(field, "related_model", None) if getattr(field, "concrete", False) else None


def label_of(entry: LogEntry, name: str) -> str:
    """The name of a field as people read it."""
    return str(getattr(_field(entry, name), "verbose_name", name))
