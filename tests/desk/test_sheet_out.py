"""A coordinator takes his or her rows out as a file that is ready to be filled in."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from milestones import actions
from milestones.models import Milestone, ProgressReport, Status, User
from milestones.sheet.columns import EVERY, flat, in_every_language, keys_by_heading
from milestones.sheet.rows import rows
from tests.desk.sheets import key_of, records, taken

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def own(draft: ProgressReport) -> list[Milestone]:
    """What Flanders leads in the plan of the draft."""
    return list(Milestone.objects.in_plan(draft).filter(project__lead__code="FLA").order_by("code"))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_coordinator_gets_the_rows_of_his_or_her_authority_alone(
    kind: str, as_person: As, coordinator: User, own: list[Milestone]
) -> None:
    data = taken(as_person(coordinator), kind)
    if kind == "csv":
        codes = [row["code"] for row in records(data)]
    else:
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        codes = [str(cell.value) for cell in sheet["A"][1:]]
    assert sorted(codes) == sorted(milestone.code for milestone in own)


def test_an_editor_gets_the_whole_plan(as_person: As, editor: User, draft: ProgressReport) -> None:
    found = records(taken(as_person(editor), "csv"))
    assert len(found) == Milestone.objects.in_plan(draft).count() > 400


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_assesses_nothing_neither_takes_a_sheet_out_nor_brings_one_back(
    role: str, as_person: As, person: Callable[..., User], draft: ProgressReport
) -> None:
    client = as_person(person(role))
    for kind in ("xlsx", "csv"):
        assert client.get(reverse("admin:sheet_download", args=[kind])).status_code == 403
    assert client.get(reverse("admin:sheet")).status_code == 403
    assert client.post(reverse("admin:sheet"), {"confirmed": "x"}).status_code == 403


def test_a_stranger_is_asked_to_log_in(client: Client, draft: ProgressReport) -> None:
    for address in (reverse("admin:sheet"), reverse("admin:sheet_download", args=["csv"])):
        assert "/login/" in client.get(address).headers["Location"]


def test_without_an_open_report_there_is_no_sheet(as_person: As, coordinator: User) -> None:
    client = as_person(coordinator)
    assert client.get(reverse("admin:sheet")).status_code == 404
    assert client.get(reverse("admin:sheet_download", args=["csv"])).status_code == 404


def test_there_is_no_other_kind_of_file(
    as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    address = reverse("admin:sheet_download", args=["pdf"])
    assert as_person(coordinator).get(address).status_code == 404


def test_the_file_says_in_its_name_which_report_and_authority_it_is_of(
    as_person: As, coordinator: User, editor: User, draft: ProgressReport
) -> None:
    for user, name in ((coordinator, "nextgen-2024-06-FLA"), (editor, "nextgen-2024-06")):
        answer = as_person(user).get(reverse("admin:sheet_download", args=["xlsx"]))
        assert f'filename="{name}.xlsx"' in answer.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert book.properties.title == name


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_headings_and_words_are_in_the_language_of_the_person(
    language: str, coordinator: User, editor: User, draft: ProgressReport, as_person: As
) -> None:
    milestone = rows(draft, coordinator)[0].milestone
    words = {"status": "on-track", "expected": "2025-Q1"}
    actions.assess(milestone=milestone, report=draft, words=words, by=editor)
    client = as_person(coordinator)
    data = client.get(
        reverse("admin:sheet_download", args=["csv"]), headers={"Accept-Language": language}
    )
    text = b"".join(data.streaming_content)
    with translation.override(language):
        heading = [column.heading for column in EVERY]
        title, status = milestone.title, str(Status.ON_TRACK.label)
    assert text.decode("utf-8-sig").splitlines()[0] == ",".join(heading)
    row = next(row for row in records(text) if row["code"] == milestone.code)
    assert row["milestone"] == title
    assert row["status"] == status


def test_no_two_columns_share_a_heading_in_any_language() -> None:
    known = keys_by_heading(EVERY)
    for column in EVERY:
        for label in in_every_language(column.label):
            assert known[flat(label % {"language": column.key[-2:]})] == column.key


def test_the_row_tells_what_the_report_before_said(
    as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    found = {row["code"]: row for row in records(taken(as_person(coordinator), "csv"))}
    row = next(row for row in rows(draft, coordinator) if row.before)
    assert row.before
    quarter = row.before.done_quarter or row.before.expected
    told = found[row.milestone.code]["before"]
    assert told == f"{row.before.get_status_display()}, {quarter}"
    assert found[row.milestone.code]["baseline_due"] == str(row.milestone.baseline_due)


def sheet_of(client: Client) -> tuple[Any, dict[str, str]]:
    """The first sheet of the workbook, and the letters of its columns."""
    sheet = load_workbook(io.BytesIO(taken(client))).worksheets[0]
    return sheet, {key_of(cell.value): cell.column_letter for cell in sheet[1]}


def test_only_what_is_to_be_filled_in_can_be_edited(
    as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    sheet, letters = sheet_of(as_person(coordinator))
    assert sheet.protection.sheet
    open_ones = {
        key for key, letter in letters.items() if not sheet[f"{letter}2"].protection.locked
    }
    assert open_ones == {column.key for column in EVERY if column.fill}
    assert sheet.freeze_panes == "B2"
    hidden = {key for key, letter in letters.items() if sheet.column_dimensions[letter].hidden}
    assert hidden == {"mark", "report"}


def test_status_quarters_and_unchanged_have_drop_downs(
    as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    sheet, letters = sheet_of(as_person(coordinator))
    lists = {str(each.sqref).split("2:")[0]: each for each in sheet.data_validations.dataValidation}
    assert lists[letters["status"]].formula1 == '"done,on track,delayed"'
    assert lists[letters["unchanged"]].formula1 == '"yes"'
    assert lists[letters["done_quarter"]].formula1.endswith(',2024-Q2"')
    assert lists[letters["expected"]].formula1.startswith('"2024-Q2,')
    # Excel reads no longer list.
    assert max(len(each.formula1) for each in lists.values()) <= 255


def test_a_second_sheet_says_how_to(
    as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    book = load_workbook(io.BytesIO(taken(as_person(coordinator))))
    assert len(book.worksheets) == 2
    assert "white columns" in str(book.worksheets[1]["A1"].value)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "＝1"])
def test_no_text_becomes_a_live_formula(
    text: str, as_person: As, coordinator: User, draft: ProgressReport
) -> None:
    row = rows(draft, coordinator)[0]
    words = {"status": "delayed", "expected": "2025-Q1", "note_en": text}
    actions.assess(milestone=row.milestone, report=draft, words=words, by=coordinator)
    client = as_person(coordinator)
    sheet, letters = sheet_of(client)
    cell = sheet[f"{letters['note_en']}2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    found = records(taken(client, "csv"))[0]
    assert found["note_en"] == f"'{text}"


def test_a_sheet_of_the_whole_plan_asks_the_database_as_often_as_one_of_an_authority(
    as_person: As, coordinator: User, editor: User, draft: ProgressReport
) -> None:
    actions.sign_unchanged(
        milestones=[row.milestone for row in rows(draft, editor) if row.before],
        report=draft,
        by=editor,
    )
    counts = []
    for user in (coordinator, editor):
        client = as_person(user)
        with CaptureQueriesContext(connection) as queries:
            taken(client, "csv")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
