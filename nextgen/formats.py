"""Money, numbers, dates and quarters in each language's own form.

Every space inside a value is a no-break space (U+00A0); the narrow one that French groups
thousands with is not in the site's typeface, nor in many others.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, pgettext

from milestones.quarter import Quarter

NBSP = "\u00a0"


def _language() -> str:
    # Babel's plain "en" is American; the plan's English is the British of the institutions.
    return {"en": "en_GB"}.get(get_language() or "en", get_language() or "en")


def number(value: float | Decimal, decimals: int = 0) -> str:
    """1234.5 as '1,234.5', '1.234,5' or '1 234,5'; half rounded up."""
    return _number(value, decimals, _language())


@lru_cache(10_000)  # a list says some hundred numbers, and most of them again on every page
def _number(value: float | Decimal, decimals: int, language: str) -> str:
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(exact, pattern, locale=language).replace("\u202f", NBSP)


def signed(value: int) -> str:
    """A number of quarters with its sign: '+2', '−1', '0'."""
    return f"+{value}" if value > 0 else f"\u2212{-value}" if value < 0 else "0"


def quantity(value: Decimal) -> str:
    """A goal or an achieved value, with only the decimals that it has."""
    return number(value, max(0, -int(value.normalize().as_tuple().exponent)))


def money(eur: int) -> str:
    """EUR in short: billions, below one billion millions, both with one decimal."""
    if abs(eur) >= 999_950_000:
        return _tied(gettext("€{amount} bn"), number(Decimal(eur) / 10**9, 1))
    return _tied(gettext("€{amount} m"), number(Decimal(eur) / 10**6, 1))


def money_in_full(eur: int) -> str:
    """EUR to the last euro."""
    return _tied(gettext("€{amount}"), number(eur))


def _tied(pattern: str, amount: str) -> str:
    return pattern.format(amount=amount).replace(" ", NBSP)


def per_cent(value: int) -> str:
    return f"{number(value)}{NBSP}%"


def day(value: date) -> str:
    """A date in words: '31 December 2023'."""
    words = format_date(value, "long", locale=_language())
    if value.day == 1 and _language() == "fr":
        words = words.replace("1 ", "1er ", 1)
    return words.replace(" ", NBSP)


def moment(value: datetime) -> str:
    """A day and a time, in the time zone that the value is in: '31 December 2023, 14:05'."""
    return f"{day(value)}, {value:%H:%M}"


def month(value: date) -> str:
    """A month in words: 'December 2023'."""
    return format_date(value, "LLLL y", locale=_language()).replace(" ", NBSP)


def quarter(value: Quarter) -> str:
    """'Q4 2024', 'T4 2024', '4. Quartal 2024' …"""
    words = pgettext("quarter", "Q{number} {year}").format(number=value.number, year=value.year)
    return words.replace(" ", NBSP)
