"""Money, numbers, dates and quarters read as each language writes them, half rounded up."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from milestones.quarter import Quarter
from nextgen import formats

LANGUAGES = ("nl", "fr", "de", "en")
NEW_YEARS_EVE, SPRING = date(2023, 12, 31), date(2024, 3, 1)
# What is formatted, and how nl, fr, de and en write it; every space here stands for U+00A0.
FORMS: list[tuple[Callable[[Any], str], Any, str, str, str, str]] = [
    (formats.money, 6_600_000_000, "€ 6,6 miljard", "6,6 milliards €", "6,6 Mrd. €", "€6.6 bn"),
    (formats.money, 6_550_000_000, "€ 6,6 miljard", "6,6 milliards €", "6,6 Mrd. €", "€6.6 bn"),
    (formats.money, 1_999_950_000, "€ 2,0 miljard", "2,0 milliards €", "2,0 Mrd. €", "€2.0 bn"),
    (
        formats.money, 999_949_999,
        "€ 999,9 miljoen", "999,9 millions €", "999,9 Mio. €", "€999.9 m",
    ),
    (formats.money, 105_000_000, "€ 105,0 miljoen", "105,0 millions €", "105,0 Mio. €", "€105.0 m"),
    (
        formats.money_in_full, 1_234_567_890,
        "€ 1.234.567.890", "1 234 567 890 €", "1.234.567.890 €", "€1,234,567,890",
    ),
    (formats.number, 1234, "1.234", "1 234", "1.234", "1,234"),
    (formats.quantity, Decimal("365.50"), "365,5", "365,5", "365,5", "365.5"),
    (formats.quantity, Decimal("1200.00"), "1.200", "1 200", "1.200", "1,200"),
    (formats.per_cent, 51, "51 %", "51 %", "51 %", "51 %"),
    (
        formats.day, NEW_YEARS_EVE,
        "31 december 2023", "31 décembre 2023", "31. Dezember 2023", "31 December 2023",
    ),
    (formats.day, SPRING, "1 maart 2024", "1er mars 2024", "1. März 2024", "1 March 2024"),
    (formats.month, SPRING, "maart 2024", "mars 2024", "März 2024", "March 2024"),
    (
        formats.quarter, Quarter(2024, 4),
        "4e kwartaal 2024", "T4 2024", "4. Quartal 2024", "Q4 2024",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("form", "value", *LANGUAGES), FORMS)
def test_each_language_writes_it_in_its_own_way(
    form: Callable[[Any], str], value: Any, nl: str, fr: str, de: str, en: str
) -> None:
    for language, expected in zip(LANGUAGES, (nl, fr, de, en), strict=True):
        with override(language):
            assert form(value) == expected.replace(" ", "\u00a0"), language


@given(st.integers(0, 10**13), st.sampled_from(LANGUAGES))
def test_money_is_rounded_half_up_in_its_unit(eur: int, language: str) -> None:
    unit = 10**9 if eur >= 999_950_000 else 10**6
    exact = (Decimal(eur) / unit).quantize(Decimal("0.1"), ROUND_HALF_UP)
    with override(language):
        assert formats.number(exact, 1) in formats.money(eur)


@pytest.mark.parametrize(
    ("eur", "shown"),
    [
        (0, "€0.0 m"),
        (49_999, "€0.0 m"),
        (50_000, "€0.1 m"),
        (999_949_999, "€999.9 m"),
        (999_950_000, "€1.0 bn"),
    ],
)
def test_no_amount_reads_as_a_thousand_millions(eur: int, shown: str) -> None:
    with override("en"):
        assert formats.money(eur) == shown.replace(" ", "\u00a0")


@given(st.integers(0, 10**15), st.sampled_from(LANGUAGES))
def test_money_in_full_loses_no_euro(eur: int, language: str) -> None:
    with override(language):
        text = formats.money_in_full(eur)
    assert int("".join(c for c in text if c.isdigit())) == eur


@given(st.decimals(0, 10**9, places=3), st.integers(0, 2))
def test_numbers_are_rounded_half_up(value: Decimal, decimals: int) -> None:
    with override("en"):
        shown = Decimal(formats.number(value, decimals).replace(",", ""))
    assert shown == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(0, 10**12),
    st.sampled_from(LANGUAGES),
)
def test_no_value_breaks_over_two_lines(day: date, eur: int, language: str) -> None:
    with override(language):
        forms = (
            formats.day(day), formats.month(day), formats.quarter(Quarter.of(day)),
            formats.money(eur), formats.money_in_full(eur), formats.number(eur),
        )  # fmt: skip
    for text in forms:
        assert not {" ", "\u202f", "\u2009"} & set(text), text
