"""Every fault is named at once, by row and column, and nothing is written while one stands."""

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from milestones import actions
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.sheet.rows import Row, rows
from projects.models import Project
from tests.desk.sheets import back, faults, fill, saved, table, taken

pytestmark = pytest.mark.django_db
DONE = {"status": "done", "done_quarter": "2024-Q2"}


@pytest.fixture
def client(as_person: Callable[[User], Client], coordinator: User) -> Client:
    return as_person(coordinator)


@pytest.fixture
def found(draft: ProgressReport, coordinator: User) -> list[Row]:
    return [row for row in rows(draft, coordinator) if row.before]


@pytest.fixture
def codes(found: list[Row]) -> list[str]:
    """Codes of milestones that are no targets."""
    return [row.milestone.code for row in found if row.milestone.kind == "milestone"]


def test_all_faults_of_a_file_are_named_at_once_by_their_cells(
    client: Client, codes: list[str], draft: ProgressReport
) -> None:
    cells = {
        codes[0]: {"status": "finished", "expected": "4/2024"},
        codes[1]: {"status": "delayed"},
        codes[2]: {"status": "done", "done_quarter": "2024-Q3"},
        codes[3]: {**DONE, "achieved_value": "5", "evidence": "see the annex"},
        codes[4]: {"note_en": "Words without a status"},
        codes[5]: DONE,
    }
    data = fill(taken(client), cells)
    shown = back(client, data)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    at = {str(sheet.cell(row, 1).value): row for row in range(2, sheet.max_row + 1)}
    found = faults(shown)
    for place, words in [
        (f"J{at[codes[0]]}, Status: ", "'finished' is no status"),
        (f"L{at[codes[0]]}, Expected in: ", "2024-Q4"),
        (f"L{at[codes[1]]}, Expected in: ", "Say when"),
        (f"K{at[codes[2]]}, Done in: ", "comes after the report"),
        (f"M{at[codes[3]]}, Value achieved: ", "Only a target"),
        (f"R{at[codes[3]]}, Evidence (a link): ", "https://"),
        (f"J{at[codes[4]]}, Status: ", "Choose a status"),
    ]:
        assert [told for told in found if told.startswith(place) and words in told], (place, found)
    page = shown.content.decode()
    assert f'href="#row-{at[codes[1]]}"' in page
    assert f'id="row-{at[codes[1]]}"' in page
    assert "confirmed" not in page
    assert not Assessment.objects.filter(report=draft).exists()


def test_a_cell_that_cannot_be_read_is_told_once(client: Client, codes: list[str]) -> None:
    cells = {codes[0]: {"status": "done", "done_quarter": "soon"}, codes[1]: {"status": "soon"}}
    assert len(faults(back(client, fill(taken(client), cells)))) == 2


def test_a_foreign_milestone_is_as_unknown_as_one_that_does_not_exist(
    client: Client, draft: ProgressReport
) -> None:
    foreign = Milestone.objects.in_plan(draft).exclude(project__lead__code="FLA").first()
    assert foreign
    shown = back(client, table({"code": foreign.code, **DONE}, {"code": "x-none", **DONE}))
    told = [fault.replace(foreign.code, "x-none") for fault in faults(shown)]
    assert told == [
        f"A{row}, code: 'x-none' is no milestone that you assess in this report." for row in (2, 3)
    ]
    assert foreign.title not in shown.content.decode()


def test_a_row_that_stands_twice_and_differs_is_refused(client: Client, codes: list[str]) -> None:
    one, two = {"code": codes[0], **DONE}, {"code": codes[0], **DONE, "status": "delayed"}
    assert f"{codes[0]} stands in row 2 too" in " ".join(faults(back(client, table(one, two))))


def test_a_row_without_its_code_is_refused(client: Client, codes: list[str]) -> None:
    shown = back(client, table({"code": "", **DONE}))
    assert faults(shown) == ["A2, code: The code of the milestone is missing."]


def test_a_file_without_codes_is_refused(client: Client, draft: ProgressReport) -> None:
    shown = back(client, table({"status": "done"}))
    assert faults(shown) == ["The column with the codes of the milestones is missing."]


def test_a_column_that_stands_twice_is_refused(client: Client, codes: list[str]) -> None:
    shown = back(client, table({"code": codes[0], "status": "done", "Status": "delayed"}))
    assert faults(shown) == ["C1, Status: This column is there twice: take one of them away."]


