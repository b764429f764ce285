"""A quarter is written 2024-Q4, can be ordered and subtracted, and survives the database."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from milestones.models import Milestone
from milestones.quarter import Quarter, QuarterField

quarters = st.builds(Quarter, st.integers(1900, 2999), st.integers(1, 4))
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))


@given(quarters)
def test_what_is_written_is_read_back(quarter: Quarter) -> None:
    assert Quarter.parse(str(quarter)) == quarter
    assert Quarter.from_index(quarter.index) == quarter


@given(st.from_regex(r"[12]\d{3}-Q[1-4]") | st.text(max_size=8))
def test_only_what_a_quarter_writes_is_read(text: str) -> None:
    try:
        assert str(Quarter.parse(text)) == text
    except ValueError as error:
        assert "not a quarter" in str(error)  # noqa: PT017 - raised or not, both keep the law


@pytest.mark.parametrize("text", ["2024", "2024-Q5", "2024-Q0", "24-Q1", "Q1 2024", "2024-q1", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(text)


@given(days)
def test_a_day_lies_in_its_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert (quarter + -1).end < day <= quarter.end
    assert Quarter.of(quarter.end + timedelta(days=1)) == quarter + 1


@given(quarters, quarters)
def test_the_order_is_that_of_time_and_of_the_database(a: Quarter, b: Quarter) -> None:
    assert (a < b) == (a.end < b.end) == (a.index < b.index)
    assert (b - a > 0) == (a < b)


@given(quarters, st.integers(-100, 100))
def test_adding_undoes_subtracting(quarter: Quarter, steps: int) -> None:
    assert (quarter + steps) - quarter == steps
    assert (quarter + steps) + -steps == quarter


def test_four_quarters_make_a_year() -> None:
    assert Quarter(2024, 4) + 1 == Quarter(2025, 1)
    assert Quarter(2025, 1) - Quarter(2024, 1) == 4
    assert Quarter(2024, 1).end == date(2024, 3, 31)


def test_a_form_takes_only_a_quarter_and_says_how_to_write_one() -> None:
    field = QuarterField()
    assert field.to_python("2024-Q4") == Quarter(2024, 4)
    assert field.to_python("") is None
    with pytest.raises(ValidationError, match="2024-Q4"):
        field.to_python("autumn 2024")


@pytest.mark.django_db
@given(quarters)
def test_the_database_gives_back_what_it_was_given(quarter: Quarter) -> None:
    Milestone.objects.filter(code="157").update(due=quarter)
    assert Milestone.objects.get(code="157").due == quarter
    assert Milestone.objects.filter(code="157", due__lt=quarter + 1, due__gt=quarter + -1).exists()
