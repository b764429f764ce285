"""Texts of the plan in its languages: one column a language, read in the language in force."""

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


# Signs that no XML may hold, and others that nobody sees.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def no_controls(text: str) -> None:
    """Raises ValidationError where a text, of one line or several, holds a control character."""
    if found := CONTROLS.search(text):
        told = _("It holds the control character %(code)s, which nobody sees: remove it.")
        raise ValidationError(told % {"code": f"U+{ord(found[0]):04X}"})


def one_line(text: str) -> None:
    """Raises ValidationError where a text holds a control character, a tab or a line break."""
    no_controls(text)
    if re.search(r"[\t\n\r]", text):
        raise ValidationError(_("Write it on one line, without tabs."))


class Translated:
    """A translated text: `title = Translated(CharField(…))` makes `title_nl` … `title_en`.

    Reading `project.title` gives the text in the language in force, or an empty string where the
    plan gives none; it never falls back to another language in silence.
    """

    def __init__(self, field: "models.Field[Any, Any]") -> None:
        self.field = field
        self.name = ""

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        self.name = name
        for language, _label in settings.LANGUAGES:
            field = self.field.clone()
            field.verbose_name = format_lazy("{} ({})", self.field.verbose_name, language)
            field.contribute_to_class(model, f"{name}_{language}")
        setattr(model, name, self)

    @property
    def short_description(self) -> Any:
        """What the admin writes above a column of these texts."""
        return self.field.verbose_name

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        return getattr(instance, f"{self.name}_{get_language() or settings.LANGUAGE_CODE}")


def columns(name: str) -> list[str]:
    """The columns of a translated text: `columns("title")` is `["title_nl", …]`."""
    return [f"{name}_{language}" for language, _label in settings.LANGUAGES]


def text(label: "_StrPromise", max_length: int = 200, *, blank: bool = False) -> Translated:
    """A translated text of one line."""
    rules: dict[str, Any] = {"blank": blank, "default": "", "validators": [one_line]}
    return Translated(models.CharField(label, max_length=max_length, **rules))


def long_text(label: "_StrPromise", *, blank: bool = True) -> Translated:
    """A translated text of several lines; Markdown where the page says so."""
    return Translated(models.TextField(label, blank=blank, default="", validators=[no_controls]))
