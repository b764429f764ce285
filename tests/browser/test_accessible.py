"""Nobody is shut out: axe objects to nothing on any template, in any language, day or night."""

from collections.abc import Callable
from functools import partial

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import ENTRANCE, LANGUAGES, MISSING, PLACES, address
from tests.browser.test_charts_in_the_browser import drawing
from tests.conftest import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
# What another scheme and another width can change; the rest of the page is the same.
COLOURS_AND_SIZES = ["color-contrast", "link-in-text-block", "target-size"]
LOOK = """async rules => {
    const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map(node =>
        `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""


def by_day_and_by_night(page: Page) -> list[str]:
    """What axe objects to, with all unfolded: by day on a screen, and by night on a phone."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.evaluate(AXE.read_text())
    objections = [f"{page.url} by day: {said}" for said in page.evaluate(LOOK, RULES)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 800})
    by_night = page.evaluate(LOOK, COLOURS_AND_SIZES)
    return objections + [f"{page.url} by night: {said}" for said in by_night]


@pytest.mark.faults(MISSING)
@pytest.mark.parametrize("place", PLACES)
def test_axe_objects_to_nothing(page: Page, place: str) -> None:
    objections = []
    for language in LANGUAGES:
        page.goto(address(place, language))
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


@pytest.mark.parametrize("place", ["charts", "embed"])
def test_axe_objects_to_nothing_in_a_chart_drawn_or_as_a_table(page: Page, place: str) -> None:
    objections = []
    for language in LANGUAGES:
        page.goto(address(place, language))
        names = [str(chart.get_attribute("id")) for chart in page.locator(".chart").all()]
        assert names
        for name in names:
            drawing(page, name)
        objections += by_day_and_by_night(page)
        for button in page.locator("[data-chart-table]").all():
            button.click()
        expect(page.locator(".chart-table:visible")).to_have_count(len(names))
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


def test_axe_objects_to_nothing_in_a_citation_that_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    objections = []
    for language in LANGUAGES:
        page.goto(address("edition's figure", language))
        cite = page.locator("details.cite")
        cite.locator("summary").click()
        cite.get_by_role("button").first.click()
        expect(cite.get_by_role("status")).not_to_be_empty()
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


def test_axe_objects_to_nothing_at_the_entrance(new_page: Callable[..., Page]) -> None:
    page = new_page(locale="ja")
    page.goto(ENTRANCE)
    objections = by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


@pytest.mark.parametrize("trouble", ["500", "no_plan"])
def test_axe_objects_to_nothing_when_the_site_is_in_trouble(page: Page, trouble: str) -> None:
    """The two pages that a healthy site never shows."""
    objections = []
    for language in LANGUAGES:
        with translation.override(language):
            shown = render_to_string(f"errors/{trouble}.html")
        page.route(f"**/{language}/trouble", partial(Route.fulfill, body=shown))
        page.goto(f"/{language}/trouble")
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)
