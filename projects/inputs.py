"""Two inputs of the desk that work without any script."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TextLines(forms.CharField):
    """Several lines, which browsers end otherwise than the plan does: that is no change."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class CodeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another record, named by its code: there may be far too many for a list to choose from."""

    widget = forms.TextInput
    default_error_messages = {"invalid_choice": _("There is no record of this code.")}

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, **{**options, "to_field_name": "code"})

    def prepare_value(self, value: Any) -> Any:
        """The code, of a primary key too."""
        if isinstance(value, int):
            found = self.queryset.filter(pk=value)  # type: ignore[union-attr]
            return found.values_list("code", flat=True).first() or ""
        return super().prepare_value(value)
