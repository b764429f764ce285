"""What people write for a number, a date or a code, and what would be right: one function a kind.

Each gives a sentence, or '' where the cell is written as it should be.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date

from nextgen.package.column import CODE, QUARTER, Kind

_BLANK = "[ \u00a0\u202f]"
_THOUSANDS = re.compile(rf"-?\d{{1,3}}([.,'’]|{_BLANK})\d{{3}}(\1\d{{3}})*([.,]\d{{1,2}})?")
_MONEY = re.compile(rf"(€|\$|£|EUR|euros?){_BLANK}*|{_BLANK}*(€|\$|£|EUR|euros?)", re.IGNORECASE)
_YES = ("yes", "ja", "oui", "y", "1", "true", "wahr", "waar", "vrai", "x")
_NO = ("no", "nee", "nein", "non", "n", "0", "false", "falsch", "onwaar", "faux")


def quoted(text: str) -> str:
    """A cell as a sentence shows it: in quotes, and not longer than the sentence."""
    return repr(text if len(text) <= 40 else f"{text[:37]}…")


def _number(text: str) -> str:
    """What number text of a usual but other notation means, or what is wrong with it."""
    meant = plain(_MONEY.sub("", text).replace("%", ""))
    if not re.fullmatch(r"-?\d+(\.\d+)?", meant):
        return f"{quoted(text)} is not a number: write digits only, such as 1500000"
    habits = {
        "a currency sign": _MONEY.search(text),
        "a per cent sign": "%" in text,
        "thousands separators": _THOUSANDS.fullmatch(text),
        "a decimal comma": "," in text,
    }
    found = next((habit for habit, has in habits.items() if has), "another notation")
    return f"{quoted(text)} has {found}: write {meant}"


def plain(text: str) -> str:
    """The number that this text means, without separators: '1.234,50' is 1234.50."""
    text = text.strip()
    thousands = _THOUSANDS.fullmatch(text)
    if thousands:
        decimals = thousands[3] or ""
        whole = re.sub(r"[^\d-]", "", text[: len(text) - len(decimals)])
        return whole + decimals.replace(",", ".")
    return text.replace(",", ".")


def integer(text: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return ""
    if re.fullmatch(r"-?[0-9]+", text):
        return f"{quoted(text)} is too large: write at most 18 digits"
    if re.fullmatch(r"-?\d+[.,]\d+", text) and not _THOUSANDS.fullmatch(text):
        meant = text.replace(",", ".")
        comma = "has a decimal comma" if "," in text else "is not a whole number"
        near = f"{abs(float(meant)):.0f}" if len(text) < 15 else meant.split(".")[0]
        return f"{quoted(text)} {comma}: write a whole number, such as {near}"
    return _number(text)


def number(text: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,13}(\.[0-9]{1,2})?", text):  # SQLite keeps 15 digits
        return ""
    if re.fullmatch(r"-?[0-9]{14,}(\.[0-9]+)?", text):
        return f"{quoted(text)} is too large: write at most 13 digits before the point"
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return (
            f"{quoted(text)} has more than two decimals: write at most two, "
            "and nothing between thousands"
        )
    return _number(text)


def day(text: str) -> str:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if match:
        return _impossible(*map(int, match.groups()))
    other = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})([T ].*)?", text)
    if not other:
        return f"{quoted(text)} is not a date: write year-month-day, such as 2023-12-31"
    first, month, last = int(other[1]), int(other[2]), int(other[3])
    year, day_ = (first, last) if first > 31 else (last, first)
    if month > 12:
        month, day_ = day_, month
    year += 2000 if year < 100 else 0
    meant = f"{year:04}-{month:02}-{day_:02}"
    wrong = _impossible(year, month, day_)
    return wrong or f"{quoted(text)} is another notation: write year-month-day, {meant}"


def _impossible(year: int, month: int, day_: int) -> str:
    if not 1900 <= year <= 2200:
        return f"the year {year} is out of range: write one from 1900 to 2200"
    if not 1 <= month <= 12:
        return f"there is no month {month}: write one from 01 to 12"
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day_ <= last:
        name = f"{date(year, month, 1):%B %Y}"
        return f"{name} has no day {day_}: write one from 01 to {last}"
    return ""


def quarter(text: str) -> str:
    if re.fullmatch(QUARTER, text):
        return ""
    year = re.search(r"[12]\d{3}", text)
    rest = re.sub(r"[12]\d{3}", "", text, count=1)
    digit = re.fullmatch(r"[\s\-/]*[QTK]?\s*([1-9]|1[0-2]|0[1-9])[\s\-/]*", rest, re.IGNORECASE)
    if year and digit:
        value = int(digit[1])
        if len(digit[1]) == 2 and value <= 12:
            meant = f"{year[0]}-Q{(value + 2) // 3}"
            return f"{quoted(text)} is a month: write its quarter, {meant}"
        if value <= 4:
            return f"{quoted(text)} is another notation: write {year[0]}-Q{value}"
        return f"there is no quarter {value}: write {year[0]}-Q1 to {year[0]}-Q4"
    return f"{quoted(text)} is not a quarter: write year-Q and 1 to 4, such as 2024-Q4"


def month(text: str) -> str:
    if re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", text):
        return ""
    return f"{quoted(text)} is not a month: write year-month, such as 2024-06"


def year(text: str) -> str:
    right = re.fullmatch(r"[0-9]{4}", text)
    return "" if right else f"{quoted(text)} is not a year: write four digits, such as 2025"


def boolean(text: str) -> str:
    if text in ("true", "false"):
        return ""
    meant = "true" if text.lower() in _YES else "false" if text.lower() in _NO else "true or false"
    return f"{quoted(text)} is neither true nor false: write {meant}"


def code(text: str) -> str:
    if re.fullmatch(CODE, text):
        return ""
    found = re.search(r"[^A-Za-z0-9._-]", text)
    what = {" ": "a blank", "/": "a slash", ",": "a comma", ";": "a semicolon"}
    held = what.get(found[0], quoted(found[0])) if found else quoted(text[0]) + " at its start"
    return f"{quoted(text)} holds {held}: a code is letters, digits, dots and hyphens"


def slug(text: str) -> str:
    right = re.fullmatch(r"[A-Za-z0-9_-]+", text)
    return "" if right else f"{quoted(text)}: write letters, digits and hyphens only"


def url(text: str) -> str:
    if re.fullmatch(r"https?://[^\s/?#]+\S*", text):
        return ""
    return f"{quoted(text)} is not an address: write one that starts with https:// or http://"


MISREADINGS: dict[Kind, Callable[[str], str]] = {
    "text": lambda _text: "",
    "code": code,
    "slug": slug,
    "url": url,
    "quarter": quarter,
    "month": month,
    "date": day,
    "year": year,
    "integer": integer,
    "number": number,
    "boolean": boolean,
}
