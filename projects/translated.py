"""Texts of the plan in its languages: one column a language, read in the language in force."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


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
    return Translated(models.CharField(label, max_length=max_length, blank=blank, default=""))


def long_text(label: "_StrPromise", *, blank: bool = True) -> Translated:
    """A translated text of several lines; Markdown where the page says so."""
    return Translated(models.TextField(label, blank=blank, default=""))
