"""The spreadsheet in a browser: taken out, filled in, looked at and written, by everybody."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import desk_in
from tests.browser.test_accessible import by_day_and_by_night
from tests.conftest import ROOT
from tests.desk.sheets import fill, records, table

OPEN = """
from milestones.actions import open_report
from milestones.models import User
open_report(month="2024-06", closes_on=None, by=User.objects.get(username="editor"))
"""
LATE = {"status": "delayed", "expected": "2025-Q1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk of its own, with the report of June 2024 open."""
    folder = tmp_path_factory.mktemp("sheet")
    with desk_in(folder) as url:
        database = {"DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}"}
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", OPEN]
        subprocess.run(command, cwd=ROOT, env=os.environ | database, check=True)
        yield url


def taken(page: Page, kind: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download as {kind}").click()
    return Path(download.value.path()).read_bytes()


def bring_back(page: Page, data: bytes, name: str) -> None:
    page.get_by_label("The file that you filled in").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="Show what would change").click()


def test_a_file_goes_out_and_comes_back_without_javascript(log_in: Callable[..., Page]) -> None:
    page = log_in("coordinator-dg", java_script_enabled=False)
    page.goto("/admin/")
    page.get_by_role("link", name="Use a spreadsheet").click()
    codes = [row["code"] for row in records(taken(page, "CSV"))]
    data = fill(taken(page, "XLSX"), {codes[0]: LATE, codes[1]: {"unchanged": "yes"}})
    bring_back(page, data, "mine.xlsx")
    assert page.locator(f"[data-milestone='{codes[0]}'] [data-step]").count() == 2
    page.get_by_role("button", name="Write these changes").click()
    page.wait_for_url("/admin/")
    told = page.locator(".messagelist").inner_text()
    assert told == "1 milestone assessed. 1 signed as unchanged."


def test_axe_objects_to_nothing_in_a_file_that_comes_back(log_in: Callable[..., Page]) -> None:
    page = log_in("coordinator-fla", reduced_motion="reduce")  # colours change at once
    page.goto("/admin/assess/sheet/")
    objections = by_day_and_by_night(page)
    codes = [row["code"] for row in records(taken(page, "CSV"))]
    bring_back(page, b"PK", "broken.xlsx")
    objections += by_day_and_by_night(page)
    said = table({"code": codes[0], "Remarks": "", **LATE, "note_en": "Late, as was said"})
    bring_back(page, said, "mine.csv")
    page.get_by_role("button", name="Write these changes").click()
    wrong = [{"code": code, "status": "soon", "note_en": ""} for code in codes[2:4]]
    page.goto("/admin/assess/sheet/")
    bring_back(page, table({"code": codes[1], "status": "done", "note_en": "x"}, *wrong), "x.csv")
    objections += by_day_and_by_night(page)
    page.get_by_role("link", name="Say in which quarter").click()
    assert page.url.endswith("#row-2")
    page.goto("/admin/assess/sheet/")
    bring_back(page, table({"code": codes[0], "status": "on track", "expected": ""}), "x.csv")
    page.get_by_label("Take what the file says").check()
    objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)
