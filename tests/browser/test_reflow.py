"""No page is wider than its window, no text is cut off, and nothing moves while a page loads."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages import MISSING, PLACES, address

# What stands out of the window, or is cut off by the box that holds it. What scrolls on its own
# and what is for screen readers alone may.
OUTSIDE = """() => {
    const width = document.documentElement.clientWidth;
    const found = document.documentElement.scrollWidth > width ? ["the page is too wide"] : [];
    for (const thing of document.body.querySelectorAll("*")) {
        if (thing.closest(".scroll, .visually-hidden, .skip, svg")) continue;
        const { left, right } = thing.getBoundingClientRect();
        const cut = getComputedStyle(thing).overflowX !== "visible"
            && thing.scrollWidth > thing.clientWidth + 1 && !thing.matches("input");
        if (left < -1 || right > width + 1 || cut) found.push(thing.outerHTML.slice(0, 120));
    }
    return found.slice(0, 5);
}"""
LONG_WORDS = ["de", "fr"]


@pytest.mark.faults(MISSING)
@pytest.mark.parametrize("place", PLACES)
def test_no_page_scrolls_sideways(page: Page, place: str) -> None:
    outside = []
    for language in LONG_WORDS:
        page.goto(address(place, language))
        for width in (320, 360, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            outside += [f"{language}, {width} px: {what}" for what in page.evaluate(OUTSIDE)]
        page.set_viewport_size({"width": 1280, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        outside += [f"{language}, text twice as large: {what}" for what in page.evaluate(OUTSIDE)]
    assert not outside, "\n".join(outside)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("place", ["home", "projects", "charts", "embed", "data"])
def test_nothing_moves_while_a_page_loads(
    new_page: Callable[..., Page], place: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script("""
        window.moved = 0;
        new PerformanceObserver(seen => {
            for (const shift of seen.getEntries()) window.moved += shift.value;
        }).observe({ type: "layout-shift", buffered: true });
    """)
    page.goto(address(place, "en"), wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert page.evaluate("window.moved") < 0.01
