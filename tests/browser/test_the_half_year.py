"""A whole half-year at the desk, from the opening of a report to the log of a correction."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import PEOPLE
from tests.browser.pages import LANGUAGES
from tests.conftest import ROOT, served

MINE, MOVED, SHARED, SHEETED = (f"x-fla-blue-deal-{n}" for n in (4, 5, 3, 1))
CONFLICT = r"status of 409"
WHY = {
    "nl": "De vergunning kwam laat.",
    "fr": "Le permis est venu tard.",
    "de": "Die Genehmigung kam spät.",
    "en": "The permit came late.",
}
PAGES = {
    "nl": ("voortgang", "mijlpalen", "wijzigingen"),
    "fr": ("avancement", "jalons", "modifications"),
    "de": ("fortschritt", "meilensteine", "aenderungen"),
    "en": ("progress", "milestones", "changes"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk of its own: what is published here nobody else sees."""
    folder = tmp_path_factory.mktemp("half-year")
    database = f"sqlite:///{folder / 'desk.sqlite3'}"
    with served(database, folder / "log") as url:
        people = [sys.executable, "manage.py", "shell", "-v", "0", "-c", PEOPLE]
        environment = os.environ | {"DATABASE_URL": database}
        subprocess.run(people, cwd=ROOT, env=environment, check=True)
        yield url


def row(page: Page, code: str) -> str:
    """The start of the names of a milestone's fields."""
    return f"m{page.locator(f'#row-{code} [name=row]').get_attribute('value')}"


def say(page: Page, code: str, **fields: str) -> None:
    """Fill a milestone's fields, as far as they are given."""
    prefix = row(page, code)
    for name, value in fields.items():
        field = page.locator(f"[name={prefix}-{name}]")
        if name == "status":
            field.select_option(value)
        else:
            field.fill(value)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


@pytest.mark.faults(CONFLICT)
def test_a_half_year_from_opening_to_correction(
    log_in: Callable[..., Page], new_page: Callable[..., Page], tmp_path: Path
) -> None:
    editor, flanders, wallonia = map(log_in, ("editor", "coordinator-fla", "coordinator-wal"))
    the_report_is_opened(editor, flanders)
    some_are_assessed_in_the_list(flanders)
    one_by_its_form(flanders)
    some_by_spreadsheet(flanders, tmp_path)
    the_rest_are_signed_as_unchanged(flanders)
    nobody_sees_what_is_not_theirs(wallonia)
    two_meet_on_one_milestone(editor, flanders)
    a_date_moves(flanders)
    an_auditor_reads_who_did_what(log_in("auditor"))
    the_report_is_published(editor)
    everybody_reads_it_in_four_languages(new_page())
    a_value_is_corrected(editor)
    the_log_tells_it_and_the_edition_keeps_its_word(new_page())


def the_report_is_opened(editor: Page, flanders: Page) -> None:
    expect(flanders.get_by_text("No report is open")).to_be_visible()
    editor.get_by_role("link", name="Open a report").click()
    expect(editor.locator("[name=month]")).to_have_value("2024-06")
    editor.get_by_role("button", name="Open the report").click()
    expect(editor.get_by_text("The report 2024-06 is open.")).to_be_visible()
    flanders.reload()
    expect(flanders.get_by_text("0 of 100 assessed, due in 30 days")).to_be_visible()


def some_are_assessed_in_the_list(flanders: Page) -> None:
    flanders.goto("/admin/assess/?q=blue+deal")
    say(flanders, MINE, status="done", quarter="2024-Q2", evidence="https://example.org/opening")
    say(flanders, SHARED, status="delayed")
    save(flanders)
    expect(flanders.get_by_text("Nothing was written yet, and nothing")).to_be_visible()
    expect(flanders.get_by_text("Say when it is expected now.")).to_be_visible()
    say(flanders, SHARED, quarter="2024-Q4")
    save(flanders)
    expect(flanders.get_by_text("2 milestones assessed.")).to_be_visible()


def one_by_its_form(flanders: Page) -> None:
    flanders.goto(f"/admin/assess/{MOVED}/")
    say(flanders, MOVED, status="delayed", quarter="2025-Q1",
        **{f"note_{language}": text for language, text in WHY.items()})  # fmt: skip
    save(flanders)
    expect(flanders.get_by_text("1 milestone assessed.")).to_be_visible()


def some_by_spreadsheet(flanders: Page, folder: Path) -> None:
    flanders.goto("/admin/")
    flanders.get_by_role("link", name="Use a spreadsheet").click()
    with flanders.expect_download() as download:
        flanders.get_by_role("link", name="Download as XLSX").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heading = {cell.value: cell.column for cell in sheet[1]}
    for line in sheet.iter_rows(min_row=2):
        if line[heading["Code"] - 1].value == SHEETED:
            line[heading["Status"] - 1].value = "delayed"
            line[heading["Expected in"] - 1].value = "soon"
    book.save(file)
    flanders.locator("[type=file]").set_input_files(file)
    flanders.get_by_role("button", name="Show what would change").click()
    expect(flanders.get_by_role("alert").get_by_text("soon")).to_be_visible()
    expect(flanders.get_by_role("button", name="Write these changes")).to_have_count(0)
    for line in sheet.iter_rows(min_row=2):
        if line[heading["Code"] - 1].value == SHEETED:
            line[heading["Expected in"] - 1].value = "2024-Q4"
    book.save(file)
    flanders.get_by_role("link", name="Bring back another file").click()
    flanders.locator("[type=file]").set_input_files(file)
    flanders.get_by_role("button", name="Show what would change").click()
    expect(flanders.get_by_text("Nothing was written yet.")).to_be_visible()
    flanders.get_by_role("button", name="Write these changes").click()
    flanders.wait_for_url("/admin/")
    expect(flanders.get_by_text("4 of 100 assessed")).to_be_visible()


