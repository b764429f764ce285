"""Two people on one record: what the second sent, held against what the first wrote meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _

from projects.history import Edit


@dataclass(frozen=True)
class Version:
    """One value of a field: as a form sends it, and as a person reads it."""

    sent: str
    shown: str


@dataclass(frozen=True)
class Clash:
    """A field of which there are two versions; `touched`: the second changed it too."""

    name: str
    label: str
    theirs: Version
    mine: Version
    touched: bool
    by: str
    role: str
    at: datetime

    @property
    def versions(self) -> list[tuple[Version, bool, bool]]:
        """Both, theirs first: the version, whether it is mine, whether it is offered first."""
        return [(self.theirs, False, not self.touched), (self.mine, True, self.touched)]


def clashes(form: Any, edits: Iterable[Edit]) -> list[Clash]:
    """The fields of a bound form that these edits changed since it was read, where what was sent
    is not what stands there now. Edits come oldest first."""
    since: dict[str, list[Edit]] = {}
    for edit in edits:
        since.setdefault(edit.field, []).append(edit)
    found = []
    for name, its in since.items():
        field = form.fields.get(name)
        if field is None or field.disabled:
            continue
        bound = form[name]
        if field.has_changed(bound.initial, bound.data):
            found.append(
                Clash(
                    name=name,
                    label=str(bound.label),
                    theirs=_version(field, bound.initial),
                    mine=_version(field, bound.data),
                    touched=_touched(form, name, its[0].old),
                    by=its[-1].by,
                    role=its[-1].role,
                    at=its[-1].at,
                )
            )
    return found


def _touched(form: Any, name: str, read: str) -> bool:
    """Whether what was sent is another value than the one that was read, as the history has it."""
    column = form._meta.model._meta.get_field(name)
    try:
        value = column.to_python(read) if read or not column.null else None
    except ValidationError:
        return True
    return bool(form.fields[name].has_changed(value, form[name].data))


def _version(field: forms.Field, value: Any) -> Version:
    value = field.prepare_value(value)
    if isinstance(value, bool):
        return Version(str(value).lower(), _("yes") if value else _("no"))
    formatted = field.widget.format_value(value)
    # Widgets that offer choices format them as a list.
    sent = formatted[0] if isinstance(formatted, list) else formatted or ""
    return Version(sent, _shown(field, sent))


def _shown(field: forms.Field, sent: str) -> str:
    try:
        value = field.clean(sent)
    except ValidationError:
        return sent
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    return str(localize(value)) if value not in (None, "") else ""
