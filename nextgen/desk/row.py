"""One milestone in the draft report as a form: the same in the list, alone, and for corrections."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from milestones.models import Assessment, Milestone, Status
from milestones.quarter import QuarterField, QuarterFormField
from projects.history import Edit
from projects.translated import columns

QUARTER = ("done_quarter", "expected")
"""The two columns that the one quarter of the form stands for, by the status."""


class RowForm(forms.Form):
    """What is said of one milestone; `seen` remembers how far its history went."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("not reported")), *Status.choices[:3]],
        required=False,
    )
    quarter = QuarterFormField(
        label=_("Quarter"),
        help_text=_("In which it was done, or is expected now: 2024-Q4."),
        required=False,
        empty_value=None,
        widget=forms.TextInput(
            attrs={"size": 8, "autocomplete": "off", "list": "quarters", "placeholder": "2024-Q4"}
        ),
    )
    achieved_value = forms.DecimalField(
        label=_("Value achieved"),
        required=False,
        max_digits=18,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"size": 10, "inputmode": "decimal", "autocomplete": "off"}),
    )
    evidence = forms.URLField(
        label=_("Evidence (a link)"), required=False, max_length=500, assume_scheme="https"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        milestone: Milestone,
        said: Assessment | None,
        languages: list[str],
        seen: int = 0,
    ) -> None:
        self.milestone, self.said = milestone, said
        self.before: Assessment | None = None
        self.edits: list[Edit] = []
        self.notes = [column for column in columns("note") if column[-2:] in languages]
        stored = self.stored(said)
        super().__init__(data, initial={**stored, "seen": seen}, prefix=f"m{milestone.pk}")
        for column in self.notes:
            self.fields[column] = forms.CharField(
                label=_("Note (%(language)s)") % {"language": column[-2:]},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "lang": column[-2:]}),
            )
        if milestone.kind != Milestone.Kind.TARGET:
            del self.fields["achieved_value"]
        for name, field in self.fields.items():
            # What is changed is told from what was read, not from what others wrote since.
            field.show_hidden_initial = name != "seen"

    def stored(self, said: Assessment | None) -> dict[str, Any]:
        """What the fields show of an assessment."""
        if said is None:
            return {}
        quarter = said.done_quarter if said.status == Status.DONE else said.expected
        plain = {name: getattr(said, name) for name in ("status", "achieved_value", "evidence")}
        notes = {name: getattr(said, name) for name in self.notes}
        return {**plain, **notes, "quarter": str(quarter) if quarter else None}

    @property
    def words_changed(self) -> bool:
        return any(name != "seen" for name in self.changed_data)

    def clean_quarter(self) -> Any:
        return QuarterField().to_python(self.cleaned_data["quarter"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.words_changed and not cleaned.get("status"):
            told = (
                _("A draft is not emptied of a word: choose what is true now.")
                if self.said
                else _("Choose a status.")
            )
            self.add_error("status", told)
        return cleaned

    def words(self) -> dict[str, Any]:
        """The fields as `actions.assess` takes them."""
        words = {name: self.cleaned_data[name] for name in self.fields if name != "seen"}
        quarter = words.pop("quarter")
        done = words["status"] == Status.DONE
        return words | {"done_quarter": quarter if done else None} | (
            {} if done else {"expected": quarter}
        )  # fmt: skip

    def refuse(self, error: ValidationError) -> None:
        """Shows what an action refused at the fields that it speaks of."""
        self.is_valid()
        told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, messages in told.items():
            place = "quarter" if name in QUARTER else name
            for message in messages:
                self.add_error(place if place in self.fields else None, message)

    def clash(self, said: Assessment, seen: int, edits: list[Edit]) -> None:
        """Offers both versions of each field that somebody else has meanwhile given a value."""
        self.edits = edits
        self.theirs = self.stored(said)
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): str(seen)}

    def choices(self) -> Iterator[tuple[BoundField, list[tuple[str, str, bool]]]]:
        """In a conflict: each field with (value, shown, mine) for both versions of it."""
        words = dict(self.fields["status"].choices)  # type: ignore[attr-defined]
        for name in self.fields:
            mine = str(self.data.get(self.add_prefix(name)) or "")
            theirs = self[name].field.prepare_value(self.theirs.get(name)) if name != "seen" else ""
            theirs = str("" if theirs is None else theirs)
            if name != "seen" and mine.strip() != theirs.strip():
                pair = [(theirs, False), (mine, True)]
                yield self[name], [(v, str(words.get(v, v)), own) for v, own in pair]

    @property
    def clashing(self) -> set[str]:
        return {field.name for field, _pair in self.choices()} if self.edits else set()