def test_words_beside_the_table_are_refused(client: Client, codes: list[str]) -> None:
    data = f"code,note_en,status\n{codes[0]},a note, with a comma,delayed\n".encode()
    assert "D2: Something stands to the right" in " ".join(faults(back(client, data)))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_of_another_report_is_refused(
    kind: str, client: Client, draft: ProgressReport
) -> None:
    data = taken(client, kind)
    draft.month = "2024-12"
    draft.save()
    found = faults(back(client, data))
    assert len(found) == 1
    assert "nextgen-2024-06-FLA" in found[0]
    assert "2024-12" in found[0]


@pytest.mark.parametrize(
    ("key", "place"), [("status", "J2, Status"), ("note_en", "Q2, Note (en)"), ("code", "A2, Code")]
)
def test_a_formula_is_named_and_not_computed(
    key: str, place: str, client: Client, codes: list[str]
) -> None:
    book = load_workbook(io.BytesIO(fill(taken(client), {codes[0]: DONE})))
    sheet = book.worksheets[0]
    sheet[place.partition(",")[0]] = '="done"'
    found = faults(back(client, saved(book)))
    assert f"{place}: This is a formula: put its value there instead." in found


def test_a_formula_beside_what_is_filled_in_does_not_matter(
    client: Client, codes: list[str]
) -> None:
    book = load_workbook(io.BytesIO(fill(taken(client), {codes[0]: DONE})))
    book.worksheets[0]["C2"] = "=1+1"
    assert faults(back(client, saved(book))) == []


def test_unchanged_and_changed_contradict_each_other(client: Client, codes: list[str]) -> None:
    shown = back(client, fill(taken(client), {codes[0]: {**DONE, "unchanged": "yes"}}))
    assert faults(shown) == [
        "S2, Unchanged this round: You changed it and signed it as unchanged: not both."
    ]


def test_nothing_is_unchanged_of_which_the_report_before_was_silent(
    client: Client, draft: ProgressReport
) -> None:
    project = Project.objects.filter(lead__code="FLA").in_plan(draft.as_of)[0]
    words = {f"title_{code}": "New" for code in ("nl", "fr", "de", "en")}
    new = Milestone.objects.create(
        code="x-new", project=project, kind="milestone", baseline_due="2025-Q1", due="2025-Q1",
        joined=project.joined, **words,
    )  # fmt: skip
    shown = back(client, fill(taken(client), {new.code: {"unchanged": "yes"}}))
    assert faults(shown) == [
        "S2, Unchanged this round: The report before says nothing of it: assess it."
    ]


def test_a_value_with_too_many_digits_is_told_at_its_column(
    client: Client, found: list[Row]
) -> None:
    code = next(row.milestone.code for row in found if row.milestone.kind == "target")
    shown = back(client, table({"code": code, **DONE, "achieved_value": "1.2345"}))
    assert faults(shown) == [
        "D2, achieved_value: Ensure that there are no more than 2 decimal places."
    ]


def test_a_text_too_long_for_a_cell_is_not_shortened_in_silence(
    client: Client, codes: list[str], found: list[Row], draft: ProgressReport, coordinator: User
) -> None:
    row = next(row for row in found if row.milestone.code == codes[0])
    words = {**DONE, "note_en": "long " * 7_000, "achieved_value": None}
    actions.assess(milestone=row.milestone, report=draft, words=words, by=coordinator)
    assert faults(back(client, taken(client))) == []
    shown = back(client, fill(taken(client), {codes[0]: {"note_en": "short"}}))
    assert "change it at the desk" in faults(shown)[0]


def test_a_row_mark_that_was_changed_is_told(client: Client, codes: list[str]) -> None:
    shown = back(client, table({"code": codes[0], **DONE, "mark": "three"}))
    assert faults(shown) == ["D2, mark: The row mark was changed: take out a new file."]


def test_words_of_people_are_shown_as_words(client: Client, codes: list[str]) -> None:
    bad = "<script>alert(1)</script>"
    cells = {codes[0]: {**DONE, "note_en": bad}, codes[1]: {"status": bad}}
    page = back(client, fill(taken(client), cells)).content.decode()
    assert bad not in page
    assert "&lt;script&gt;" in page


def test_a_number_typed_as_a_code_or_a_note_is_its_text(client: Client, codes: list[str]) -> None:
    shown = back(client, fill(taken(client), {codes[0]: {**DONE, "note_en": Decimal(2024)}}))
    assert faults(shown) == []
    assert "2024" in shown.content.decode()
