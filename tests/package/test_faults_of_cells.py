"""Whatever people write for a number, a date or a code is named, with what would be right."""

from pathlib import Path

import pytest

from tests.package.edits import cell, faults_of

BUDGET = ("projects", "I-1.01", "budget", "projects.csv:11")
GOAL = ("projects", "I-1.02", "goal_value", "projects.csv:12")
SHARE = ("projects", "I-1.01", "climate_contribution", "projects.csv:11")
SDGS = ("projects", "I-1.01", "sdgs", "projects.csv:11")
SHORT = ("projects", "I-1.01", "short_title_fr", "projects.csv:3")
SUMMARY = ("projects", "I-1.01", "summary_fr", "projects.csv:3")
JOINED = ("projects", "I-1.01", "joined", "projects.csv:11")
DUE = ("milestones", "1", "due", "milestones.csv:2")
KIND = ("milestones", "1", "kind", "milestones.csv:2")
EVIDENCE = ("assessments", "2023-06 1 1", "evidence", "assessments.csv:2")
DEMONSTRATION = ("plan", "LOR", "demonstration", "plan.csv:2")
LANGUAGES = ("plan", "LOR", "languages", "plan.csv:2")
DIGITS = "is not a number: write digits only, such as 1500000"
DATE = "is another notation: write year-month-day, "
QUARTER = "is another notation: write 2024-Q4"
ADDRESS = "is not an address: write one that starts with https:// or http://"

type Place = tuple[str, str, str, str]

