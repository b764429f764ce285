"""Who copies an example of the data page gets what the site says."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page


def code(page: Page, beginning: str) -> str:
    """The example that begins so."""
    texts = page.locator(".example code").all_text_contents()
    return next(text for text in texts if text.startswith(beginning))


def test_python_adds_up_what_counts_for_the_climate(page: Page) -> None:
    page.goto("/fr/donnees/")
    example = code(page, "import csv")
    said = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, check=True
    ).stdout
    figure = page.request.get("/api/v1/figures/climate-share").json()
    assert int(said) == figure["numerator"]


@pytest.mark.parametrize(("beginning", "quote"), [("curl", "'"), ("=IMPORTDATA", '"')])
def test_curl_and_a_spreadsheet_ask_for_the_same_list(
    page: Page, beginning: str, quote: str
) -> None:
    page.goto("/en/data/")
    answer = page.request.get(code(page, beginning).split(quote)[1])
    assert answer.headers["content-type"].startswith("text/csv")
    rows = answer.text().splitlines()
    assert rows[0].startswith("code,")
    found = page.request.get("/en/projects/export.json?contributes=climate").json()["count"]
    assert len(rows) == found + 1
