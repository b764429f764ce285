"""A file that comes back changes what was filled in, and nothing else."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from milestones import actions
from milestones.actions import WORDS
from milestones.models import Milestone, ProgressReport, Status, User
from milestones.quarter import Quarter
from milestones.sheet.columns import EVERY
from milestones.sheet.rows import Row, rows
from projects import history
from tests.desk.sheets import (
    back,
    confirm,
    faults,
    fill,
    key_of,
    said,
    saved,
    steps,
    table,
    taken,
)

pytestmark = pytest.mark.django_db
DONE = {"status": "done", "done_quarter": "2024-Q2", "evidence": "https://example.org/a"}
LATE = {
    "status": "delayed",
    "expected": "2025-Q1",
    "note_nl": "Later",
    "note_fr": "Plus tard",
    "note_de": "Später",
    "note_en": 'Said "later",\r\nand meant it',
    "evidence": "https://example.org/b",
}


@pytest.fixture
def client(as_person: Callable[[User], Client], coordinator: User) -> Client:
    return as_person(coordinator)


@pytest.fixture
def found(draft: ProgressReport, coordinator: User) -> list[Row]:
    """The rows of Flanders of which the report before spoke."""
    return [row for row in rows(draft, coordinator) if row.before]


@pytest.fixture
def codes(found: list[Row]) -> list[str]:
    return [row.milestone.code for row in found]


@pytest.fixture
def target(found: list[Row]) -> Milestone:
    return next(row.milestone for row in found if row.milestone.kind == "target")


@pytest.fixture
def assessed(found: list[Row], draft: ProgressReport, coordinator: User) -> Milestone:
    """A milestone of which the draft says much."""
    milestone = found[0].milestone
    actions.assess(milestone=milestone, report=draft, words=LATE, by=coordinator)
    return milestone


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_that_comes_back_as_it_went_out_changes_nothing(
    kind: str, client: Client, assessed: Milestone, target: Milestone, draft: ProgressReport,
    coordinator: User,
) -> None:  # fmt: skip
    words = {**DONE, "achieved_value": Decimal("1234567.89")}
    actions.assess(milestone=target, report=draft, words=words, by=coordinator)
    shown = back(client, taken(client, kind))
    assert (faults(shown), steps(shown)) == ([], {})
    assert "There is nothing to change" in shown.content.decode()
    assert "confirmed" not in shown.content.decode()


def test_what_is_filled_in_is_shown_and_then_written(
    client: Client, codes: list[str], draft: ProgressReport, coordinator: User
) -> None:
    shown = back(client, fill(taken(client), {codes[0]: DONE, codes[1]: LATE}))
    assert steps(shown)[codes[0]] == [
        ("Status", "", "done"),
        ("Done in", "", "2024-Q2"),
        ("Evidence (a link)", "", "https://example.org/a"),
    ]
    assert said(draft, codes[0]) is None, "nothing is written before it is confirmed"
    answer = confirm(client, shown)
    assert answer.headers["Location"] == reverse("admin:index")
    done, late = said(draft, codes[0]), said(draft, codes[1])
    assert done
    assert late
    assert (done.status, done.done_quarter, done.evidence) == (
        "done", Quarter(2024, 2), "https://example.org/a",
    )  # fmt: skip
    assert (late.note_de, late.note_en) == ("Später", 'Said "later",\nand meant it')
    entry = history.entries(done).get()
    assert (entry.actor, entry.additional_data["action"]) == (coordinator, "spreadsheet")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "2 milestones assessed." in page


def test_unchanged_signs_what_the_report_before_said(
    client: Client, found: list[Row], draft: ProgressReport, coordinator: User
) -> None:
    row, other = found[0], found[1]
    cells = {row.milestone.code: {"unchanged": "yes"}, other.milestone.code: DONE}
    shown = back(client, fill(taken(client), cells))
    assert row.before
    assert steps(shown)[row.milestone.code][0] == ("Status", "", row.before.get_status_display())
    answer = confirm(client, shown)
    signed = said(draft, row.milestone.code)
    assert signed
    assert {name: getattr(signed, name) for name in WORDS} == {
        name: getattr(row.before, name) for name in WORDS
    }
    entry = history.entries(signed).get()
    assert (entry.actor, entry.additional_data["action"]) == (coordinator, "unchanged")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "1 milestone assessed. 1 signed as unchanged." in page


def test_a_milestone_that_is_assessed_already_is_not_signed_over(
    client: Client, assessed: Milestone
) -> None:
    shown = back(client, fill(taken(client), {assessed.code: {"unchanged": "yes"}}))
    assert (steps(shown), faults(shown)) == ({}, [])
    assert "It is assessed already" in str(shown.context["preview"].kept[0])


def test_columns_that_are_missing_are_not_touched(
    client: Client, assessed: Milestone, draft: ProgressReport
) -> None:
    rows_of_mine = {"code": assessed.code, "note_en": "Other", "mark": "9999999999"}
    shown = back(client, table(rows_of_mine))
    assert steps(shown) == {assessed.code: [("Note (en)", 'Said "later",\nand meant it', "Other")]}
    confirm(client, shown)
    new = said(draft, assessed.code)
    assert new
    assert (new.note_en, new.note_nl, new.expected) == ("Other", "Later", Quarter(2025, 1))


def test_columns_nobody_knows_are_named_and_left_out(client: Client, codes: list[str]) -> None:
    shown = back(client, table({"Remarks": "x", "code": codes[0], **DONE}))
    assert shown.context["preview"].unknown == ["A, Remarks"]
    assert list(steps(shown)) == [codes[0]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line", ["\r\n", "\n"])
def test_a_csv_is_read_however_the_spreadsheet_saves_it(
    separator: str, encoding: str, line: str, client: Client, codes: list[str]
) -> None:
    text = table({"code": codes[0], **DONE, "note_fr": "Achevé; vérifié, là"}, separator=separator)
    data = text.decode().replace("\r\n", line).encode(encoding)
    shown = back(client, data, "x.csv")
    assert faults(shown) == []
    assert ("Note (fr)", "", "Achevé; vérifié, là") in steps(shown)[codes[0]]


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_headings_and_statuses_are_known_in_every_language_and_in_any_order(
    language: str, client: Client, codes: list[str]
) -> None:
    column = next(column for column in EVERY if column.key == "status")
    with translation.override(language):
        heading, status = column.heading.upper(), str(Status.DONE.label).upper()
    shown = back(client, table({heading: status, "done_quarter": "2024-Q1", "CODE": codes[0]}))
    assert faults(shown) == []
    assert steps(shown)[codes[0]][0] == ("Status", "", "done")


def test_a_real_date_gives_its_quarter_and_a_number_its_decimals(
    client: Client, target: Milestone, draft: ProgressReport
) -> None:
    cells = {"status": "done", "done_quarter": datetime(2024, 5, 3), "achieved_value": 0.1 + 0.2}  # noqa: DTZ001
    shown = back(client, fill(taken(client), {target.code: cells}))
    confirm(client, shown)
    new = said(draft, target.code)
    assert new
    assert (new.done_quarter, new.achieved_value) == (Quarter(2024, 2), Decimal("0.30"))
    cells = {"done_quarter": date(2024, 1, 31), "achieved_value": "1 234,5"}
    confirm(client, back(client, fill(taken(client), {target.code: cells})))
    new = said(draft, target.code)
    assert new
    assert (new.done_quarter, new.achieved_value) == (Quarter(2024, 1), Decimal("1234.50"))


def test_an_emptied_note_link_or_value_is_taken_away(
    client: Client, target: Milestone, draft: ProgressReport, coordinator: User
) -> None:
    words = {**LATE, "achieved_value": Decimal(5)}
    actions.assess(milestone=target, report=draft, words=words, by=coordinator)
    cells = dict.fromkeys(["note_nl", "evidence", "achieved_value"])
    shown = back(client, fill(taken(client), {target.code: cells}))
    assert [(old, new) for _heading, old, new in steps(shown)[target.code]] == [
        ("5", ""), ("Later", ""), ("https://example.org/b", ""),
    ]  # fmt: skip
    confirm(client, shown)
    new = said(draft, target.code)
    assert new
    assert (new.note_nl, new.evidence, new.achieved_value) == ("", "", None)
    assert (new.status, new.note_fr) == ("delayed", "Plus tard")


def test_an_emptied_status_takes_nothing_away(client: Client, assessed: Milestone) -> None:
    cells = dict.fromkeys(["status", "expected", "note_nl", "note_en", "evidence"])
    shown = back(client, fill(taken(client), {assessed.code: cells}))
    assert (steps(shown), faults(shown)) == ({}, [])
    kept = [str(each) for each in shown.context["preview"].kept]
    assert kept == ["J2, Status: The status is empty: nothing is taken away in this row."]
    assert kept[0] in shown.content.decode()


def test_an_emptied_quarter_goes_only_together_with_its_status(
    client: Client, assessed: Milestone, draft: ProgressReport
) -> None:
    shown = back(client, fill(taken(client), {assessed.code: {"expected": None}}))
    assert steps(shown) == {}
    assert "2025-Q1 stays" in str(shown.context["preview"].kept[0])
    cells = {"status": "done", "done_quarter": "2024-Q2", "expected": None}
    confirm(client, back(client, fill(taken(client), {assessed.code: cells})))
    new = said(draft, assessed.code)
    assert new
    assert (new.status, new.done_quarter, new.expected) == ("done", Quarter(2024, 2), None)


def test_the_sheet_with_the_headings_is_read_wherever_it_is_and_however_it_is_sorted(
    client: Client, codes: list[str]
) -> None:
    book = load_workbook(io.BytesIO(fill(taken(client), {codes[0]: DONE, codes[1]: DONE})))
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    new = book.create_sheet("Mine", 0)
    new["A1"] = "Thoughts"
    other = book.create_sheet("Sorted", 1)
    for line in [lines[0], *reversed(lines[1:])]:
        other.append([None, *line])
    assert key_of(other["B1"].value) == "code"
    shown = back(client, saved(book))
    assert faults(shown) == []
    assert set(steps(shown)) == set(codes[:2])


def test_a_row_that_stands_twice_with_the_same_words_is_one(
    client: Client, codes: list[str]
) -> None:
    row = {"code": codes[0], **DONE}
    shown = back(client, table(row, row))
    assert faults(shown) == []
    assert list(steps(shown)) == [codes[0]]


def test_a_preview_of_many_rows_asks_the_database_as_often_as_one_of_few(
    client: Client, codes: list[str]
) -> None:
    counts = []
    for some in (codes[:2], codes):
        data = fill(taken(client), dict.fromkeys(some, DONE))
        with CaptureQueriesContext(connection) as queries:
            assert len(steps(back(client, data))) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_page_says_what_to_do_and_names_its_field(
    client: Client, draft: ProgressReport
) -> None:
    page: Any = client.get(reverse("admin:sheet")).content.decode()
    for kind in ("xlsx", "csv"):
        assert f'href="{reverse("admin:sheet_download", args=[kind])}"' in page
    assert 'for="id_file"' in page
    assert 'enctype="multipart/form-data"' in page
    answer = client.post(reverse("admin:sheet"), {})
    assert faults(answer) == ["This field is required."]
