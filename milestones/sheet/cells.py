"""What people type into a cell, read as the value that is meant or refused with a sentence.

Values are texts, as the sheet writes them: 'done', '2024-Q4', '1234.5'; '' where there is none.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.models import Status
from milestones.quarter import Quarter
from milestones.sheet.columns import flat, in_every_language
from projects.translated import CONTROLS

LONGEST = 32_767  # characters: what a cell of Excel holds
QUARTERS = {"q", "t", "k", "quarter", "quartal", "kwartaal", "trimestre", "trim"}
ORDINALS = {"e", "de", "ste", "er", "eme", "st", "nd", "rd", "th", "of", "van", "du"}
YES, NO = gettext_lazy("yes"), gettext_lazy("no")

# What Excel takes for a sign that no XML holds: '_x0041_' would be read as 'A'.
MISTAKEN = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
RETURN = "_x000D_"  # Excel's carriage return


class Unreadable:
    """A cell without a value of its own; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


Cell = str | Decimal | Unreadable


def plain(text: str) -> str:
    """A text as a cell holds it: one kind of line break, nothing around it."""
    return CONTROLS.sub("", "\n".join(text.splitlines())).replace(RETURN, "").strip()


def stored(value: Any) -> str:
    """A value of an assessment as the sheet writes it."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return "" if value is None else plain(str(value))[:LONGEST].strip()


def text(cell: str) -> str:
    """The text itself."""
    if len(cell) > LONGEST:
        raise ValueError(_("It is longer than a cell of a spreadsheet can be: shorten it."))
    return cell


def status(cell: str) -> str:
    """The key of a status, said in any language of the interface; '' for 'not reported'."""
    known = {
        flat(word): key
        for key, label in Status.choices
        for word in (key, *in_every_language(label))
    }
    found = known.get(flat(cell))
    if found is None and cell:
        words = ", ".join(str(label) for _key, label in Status.choices[:3])
        raise ValueError(
            _("'%(text)s' is no status: write one of %(words)s.") % {"text": cell, "words": words}
        )
    return "" if found in (None, Status.NOT_REPORTED) else str(found)


def quarter(cell: str) -> str:
    """The quarter that is written as 2024-Q4, Q4 2024, 4. Quartal 2024 …, or as a whole date."""
    if not cell:
        return ""
    if re.fullmatch(r"[12]\d{3}-\d\d-\d\d", cell):
        with suppress(ValueError):
            return str(Quarter.of(date.fromisoformat(cell)))
    parts = re.findall(r"\d+|[a-z]+", flat(cell))
    numbers = sorted((part for part in parts if part.isdecimal()), key=len)
    said = {part for part in parts if not part.isdecimal()}
    if said & QUARTERS and said <= QUARTERS | ORDINALS:
        with suppress(ValueError):
            short, year = numbers
            return str(Quarter.parse(f"{year}-Q{short}"))
    raise ValueError(
        _("'%(text)s' is no quarter that we can be sure of: write it as 2024-Q4.") % {"text": cell}
    )


def number(cell: str) -> str:
    """A number with a comma or a point before its decimals; spaces may group its thousands."""
    if not cell:
        return ""
    digits = re.sub(r"(?<=\d)[\s'’](?=\d{3})", "", cell)
    if re.fullmatch(r"[-+−]?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d*)?|.*[.,].*[.,].*", digits):
        raise ValueError(
            _("'%(text)s' can be read in two ways: write 1234.5, without a sign for the thousands.")
            % {"text": cell}
        )
    if not re.fullmatch(r"[-+−]?\d{1,18}(?:[.,]\d{1,6})?", digits, re.ASCII):
        raise ValueError(_("'%(text)s' is no number: write it as 1234.5.") % {"text": cell})
    return stored(Decimal(digits.replace(",", ".").replace("−", "-")))


def yes(cell: str) -> str:
    """'yes' or ''."""
    said = flat(cell)
    if not said or said in {"0", "false", *map(flat, in_every_language(NO))}:
        return ""
    if said in {"1", "x", "true", *map(flat, in_every_language(YES))}:
        return "yes"
    raise ValueError(
        _("'%(text)s' is not understood: write %(yes)s, or nothing.") % {"text": cell, "yes": YES}
    )


READERS: dict[str, Callable[[str], str]] = {
    "status": status,
    "done_quarter": quarter,
    "expected": quarter,
    "achieved_value": number,
    "unchanged": yes,
}


def read(key: str, cell: Cell) -> str:
    """The value of a cell in this column. Raises ValueError with the sentence for a wrong one."""
    if isinstance(cell, Unreadable):
        raise ValueError(cell.sentence)  # noqa: TRY004 - the cell is wrong, not the program
    if isinstance(cell, Decimal):
        exact = stored(cell)
        return exact if key == "achieved_value" else READERS.get(key, text)(exact)
    return READERS.get(key, text)(plain(cell))
