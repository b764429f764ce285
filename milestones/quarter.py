"""Quarters: orderable, subtractable, and stored as one small number."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    SmallIntegerField = models.SmallIntegerField[Any, Any]
else:
    SmallIntegerField = models.SmallIntegerField

WRITTEN = r"([12][0-9]{3})-Q([1-4])"


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a year, written `2024-Q4`. `b - a` is the number of quarters between."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The quarter written as '2024-Q4'. Raises ValueError for anything else."""
        match = re.fullmatch(WRITTEN, text)
        if not match:
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that this day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def from_index(cls, index: int) -> Self:
        return cls(index // 4, index % 4 + 1)

    @property
    def index(self) -> int:
        """Quarters since the year 0: what the database stores."""
        return self.year * 4 + self.number - 1

    @property
    def end(self) -> date:
        """The last day of the quarter."""
        month = self.number * 3
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __sub__(self, other: "Quarter") -> int:
        return self.index - other.index

    def __add__(self, quarters: int) -> "Quarter":
        return Quarter.from_index(self.index + quarters)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


GRACE = 8  # quarters before and after a plan in which something may still be due


def around(start: date, end: date) -> tuple[Quarter, Quarter]:
    """The first and the last quarter in which a milestone of a plan of these days may be due."""
    return Quarter.of(start) + -GRACE, Quarter.of(end) + GRACE


class QuarterField(SmallIntegerField):
    """A Quarter in the model, a small number in the database, `2024-Q4` in forms."""

    description = _("Quarter")

    def from_db_value(self, value: int | None, *_args: object) -> Quarter | None:
        return None if value is None else Quarter.from_index(value)

    def to_python(self, value: Any) -> Quarter | None:
        if value in (None, ""):
            return None
        if isinstance(value, int):
            return Quarter.from_index(value)
        try:
            return value if isinstance(value, Quarter) else Quarter.parse(str(value))
        except ValueError as error:
            raise ValidationError(_("Write a quarter as 2024-Q4.")) from error

    def get_prep_value(self, value: Any) -> int | None:
        quarter = self.to_python(value)
        return None if quarter is None else quarter.index

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def formfield(self, *_args: Any, **options: Any) -> Any:
        options.pop("choices_form_class", None)
        return QuarterFormField(
            required=not self.blank,
            label=options.get("label", self.verbose_name),
            help_text=self.help_text,
            widget=forms.TextInput(attrs={"placeholder": "2024-Q4", "size": 8}),
            empty_value=None,
        )

    @property
    def validators(self) -> list[Any]:
        return []


class QuarterFormField(forms.CharField):
    """Text that holds a quarter: the stored one is no change to the same one as written."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(None if initial is None else str(initial), data)
