"""Cells are read as people type them, and never by guess."""

from decimal import Decimal

import pytest
from django.utils import translation

from milestones.models import Status
from milestones.sheet.cells import read


@pytest.mark.parametrize(
    "typed",
    [
        "2024-Q4", "2024-q4", "2024 Q4", "Q4 2024", "Q4/2024", "T4 2024", "t4-2024", "K4 2024",
        "4. Quartal 2024", "4e kwartaal 2024", "4e trimestre 2024", "4ème trimestre 2024",
        "4th quarter of 2024", "2024-10-01", "2024-12-31", "  2024-Q4 ",
    ],
)  # fmt: skip
def test_a_quarter_is_read_as_it_is_written_in_each_language(typed: str) -> None:
    assert read("expected", typed) == "2024-Q4"


@pytest.mark.parametrize(
    "typed",
    [
        "4/2024", "2024", "2024-4", "10/2024", "01/10/2024", "Q5 2024", "Q0 2024", "2024-Q4 2025",
        "Q4", "Q4 24", "KW4 2024", "2024-13-01", "autumn 2024", "Q4 2024?  or so", "45566",
    ],
)  # fmt: skip
def test_a_quarter_that_could_be_another_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValueError, match="2024-Q4"):
        read("done_quarter", typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234", "1234"), ("1234.5", "1234.5"), ("1234,5", "1234.5"), ("1 234,5", "1234.5"),
        ("1\u202f234\u00a0567,25", "1234567.25"), ("1'234.50", "1234.5"), ("0", "0"),
        ("-5", "-5"), ("−5", "-5"), ("12,00", "12"), ("", ""), ("1000000", "1000000"),
        (Decimal("1234.5"), "1234.5"), (Decimal(100), "100"), (Decimal("1.125"), "1.125"),
    ],
)  # fmt: skip
def test_a_number_may_have_a_comma_or_a_point(typed: str | Decimal, number: str) -> None:
    assert read("achieved_value", typed) == number


@pytest.mark.parametrize("typed", ["1.234", "1,234", "1.234,5", "1,234.5", "1.234.567", "0,125"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_number_that_can_be_read_in_two_ways_is_refused_in_every_language(
    typed: str, language: str
) -> None:
    with translation.override(language), pytest.raises(ValueError, match=r"1234\.5"):
        read("achieved_value", typed)


@pytest.mark.parametrize("typed", ["many", "12 %", "1e9", "12 km", "١٢", "1;2", "."])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"1234\.5"):
        read("achieved_value", typed)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("done", "done"), ("DONE", "done"), ("on track", "on-track"), ("on-track", "on-track"),
        ("On  Track", "on-track"), ("delayed", "delayed"), ("not reported", ""), ("", ""),
        ("not-reported", ""),
    ],
)  # fmt: skip
def test_a_status_is_read_whatever_its_case(typed: str, status: str) -> None:
    assert read("status", typed) == status


def test_a_status_is_read_in_every_language_whichever_is_in_force() -> None:
    for language in ("nl", "fr", "de", "en"):
        for key, label in Status.choices[:3]:
            with translation.override(language):
                word = str(label)
            with translation.override("de"):
                assert read("status", word) == key


@pytest.mark.parametrize("typed", ["finished", "…", Decimal(1), "on"])
def test_an_unknown_status_is_refused_with_the_words_there_are(typed: str | Decimal) -> None:
    with pytest.raises(ValueError, match="done, on track, delayed"):
        read("status", typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("yes", "yes"), ("YES", "yes"), ("x", "yes"), ("True", "yes"), ("1", "yes"), ("", ""),
     ("no", ""), ("False", ""), ("0", "")],
)  # fmt: skip
def test_unchanged_is_said_by_yes(typed: str, said: str) -> None:
    assert read("unchanged", typed) == said


def test_unchanged_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="yes"):
        read("unchanged", "maybe")


def test_a_text_longer_than_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        read("note_en", "x" * 32_768)
