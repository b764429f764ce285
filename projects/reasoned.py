"""Forms over public records: what changes in them needs its kind, its reason and its decision."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models import Pillar
from projects.translated import columns, no_controls, one_line

REASON = ("change_kind", "change_reason", "change_document")
REVISION = "revision"


def lacking(given: Mapping[str, Any]) -> dict[str, str]:
    """What a change of public data still has to say, by the field that would say it."""
    found = {}
    if not given.get("change_kind"):
        found["change_kind"] = gettext("Say which of the two it is.")
    if not str(given.get("change_reason") or "").strip():
        found["change_reason"] = gettext("Say why this public record changes.")
    if given.get("change_kind") == REVISION and not given.get("change_document"):
        found["change_document"] = gettext("A revision needs the document of its decision.")
    return found


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form over a public record."""

    asked_when_added = True

    change_kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=[("correction", _("correction of an error")), (REVISION, _("revision"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("A revision is a decided change of the plan."),
    )
    change_reason = forms.CharField(
        label=_("Why"),
        required=False,
        validators=[no_controls],
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Stands in the public log. Needed whenever something public changes."),
    )
    change_document = forms.URLField(
        label=_("Decision (a link)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[one_line],
        help_text=_("The document in which a revision was decided."),
    )

    def public_changes(self) -> list[str]:
        """The names of the changed fields, without those that say why."""
        return [name for name in self.changed_data if name not in REASON]

    def needs_reason(self) -> bool:
        if self.instance._state.adding:
            return self.asked_when_added
        return bool(self.public_changes())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.needs_reason():
            for name, told in lacking(cleaned).items():
                if name not in self.errors:
                    self.add_error(name, told)
        if cleaned.get("left"):
            for name in columns("left_reason"):
                if name in self.fields and not cleaned.get(name):
                    self.add_error(name, _("Say why it was withdrawn, in this language too."))
        return cleaned


class ReasonedRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows that are a part of a public record: what changes in them needs a reason too."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """In a table the columns are named, but each cell needs its name too."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label
            field.help_text = ""

    def clean(self) -> None:
        super().clean()
        added = self.instance._state.adding
        changed = not added and any(form.has_changed() for form in self.forms)
        if changed and (told := lacking(self.data)):
            raise ValidationError(list(told.values()))


def both(form: Any, name: str) -> tuple[str, str]:
    """What a field of a form held and holds now, as the log writes it."""
    old, field = form.initial.get(name), form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and not isinstance(old, list):
        old = field.queryset.filter(pk=old).first()  # type: ignore[union-attr]
    return as_text(old), as_text(form.cleaned_data.get(name))


def as_text(value: Any) -> str:
    """A value as the log and the data package write it: a record by its code or number."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize() + 0:f}"
        case Pillar():
            return str(value.number)
        case str():
            return value
    if hasattr(value, "__iter__"):
        return ";".join(sorted(as_text(each) for each in value))
    return str(getattr(value, "code", value))