def the_rest_are_signed_as_unchanged(flanders: Page) -> None:
    flanders.get_by_role("link", name="Not assessed yet").click()
    first = flanders.locator(".assess > li").first
    first.get_by_role("button", name="Sign 'unchanged'").click()
    expect(flanders.get_by_text("1 signed as unchanged.")).to_be_visible()
    flanders.get_by_label("Choose all on this page").check()
    flanders.get_by_role("button", name="sign all chosen as unchanged").click()
    expect(flanders.get_by_text("20 signed as unchanged.")).to_be_visible()
    flanders.goto("/admin/")
    expect(flanders.get_by_text("25 of 100 assessed")).to_be_visible()


def nobody_sees_what_is_not_theirs(wallonia: Page) -> None:
    wallonia.goto("/admin/assess/?q=blue+deal")
    expect(wallonia.get_by_text("Nothing is left here.")).to_be_visible()


def two_meet_on_one_milestone(editor: Page, flanders: Page) -> None:
    for page in (editor, flanders):
        page.goto(f"/admin/assess/{SHARED}/")
    say(editor, SHARED, quarter="2025-Q1", note_en="The editor's words.")
    save(editor)
    say(flanders, SHARED, quarter="2025-Q2")
    save(flanders)
    expect(flanders.get_by_role("alert")).to_contain_text("Somebody else changed")
    clash = flanders.get_by_role("group", name="Two versions")
    expect(clash.get_by_text("The editor's words.")).to_be_visible()
    clash.get_by_text("The editor's words.").click()
    expect(clash.get_by_role("radio", name="2025-Q2")).to_be_checked()
    save(flanders)
    expect(flanders.get_by_text("1 milestone assessed.")).to_be_visible()
    prefix = row(flanders, SHARED)
    expect(flanders.locator(f"[name={prefix}-quarter]")).to_have_value("2025-Q2")
    expect(flanders.locator(f"[name={prefix}-note_en]")).to_have_value("The editor's words.")
    for language, text in WHY.items():
        flanders.locator(f"[name={prefix}-note_{language}]").fill(text)
    save(flanders)


def a_date_moves(flanders: Page) -> None:
    flanders.goto(f"/admin/assess/{MOVED}/")
    flanders.get_by_role("link", name="Move the date").click()
    flanders.locator("[name=due]").fill("2025-Q2")
    for language, text in WHY.items():
        if language != "de":
            flanders.locator(f"[name=reason_{language}]").fill(text)
    flanders.get_by_role("button", name="Move the date").click()
    expect(flanders.get_by_role("alert")).to_be_visible()
    flanders.locator("[name=reason_de]").fill(WHY["de"])
    flanders.get_by_role("button", name="Move the date").click()
    expect(flanders.get_by_text(f"{MOVED} is due in 2025-Q2 now.")).to_be_visible()


def an_auditor_reads_who_did_what(auditor: Page) -> None:
    auditor.goto("/admin/auditlog/logentry/")
    expect(auditor.get_by_text("coordinator-fla").first).to_be_visible()
    expect(auditor.locator("main").get_by_text("moved the date").first).to_be_visible()


def the_report_is_published(editor: Page) -> None:
    editor.goto("/admin/")
    editor.get_by_role("link", name="See the whole report before it is published").click()
    expect(
        editor.get_by_text("385 milestones would be published as 'not reported'")
    ).to_be_visible()
    editor.get_by_text("Finished:").click()
    expect(editor.get_by_role("link", name=MINE).first).to_be_visible()
    editor.get_by_role("button", name="Publish the report of June 2024").click(timeout=120_000)
    # Its brochure is made before the desk answers.
    expect(editor.get_by_text("The report 2024-06 is published.")).to_be_visible(timeout=120_000)


def everybody_reads_it_in_four_languages(visitor: Page) -> None:
    for language in LANGUAGES:
        progress, milestones, _log = PAGES[language]
        visitor.goto(f"/{language}/{progress}/2024-06/")
        not_reported = visitor.locator("[data-figure='milestones-not-reported']").first
        expect(not_reported).to_have_attribute("value", "385")
        expect(visitor.get_by_text("SHA-256").first).to_be_visible()
        visitor.goto(f"/{language}/{milestones}/{MOVED}/")
        expect(visitor.get_by_text(WHY[language]).first).to_be_visible()
        visitor.goto(f"/{language}/")
        done = visitor.locator("main [data-figure='milestones-done']").first
        expect(done).not_to_have_attribute("value", "138")


def a_value_is_corrected(editor: Page) -> None:
    editor.goto(f"/admin/milestones/assessment/?q={MINE}")
    editor.get_by_role("row", name="2024-06").get_by_role("link").click()
    editor.get_by_role("link", name="Correct what the report says").click()
    editor.locator("[name^=m][name$=-status]").select_option("delayed")
    editor.locator("[name^=m][name$=-quarter]").fill("2025-Q1")
    editor.locator("[name^=m][name$=-why]").fill("Only half of it is built.")
    editor.get_by_role("button", name="Correct").click()
    expect(editor.get_by_text("Corrected: version 2.")).to_be_visible()


def the_log_tells_it_and_the_edition_keeps_its_word(visitor: Page) -> None:
    for language in LANGUAGES:
        progress, _milestones, log = PAGES[language]
        visitor.goto(f"/{language}/{log}/")
        line = visitor.locator(".log li", has_text="Only half of it is built.").first
        expect(line).to_contain_text(MINE)
        visitor.goto(f"/{language}/{progress}/2024-06/")
        expect(visitor.locator("main")).to_contain_text("Only half of it is built.")
