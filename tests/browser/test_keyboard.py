"""Whoever has no mouse gets everywhere by Tab and Enter, and sees where they are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import MISSING, PLACES, UNKNOWN, address

PHONE = {"width": 360, "height": 740}

# What can be reached, each thing once, numbered in the order of the page.
COUNT = """() => {
    const things = "a[href], button, summary, select, input:not([type=hidden]), [tabindex]";
    const reachable = [...document.querySelectorAll(things)].filter(thing => thing.tabIndex >= 0
        && !thing.disabled && thing.checkVisibility({ contentVisibilityAuto: true }));
    reachable.forEach((thing, number) => thing.dataset.number = number);
    return reachable.length;
}"""
# Where the focus is, and whether one sees it.
HERE = """() => {
    const here = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    const { width, height } = here.getBoundingClientRect();
    const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width && height;
    return [here.dataset.number ?? "", seen ? "" : here.outerHTML.slice(0, 120)];
}"""


def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    page.goto("/en/")
    skip = page.get_by_role("link", name="Skip to the content")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.faults(MISSING)
@pytest.mark.parametrize("place", [p for p in PLACES if "," not in p or p == UNKNOWN])
def test_tab_reaches_everything_and_shows_where_it_is(page: Page, place: str) -> None:
    page.goto(address(place, "en"))
    walk(page)


@pytest.mark.parametrize("place", ["home", "projects"])
def test_tab_reaches_everything_on_a_phone(new_page: Callable[..., Page], place: str) -> None:
    page = new_page(viewport=PHONE)
    page.goto(address(place, "en"))
    walk(page)


def walk(page: Page) -> None:
    """Go by Tab from the beginning to the end."""
    everything = page.evaluate(COUNT)
    reached = []
    for _ in range(everything):
        page.keyboard.press("Tab")
        number, unseen = page.evaluate(HERE)
        assert not unseen, f"focus does not show on {unseen}"
        reached.append(number)
    assert reached == [str(number) for number in range(everything)]


@pytest.mark.parametrize("fold", ["menu", "filters"])
def test_on_a_phone_enter_unfolds_and_folds(new_page: Callable[..., Page], fold: str) -> None:
    page = new_page(viewport=PHONE)
    page.goto("/en/projects/")
    inside = page.locator(f"details.{fold} > :not(summary)")
    page.locator(f"details.{fold} > summary").focus()
    for visible in (True, False, True):
        expect(inside).to_be_visible(visible=not visible)
        page.keyboard.press("Enter")
        expect(inside).to_be_visible(visible=visible)
    page.keyboard.press("Tab")
    assert inside.evaluate("it => it.contains(document.activeElement)")


def test_a_filter_is_chosen_and_dropped_without_a_mouse(page: Page) -> None:
    page.goto("/en/projects/")
    page.focus("#f-pillar-1")
    page.keyboard.press("Space")
    chip = page.locator(".chips a[data-drop=pillar]")
    expect(chip).to_be_visible()
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    expect(page.locator("#f-pillar-1")).to_be_focused()
