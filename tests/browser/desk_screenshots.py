"""Pictures of the desk for `docs/coordinators.md`: run by `make screenshots`."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, sync_playwright

from tests import conftest
from tests.browser.conftest import WORD, desk_in

FOLDER = conftest.ROOT / "docs/screenshots"
CODE = "x-fla-blue-deal-4"
WHY = {
    "nl": "De vergunning kwam laat.",
    "fr": "Le permis est venu tard.",
    "de": "Die Genehmigung kam spät.",
    "en": "The permit came late.",
}


def log_in(browser: Browser, site: str, name: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=site)
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", WORD)
    page.click("main [type=submit]")
    page.wait_for_url("/admin/")
    return page


def picture(page: Page, name: str) -> None:
    file = FOLDER / f"{name}-1280-en.png"
    page.screenshot(path=file)
    sys.stdout.write(f"{file.relative_to(conftest.ROOT)}\n")


def say(page: Page, quarter: str, note: str) -> None:
    page.goto(f"/admin/assess/{CODE}/")
    page.locator("[name^=m][name$=-status]").select_option("delayed")
    page.locator("[name^=m][name$=-quarter]").fill(quarter)
    page.locator("[name^=m][name$=-note_en]").fill(note)


def half_year(browser: Browser, site: str, folder: Path) -> None:
    """Opens a report, says something in it, and pictures each step."""
    editor = log_in(browser, site, "editor")
    editor.goto("/admin/report/")
    editor.get_by_role("button", name="Open the report").click()
    flanders = log_in(browser, site, "coordinator-fla")
    flanders.goto("/admin/assess/?task=unassessed")
    flanders.get_by_label("Choose all on this page").check()
    flanders.get_by_role("button", name="sign all chosen as unchanged").click()
    flanders.goto("/admin/")
    picture(flanders, "desk")
    flanders.goto("/admin/assess/?q=blue+deal")
    picture(flanders, "assess")
    say(flanders, "2025-Q2", "The permit came late.")
    say(editor, "2025-Q1", "The works start in spring.")
    editor.get_by_role("button", name="Save").last.click()
    flanders.get_by_role("button", name="Save").last.click()
    picture(flanders, "conflict")
    flanders.goto("/admin/assess/sheet/")
    with flanders.expect_download() as download:
        flanders.get_by_role("link", name="Download as XLSX").click()
    file = folder / "rows.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    place = {cell.value: cell.column - 1 for cell in sheet[1]}
    for line in list(sheet.iter_rows(min_row=30, max_row=32)):
        line[place["Status"]].value = "on track"
        line[place["Expected in"]].value = "2025-Q1"
    book.save(file)
    flanders.locator("[type=file]").set_input_files(file)
    flanders.get_by_role("button", name="Show what would change").click()
    picture(flanders, "sheet")
    flanders.goto(f"/admin/move/{CODE}/")
    flanders.locator("[name=due]").fill("2025-Q2")
    for language, text in WHY.items():
        flanders.locator(f"[name=reason_{language}]").fill(text)
    picture(flanders, "move")
    editor.goto("/admin/report/2024-06/")
    picture(editor, "preview")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        desk_in(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=conftest.shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        half_year(browser, site, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
