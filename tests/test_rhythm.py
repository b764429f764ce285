"""A report was promised every six months: the site says which came, which are late and missing."""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from milestones.models import ProgressReport
from milestones.rhythm import months_later, rhythm
from nextgen.pages import base
from projects.models import Plan

PLAN = Plan(start=date(2021, 7, 13), end=date(2026, 8, 31), report_interval=6)
months = st.builds("{}-{:02}".format, st.integers(2021, 2026), st.integers(1, 12))
histories = st.lists(months, unique=True, min_size=1, max_size=8).map(sorted)
todays = st.dates(date(2021, 1, 1), date(2030, 1, 1))


def reports(*months: str) -> list[ProgressReport]:
    return [ProgressReport(month=month) for month in months]


def test_without_any_report_nothing_is_promised_or_missing() -> None:
    found = rhythm(PLAN, [], date(2024, 1, 1))
    assert (found.current, found.next_due, found.missing) == (None, None, ())


def test_the_promise_is_kept_while_the_next_report_is_not_due() -> None:
    found = rhythm(PLAN, reports("2023-06", "2023-12"), date(2024, 6, 30))
    assert found.kept
    assert (found.on_time, found.late, found.missing) == (2, 0, ())
    assert found.next_due == date(2024, 6, 30)
    assert found.age_in_days == 182


def test_the_day_after_it_was_due_a_report_is_missing() -> None:
    found = rhythm(PLAN, reports("2023-06", "2023-12"), date(2024, 7, 1))
    assert not found.kept
    assert found.missing == (date(2024, 6, 30),)


def test_a_report_after_more_than_the_interval_is_late_but_not_missing() -> None:
    found = rhythm(PLAN, reports("2022-04", "2022-10", "2023-06"), date(2023, 7, 1))
    assert (found.on_time, found.late, found.missing) == (2, 1, ())
    assert not found.kept


def test_after_the_last_promise_nothing_more_is_missing() -> None:
    found = rhythm(PLAN, reports("2023-12"), date(2040, 1, 1))
    assert [f"{day:%Y-%m}" for day in found.missing] == [
        "2024-06", "2024-12", "2025-06", "2025-12", "2026-06", "2026-12",
    ]  # fmt: skip


@given(histories, todays)
def test_each_report_came_in_time_or_late(history: list[str], today: date) -> None:
    found = rhythm(PLAN, reports(*history), today)
    assert found.on_time + found.late == len(history)
    assert found.current.month == max(history)
    assert found.age_in_days == (today - found.current.as_of).days


@given(histories, todays)
def test_missing_are_the_promised_days_that_have_passed(history: list[str], today: date) -> None:
    found = rhythm(PLAN, reports(*history), today)
    assert all(day < today for day in found.missing)
    assert found.next_due is None or found.next_due > found.current.as_of
    if found.missing:
        assert found.missing[0] == found.next_due
        assert set(rhythm(PLAN, reports(*history), today + timedelta(90)).missing) >= set(
            found.missing
        )


@given(histories, todays)
def test_a_report_that_comes_is_missing_no_longer(history: list[str], today: date) -> None:
    found = rhythm(PLAN, reports(*history), today)
    if found.missing:
        came = rhythm(PLAN, reports(*history, f"{found.missing[0]:%Y-%m}"), today)
        assert came.missing == found.missing[1:]
        assert came.late == found.late


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_an_as_of_date_is_the_last_day_of_its_month(day: date, count: int) -> None:
    later = months_later(day, count)
    assert (later + timedelta(days=1)).day == 1
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count


@pytest.mark.django_db
def test_every_page_says_that_a_report_is_overdue(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = "June\u00a02024 was due and is not here"
    for today, overdue in ((date(2024, 6, 30), False), (date(2024, 7, 1), True)):
        monkeypatch.setattr(base, "today", lambda today=today: today)
        for path in ("/en/", "/en/projects/", "/en/figures/", "/en/projects/x-wal-tram-liege/"):
            assert (notice in client.get(path).content.decode()) is overdue, path
