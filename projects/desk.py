"""How the desk shows a record: by the rights, searched as the site is, changed with a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.models import Pillar
from projects.search import words
from projects.signals import public_change
from projects.translated import columns


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form over a public record: what is changed in it needs its kind and its reason."""

    change_kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=[("correction", _("correction of an error")), ("revision", _("revision"))],
        required=False,
        help_text=_("A revision is a decided change of the plan."),
    )
    change_reason = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands in the public log. Needed whenever something public changes."),
    )

    def public_changes(self) -> list[str]:
        """The names of the changed fields, without the two above."""
        return [name for name in self.changed_data if not name.startswith("change_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and self.public_changes() and not cleaned.get("change_reason"):
            self.add_error("change_reason", _("Say why this public record changes."))
        return cleaned


class DeskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Asks the rights for each record, shows only what they let see, and deletes nothing.

    What is written stands in the history that auditors read; Django's own is not kept beside it.
    """

    object_history_template = "admin/history.html"

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return bool(
            request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}", obj)
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """A coordinator meets only the rows of his or her own authority."""
        rows = super().get_queryset(request)
        authority = getattr(request.user, "authority_id", None)
        return rows if authority is None else rows.filter(**{self.lead: authority})

    lead = "lead"
    """The way from a row to the authority that leads its project."""

    def log_addition(self, *_args: Any) -> None: ...

    def log_change(self, *_args: Any) -> None: ...

    def log_deletions(self, *_args: Any) -> None: ...


class ReasonedAdmin(DeskAdmin):
    """Sends each change of a public record to the log."""

    form = ReasonedForm
    record_type = ""
    key = "code"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            return
        record = str(getattr(obj, self.key))
        for name in form.public_changes():
            self.tell(request, form, (self.record_type, record, name), *both(form, name))

    def tell(
        self, request: HttpRequest, form: Any, where: tuple[str, str, str], old: str, new: str
    ) -> None:
        """Sends one changed value to the log, with the kind and the reason that the form gives."""
        record_type, record, field = where
        public_change.send(
            sender=type(self),
            record_type=record_type,
            record=record,
            field=field,
            old=old,
            new=new,
            kind=form.cleaned_data["change_kind"] or "correction",
            reason=form.cleaned_data["change_reason"],
            role=request.user.role,  # type: ignore[union-attr]
        )


def both(form: Any, name: str) -> tuple[str, str]:
    """What a field of a form held and holds now, as the log writes it."""
    old, field = form.initial.get(name), form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        old = field.queryset.filter(pk=old).first()  # type: ignore[union-attr]
    return as_text(old), as_text(form.cleaned_data.get(name))


def as_text(value: Any) -> str:
    """A value as the log writes it: empty where there is none, a record by its code or number."""
    if isinstance(value, Pillar):
        return str(value.number)
    return "" if value is None else str(getattr(value, "code", value))


class SearchedAdmin(ReasonedAdmin):
    """Is searched as the site is: by beginnings of words, whatever their case and accents."""

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.matching(search_term) if words(search_term) else queryset, False


def in_languages(*names: str) -> list[Any]:
    """The columns of translated texts, text by text."""
    return [column for name in names for column in columns(name)]
