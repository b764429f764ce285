"""A citation unfolds by keyboard and is copied by a button, which stands only where it works."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import PLACES, address
from tests.browser.test_reflow import OUTSIDE

PHONE = {"width": 360, "height": 740}
CITED = [
    place
    for place, (route, _words, _query) in PLACES.items()
    if route in ("projects", "project", "milestones", "milestone", "report", "comparison",
                 "figure", "edition_figure") and place != "project, unknown"
]  # fmt: skip


def unfolded(page: Page) -> Locator:
    """The citation of the page, unfolded by keyboard."""
    cite = page.locator("details.cite")
    expect(cite.locator("dl")).to_be_hidden()
    cite.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(cite.locator("dl")).to_be_visible()
    return cite


@pytest.fixture
def copying(new_page: Callable[..., Page]) -> Page:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


@pytest.mark.parametrize("place", ["edition's figure", "projects, filtered"])
def test_a_citation_is_unfolded_and_copied_without_a_mouse(copying: Page, place: str) -> None:
    copying.goto(address(place, "en"))
    cite = unfolded(copying)
    for number in range(3):
        button = cite.get_by_role("button", name="Copy").nth(number)
        button.focus()
        copying.keyboard.press("Enter")
        expect(cite.get_by_role("status")).to_have_text("Copied")
        expect(button).to_be_focused()
        text = cite.locator("[data-cite]").nth(number).text_content()
        assert copying.evaluate("navigator.clipboard.readText()") == text


def test_the_citation_follows_the_filters_and_is_copied_then_too(copying: Page) -> None:
    copying.goto("/en/projects/")
    copying.check("#f-pillar-1")
    expect(copying).to_have_url(re.compile("pillar=1"))
    cite = unfolded(copying)
    expect(cite.locator("[data-cite]").first).to_contain_text("?pillar=1&report=2023-12")
    cite.get_by_role("button", name="Copy").first.click()
    expect(cite.get_by_role("status")).to_have_text("Copied")
    assert "pillar=1" in copying.evaluate("navigator.clipboard.readText()")


def test_without_javascript_there_is_no_button_but_all_else(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address("project", "en"))
    cite = unfolded(page)
    expect(cite.get_by_role("button")).to_have_count(0)
    expect(cite.locator("[data-cite]")).to_have_count(3)
    for number, name in enumerate(("cite.bib", "cite.json")):
        link = cite.locator("a[download]").nth(number)
        assert (link.get_attribute("href") or "").endswith(name)
        with page.expect_download() as download:
            link.click()
        text = cite.locator("pre").nth(number).text_content()
        assert download.value.path().read_text() == text


@pytest.mark.parametrize("place", CITED)
def test_an_unfolded_citation_fits_a_phone(new_page: Callable[..., Page], place: str) -> None:
    page = new_page(viewport=PHONE)
    for language in ("de", "fr"):
        page.goto(address(place, language))
        unfolded(page)
        assert page.evaluate(OUTSIDE) == []
