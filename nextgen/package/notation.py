"""How values are written in a cell: reading them, writing them canonically, explaining faults.

Frictionless accepts more than one notation ('1_000', '+5', 'NaN', '2024-6', ' 7'); here each value
has one, so that a package says the same to every reader.
"""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from milestones.quarter import Quarter
from nextgen.package.column import LANGUAGES, Column
from nextgen.package.misreadings import MISREADINGS, quoted
from projects.translated import CONTROLS

LONGEST = 500  # characters of whatever is not text: longer ones are not even looked at


def split(text: str) -> list[str]:
    """The values of a list cell."""
    return [part.strip() for part in text.split(";") if part.strip()]


def joined(column: Column, values: list[str]) -> str:
    """Values of a list cell in canonical order: languages as everywhere, numbers by size."""
    if column.kind == "integer":
        return ";".join(map(str, sorted(map(int, values))))
    if column.choices == LANGUAGES:
        return ";".join(sorted(values, key=LANGUAGES.index))
    return ";".join(sorted(values))


def written(column: Column, value: Any) -> str:
    """A value, of the database or of a cell that has no fault, in its canonical notation."""
    if value is None or value == "":
        return ""
    if column.many:
        return joined(column, split(str(value)))
    match column.kind:
        case "boolean":
            return "true" if value in (True, "true") else "false"
        case "number":
            return f"{Decimal(value).normalize() + 0:f}"
        case "integer" | "year":
            return str(int(value))
        case "date":
            return str(value)
        case _:
            return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def read(column: Column, text: str) -> Any:
    """The value of a cell without fault, as the model's field takes it; amounts in EUR."""
    if column.many or column.kind in ("text", "code", "slug", "url", "month"):
        return text
    if not text:
        return None
    match column.kind:
        case "boolean":
            return text == "true"
        case "number":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "quarter":
            return Quarter.parse(text)
        case _:
            return int(text)


def misreading(column: Column, text: str) -> str:
    """What is wrong with the notation of a cell and what would be right, or ''."""
    if text != text.strip():
        return f"has blanks or line breaks around it: write {quoted(text.strip())}"
    control = CONTROLS.search(text)
    if control:
        return f"holds the control character U+{ord(control[0]):04X}: remove it"
    if column.kind == "text" and column.max_length and re.search("[\t\n]", text):
        return "has a tab or a line break inside: write it on one line"
    if not text:
        return ""
    return _of_list(column, text) if column.many else _of_one(column, text)


def _of_one(column: Column, text: str) -> str:
    if column.kind != "text" and len(text) > LONGEST:
        return f"{quoted(text)} is {len(text)} characters long: at most {LONGEST} fit"
    return MISREADINGS[column.kind](text)


def _of_list(column: Column, text: str) -> str:
    values = text.split(";")
    if any(value != value.strip() or not value for value in values):
        return f"joins its values otherwise than by ';' alone: write {';'.join(split(text))}"
    if column.kind == "integer" and re.fullmatch(r"\d+(, ?\d+)+", text):
        return f"values of a list are joined by ';': write {re.sub(', ?', ';', text)}"
    for value in values:
        wrong = _of_one(column, value) or beyond(column, value)
        if wrong:
            return wrong
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        return f"names {quoted(twice[0])} twice: name it once"
    if column.max_length and len(text) > column.max_length:
        return f"is {len(text)} characters long: at most {column.max_length} fit"
    return ""


def beyond(column: Column, text: str) -> str:
    """What a value outside the choices or bounds of its column should be, or ''."""
    if column.choices and text not in column.choices:
        meant = get_close_matches(text.lower(), column.choices, n=1)
        hint = f"; did you mean {meant[0]}?" if meant else ""
        return f"{quoted(text)} is unknown here: write {alternatives(column.choices)}{hint}"
    if column.kind in ("integer", "year", "number"):
        low, high = column.minimum, column.maximum
        number = Decimal(text)
        if (low is not None and number < low) or (high is not None and number > high):
            unit = f" {column.unit}" if column.unit else ""
            return f"{text} is out of range: write a number from {low} to {high}{unit}"
    return ""


def alternatives(choices: tuple[str, ...]) -> str:
    """'a, b or c'."""
    return " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]]))
