"""Everything works without JavaScript: links and forms are enough."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 900}


@pytest.fixture(params=[PHONE, SCREEN], ids=["phone", "screen"])
def page(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Page:
    return new_page(java_script_enabled=False, viewport=request.param)


def found(page: Page) -> int:
    """The number of results that the page tells."""
    return int(page.locator("[data-results]").get_attribute("value") or "")


def rows(page: Page) -> list[str]:
    """The codes of the rows shown, in their order."""
    shown = page.locator("[data-project]").all()
    return [row.get_attribute("data-project") or "" for row in shown]


def filters(page: Page) -> Locator:
    """The filters, unfolded where they are folded."""
    summary = page.locator("details.filters > summary")
    if summary.is_visible():
        summary.click()
    return page.locator("details.filters")


def test_the_search_on_the_home_page_finds_projects(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("searchbox").fill("bicycle")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/en/projects/\?q=bicycle$"))
    assert 0 < found(page) < 20


def test_a_search_among_the_projects_keeps_the_filters(page: Page) -> None:
    page.goto("/en/projects/?authority=FLA")
    carried = found(page)
    page.get_by_role("searchbox").fill("school")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".chips li")).to_have_count(3)
    assert 0 < found(page) < carried


def test_the_button_applies_the_filters(page: Page) -> None:
    page.goto("/en/projects/")
    everything = found(page)
    box = filters(page).locator("[data-facet=pillar][data-value='1']")
    promised = int(box.get_attribute("data-count") or "")
    box.click()
    page.get_by_role("button", name="Apply the filters").click()
    assert found(page) == promised < everything
    expect(page.locator("#f-pillar-1")).to_be_checked()


def test_folded_filters_unfold_and_apply(page: Page) -> None:
    page.goto("/en/projects/")
    filters(page).locator("summary", has_text="Component").click()
    box = page.locator("[data-facet=component]").first
    promised = int(box.get_attribute("data-count") or "")
    box.click()
    page.get_by_role("button", name="Apply the filters").click()
    assert found(page) == promised


def test_a_chip_drops_its_filter(page: Page) -> None:
    page.goto("/en/projects/?pillar=1&authority=FLA")
    both = found(page)
    page.locator(".chips a[data-drop=pillar]").click()
    expect(page).to_have_url(re.compile(r"/en/projects/\?authority=FLA$"))
    assert found(page) > both


def test_all_filters_are_cleared_at_once(page: Page) -> None:
    page.goto("/en/projects/?pillar=1&authority=FLA")
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/en/projects/\??$"))
    expect(page.locator(".chips")).to_have_count(0)


def test_the_order_is_chosen_by_a_link_and_reversed_by_it(page: Page) -> None:
    page.goto("/en/projects/?pillar=5")
    page.locator("#sort-title").click()
    upwards = rows(page)
    page.locator("#sort-title").click()
    assert sorted(rows(page)) == sorted(upwards)
    assert rows(page) == upwards[::-1] != upwards


def test_the_pages_of_a_list_follow_each_other(page: Page) -> None:
    page.goto("/en/projects/?sort=code")
    first = rows(page)
    page.get_by_role("link", name="Next", exact=True).click()
    assert not set(first) & set(rows(page))
    page.get_by_role("link", name="Previous", exact=True).click()
    assert rows(page) == first


def test_a_picture_unfolds_into_its_table(page: Page) -> None:
    page.goto("/en/")
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table")).to_be_visible()


def test_the_language_is_changed_by_a_link(page: Page) -> None:
    page.goto("/en/projects/?pillar=1")
    english = rows(page)
    menu = page.locator("details.menu > summary")
    if menu.is_visible():
        menu.click()
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_url(re.compile(r"/fr/[a-z]+/\?pillar=1$"))
    assert rows(page) == english