FAULTS: dict[str, tuple[Place, str, str]] = {
    # numbers
    "a decimal comma": (GOAL, "87,5", "'87,5' has a decimal comma: write 87.5"),
    "a decimal comma in a whole number": (
        BUDGET, "6,5", "'6,5' has a decimal comma: write a whole number, such as 6",
    ),
    "points between thousands": (
        BUDGET, "120.000.000", "'120.000.000' has thousands separators: write 120000000",
    ),
    "blanks between thousands": (
        BUDGET, "120 000 000", "'120 000 000' has thousands separators: write 120000000",
    ),
    "commas between thousands": (
        BUDGET, "120,000,000", "'120,000,000' has thousands separators: write 120000000",
    ),
    "thousands and decimals": (
        GOAL, "1.234,5", "'1.234,5' has thousands separators: write 1234.5",
    ),
    "a currency sign": (
        BUDGET, "€120000000", "'€120000000' has a currency sign: write 120000000",
    ),
    "a currency code": (
        BUDGET, "120000000 EUR", "'120000000 EUR' has a currency sign: write 120000000",
    ),
    "a per cent sign": (SHARE, "40 %", "'40 %' has a per cent sign: write 40"),
    "millions in words": (BUDGET, "120 million", f"'120 million' {DIGITS}"),
    "an exponent": (BUDGET, "1e6", f"'1e6' {DIGITS}"),
    "the number of a programmer": (BUDGET, "1_000", f"'1_000' {DIGITS}"),
    "no number at all": (GOAL, "NaN", f"'NaN' {DIGITS}"),
    "cents": (
        BUDGET, "120000000.00",
        "'120000000.00' is not a whole number: write a whole number, such as 120000000",
    ),
    "too many decimals": (
        GOAL, "87.555",
        "'87.555' has more than two decimals: write at most two, and nothing between thousands",
    ),
    "too many digits": (
        BUDGET, "9" * 400, f"'{'9' * 37}…' is too large: write at most 18 digits",
    ),
    "a negative budget": (
        BUDGET, "-5", "-5 is out of range: write a number from 0 to 999999999999999 EUR",
    ),
    "a contribution above 100": (
        SHARE, "101", "101 is out of range: write a number from 0 to 100 %",
    ),
    # dates and quarters
    "an impossible date": (
        JOINED, "2024-02-30", "February 2024 has no day 30: write one from 01 to 29",
    ),
    "an impossible month": (
        JOINED, "2023-13-01", "there is no month 13: write one from 01 to 12",
    ),
    "a year far away": (
        JOINED, "0203-01-01", "the year 203 is out of range: write one from 1900 to 2200",
    ),
    "a date with slashes": (JOINED, "31/12/2023", f"'31/12/2023' {DATE}2023-12-31"),
    "an American date": (JOINED, "12/31/23", f"'12/31/23' {DATE}2023-12-31"),
    "a date without noughts": (JOINED, "2023-1-5", f"'2023-1-5' {DATE}2023-01-05"),
    "a date with its time": (
        JOINED, "2023-12-31 00:00:00", f"'2023-12-31 00:00:00' {DATE}2023-12-31",
    ),
    "a date in words": (
        JOINED, "31 December",
        "'31 December' is not a date: write year-month-day, such as 2023-12-31",
    ),
    "a quarter before its year": (DUE, "Q4 2024", f"'Q4 2024' {QUARTER}"),
    "a quarter in French": (DUE, "T4-2024", f"'T4-2024' {QUARTER}"),
    "a quarter without hyphen": (DUE, "2024Q4", f"'2024Q4' {QUARTER}"),
    "a fifth quarter": (DUE, "2024-Q5", "there is no quarter 5: write 2024-Q1 to 2024-Q4"),
    "a month for a quarter": (
        DUE, "2024-12", "'2024-12' is a month: write its quarter, 2024-Q4",
    ),
    "a quarter in words": (
        DUE, "soon", "'soon' is not a quarter: write year-Q and 1 to 4, such as 2024-Q4",
    ),
    # choices
    "an unknown choice": (KIND, "foo", "'foo' is unknown here: write milestone or target"),
    "a misspelt choice": (
        KIND, "milstone",
        "'milstone' is unknown here: write milestone or target; did you mean milestone?",
    ),
    "yes": (DEMONSTRATION, "yes", "'yes' is neither true nor false: write true"),
    "nee": (DEMONSTRATION, "nee", "'nee' is neither true nor false: write false"),
    "perhaps": (
        DEMONSTRATION, "perhaps", "'perhaps' is neither true nor false: write true or false",
    ),
    "a language nobody has": (
        LANGUAGES, "fr;en;it", "'it' is unknown here: write nl, fr, de or en",
    ),
    # texts
    "blanks around a text": (
        SHORT, " Maisons", "has blanks or line breaks around it: write 'Maisons'",
    ),
    "a text that is too long": (SHORT, "x" * 61, "is 61 characters long: at most 60 fit"),
    "an empty title": (SHORT, "", "is empty: it must be given"),
    "a text in one language only": (
        SUMMARY, "", "is given in en only: give it in fr too",
    ),
    "a control character": (
        SUMMARY, "a\x08b", "holds the control character U+0008: remove it",
    ),
    "a sign that no XML holds": (
        SUMMARY, "a\ufffeb", "holds the control character U+FFFE: remove it",
    ),
    "two lines for a title": (
        SHORT, "Maisons\nclimat", "has a tab or a line break inside: write it on one line",
    ),
    "an address without http": (EVIDENCE, "www.example.org", f"'www.example.org' {ADDRESS}"),
    "a script for an address": (EVIDENCE, "javascript:x()", f"'javascript:x()' {ADDRESS}"),
    # lists
    "a goal beyond 17": (
        SDGS, "7;18", "18 is out of range: write a number from 1 to 17",
    ),
    "a list with commas": (
        SDGS, "7,11", "values of a list are joined by ';': write 7;11",
    ),
    "a list with blanks": (
        SDGS, "7; 11", "joins its values otherwise than by ';' alone: write 7;11",
    ),
    "a list with a value twice": (SDGS, "7;7", "names '7' twice: name it once"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_cell_is_named_with_what_would_be_right(lorvania: Path, fault: str) -> None:
    (table, key, column, place), value, told = FAULTS[fault]
    cell(table, key, column, value)(lorvania)
    assert faults_of(lorvania) == [f"{place}:{column}: {told}"]


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("x audit", "a blank"),
        ("x/audit", "a slash"),
        ("x,audit", "a comma"),
        ("-x", "'-' at its start"),
    ],
)
def test_a_code_that_no_address_can_hold_is_named(lorvania: Path, value: str, held: str) -> None:
    cell("projects", "x-audit", "code", value)(lorvania)
    told = f"{value!r} holds {held}: a code is letters, digits, dots and hyphens"
    assert f"projects.csv:17:code: {told}" in faults_of(lorvania)


def test_what_frictionless_would_tolerate_is_a_fault(lorvania: Path) -> None:
    """'1_0', ' 7', '+5', '2024-6' and '٣' have one notation each here."""
    for value in ("1_0", "+5", "٣", "5.", ".5"):
        cell("projects", "I-1.02", "goal_value", value)(lorvania)
        assert len(faults_of(lorvania)) == 1, value


def test_what_can_be_understood_is_written_canonically(lorvania: Path) -> None:
    cell("projects", "I-1.02", "goal_value", "087.50")(lorvania)
    cell("projects", "I-1.01", "sdgs", "13;7;11")(lorvania)
    cell("projects", "I-1.01", "budget", "0120000000")(lorvania)
    assert faults_of(lorvania) == []
