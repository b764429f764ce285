"""A line of the public log as people read it: its record, field, values and role."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from milestones.models import Change, ProgressReport, Role, Status, Verdict
from milestones.quarter import Quarter
from nextgen import formats
from nextgen.package.stored import MODELS
from nextgen.package.tables import TABLES
from projects.models import Plan

PAGES: dict[str, Callable[[Change], str]] = {
    "plan": lambda _change: reverse("plan"),
    "project": lambda change: reverse("project", args=[change.record]),
    "allocation": lambda change: reverse("project", args=[change.record]),
    "milestone": lambda change: reverse("milestone", args=[change.record]),
    "assessment": lambda change: reverse("milestone", args=[change.record]),
    "verdict": lambda change: reverse("milestone", args=[change.record]),
    "report": lambda change: reverse("report", args=[change.record]),
    "authority": lambda change: reverse("authority", args=[change.record]),
    "pillar": lambda change: reverse("pillar", args=[getattr(change, "slug", "") or ""]),
    "component": lambda change: f"{reverse('projects')}?component={change.record}",
    "payment_request": lambda _change: f"{reverse('progress')}#requests",
}
STATES: dict[str, Any] = dict([*ProgressReport.State.choices, *Plan.State.choices])
VALUES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        ["due", "done_quarter", "expected"], lambda text: formats.quarter(Quarter.parse(text))
    ),
    **dict.fromkeys(["budget", "amount"], lambda text: formats.money_in_full(int(text))),
    "status": lambda text: Status(text).label,
    "state": lambda text: STATES.get(text, text),
    "verdict": lambda text: Verdict.Outcome(text).label,
}
RECORDS: dict[str, Any] = {table.record: MODELS[name] for name, table in TABLES.items()}


def page_of(change: Change) -> str:
    """The address of the record's page in the language in force; '' where it has none."""
    try:
        return PAGES[change.record_type.replace(" ", "_")](change)
    except (KeyError, NoReverseMatch):
        return ""


def field_of(change: Change) -> str:
    """What was changed: 'title (fr)', 'status, report of December 2023', 'amount, FLA'."""
    column, _blank, of = change.field.partition(" ")
    try:
        field = str(RECORDS[change.record_type]._meta.get_field(column).verbose_name)
    except (KeyError, FieldDoesNotExist):
        field = column.replace("_", " ")
    if change.record_type == "assessment" and of:
        try:
            month = formats.month(ProgressReport(month=of).as_of)
        except ValueError:
            return change.field
        return _("{field}, report of {month}").format(field=field, month=month)
    return f"{field}, {of}" if of else field


def value_of(change: Change, value: str) -> str:
    """An old or new value of it in words, or as it stands where it has no other form."""
    read = VALUES.get(change.field.partition(" ")[0], str)
    try:
        return str(read(value))
    except ValueError:
        return value


def role_of(change: Change) -> str:
    """In which role it was changed, in the language in force; never by whom."""
    return str(Role(change.role).label) if change.role in Role.values else change.role


def type_of(record_type: str) -> str:
    """The kind of record that a line speaks of, in the language in force."""
    return {
        "plan": _("plan"),
        "pillar": _("pillar"),
        "component": _("component"),
        "authority": _("authority"),
        "project": _("project"),
        "allocation": _("allocation"),
        "milestone": _("milestone"),
        "report": _("progress report"),
        "assessment": _("assessment"),
        "payment_request": _("payment request"),
        "verdict": _("verdict"),
    }.get(record_type.replace(" ", "_"), record_type)


def sentence_of(change: Change) -> str:
    """The line in one sentence, without its reason: what a feed reader lists."""
    old, new = (value_of(change, value) or _("empty") for value in (change.old, change.new))
    return f"{change.record} · {field_of(change)}: {old} → {new}"
