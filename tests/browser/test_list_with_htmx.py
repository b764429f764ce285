"""With JavaScript a list follows each choice, and the rest of the page stays where it is."""

import re

import pytest
from playwright.sync_api import Page, expect

# What comes and goes outside the results, by its id.
WATCH = """() => {
    window.header = document.querySelector("header");
    window.touched = new Set();
    const blank = node => node.nodeType === Node.TEXT_NODE && !node.data.trim();
    new MutationObserver(changes => {
        for (const { addedNodes, removedNodes, target } of changes) {
            if (target.closest?.("#results")) continue;
            for (const node of [...addedNodes, ...removedNodes]) {
                if (!blank(node)) window.touched.add(node.id || target.id || node.nodeName);
            }
        }
    }).observe(document.body, { childList: true, subtree: true });
}"""
KEPT = "() => window.header === document.querySelector('header')"
STORED = """async () => [
    localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length, document.cookie.length]"""


@pytest.fixture
def projects(page: Page) -> Page:
    """The list of projects, watched; whatever is done there, nothing is left in the browser."""
    page.goto("/en/projects/")
    page.evaluate(WATCH)
    return page


@pytest.fixture(autouse=True)
def nothing_is_kept(page: Page) -> object:
    yield
    assert page.evaluate(STORED) == [0, 0, 0, 0, 0]
    assert page.context.cookies() == []


def found(page: Page) -> int:
    return int(page.locator("[data-results]").get_attribute("value") or "")


def rows(page: Page) -> list[str]:
    return page.eval_on_selector_all("[data-project]", "all => all.map(r => r.dataset.project)")


def shown_at(page: Page, query: str) -> None:
    """The address has come to this query."""
    expect(page).to_have_url(re.compile(rf"/en/projects/{re.escape(query)}$"))


def test_a_choice_swaps_the_results_and_the_counts_alone(projects: Page) -> None:
    before = found(projects)
    label = projects.locator("[data-facet=pillar][data-value='1']")
    promised = int(label.get_attribute("data-count") or "")
    kinds = projects.locator("#n-kind-reform").inner_text()
    projects.check("#f-pillar-1")
    shown_at(projects, "?pillar=1")
    assert found(projects) == promised < before
    expect(projects.locator("#n-kind-reform")).not_to_have_text(kinds)
    assert projects.evaluate(KEPT)
    touched = set(projects.evaluate("() => [...window.touched]"))
    others = {name for name in touched if not name.startswith("n-")}
    assert others <= {"results", "sort", "announcement", "chosen"}


def test_the_counts_are_those_of_the_page_loaded_anew(projects: Page) -> None:
    counts = "all => all.map(n => n.id + n.textContent)"
    projects.check("#f-pillar-2")
    shown_at(projects, "?pillar=2")
    projects.check("#f-authority-FLA")
    shown_at(projects, "?pillar=2&authority=FLA")
    followed = projects.eval_on_selector_all(".facets .n", counts)
    names = projects.locator(".filters > summary").inner_text()
    projects.reload()
    assert projects.eval_on_selector_all(".facets .n", counts) == followed
    assert projects.locator(".filters > summary").inner_text() == names


def test_the_address_says_what_is_shown_in_one_normal_form(projects: Page) -> None:
    projects.check("#f-authority-FLA")
    shown_at(projects, "?authority=FLA")
    projects.check("#f-pillar-1")
    shown_at(projects, "?pillar=1&authority=FLA")
    projects.select_option("#report", "2022-10")
    shown_at(projects, "?pillar=1&authority=FLA&report=2022-10")
    followed = rows(projects)
    projects.reload()
    assert rows(projects) == followed


def test_the_focus_stays_on_the_box(projects: Page) -> None:
    projects.focus("#f-kind-reform")
    projects.keyboard.press("Space")
    shown_at(projects, "?kind=reform")
    expect(projects.locator("#f-kind-reform")).to_be_focused()
    projects.keyboard.press("Space")
    shown_at(projects, "")
    expect(projects.locator("#f-kind-reform")).to_be_focused()


def test_the_count_is_announced(projects: Page) -> None:
    region = projects.get_by_role("status")
    expect(region).to_be_empty()
    projects.check("#f-kind-reform")
    expect(region).to_have_text(re.compile(r"^\d+ projects found$"))
    assert region.inner_text().startswith(str(found(projects)))
    projects.check("#f-pillar-4")
    expect(region).to_have_text(re.compile(r"^\d+ projects? found$"))


def test_a_chip_drops_its_filter_and_unchecks_its_box(page: Page) -> None:
    page.goto("/en/projects/?pillar=1&authority=FLA&budget_min=1000000")
    page.evaluate(WATCH)
    page.locator(".chips a[data-drop=pillar]").click()
    shown_at(page, "?authority=FLA&budget_min=1000000")
    expect(page.locator("#f-pillar-1")).not_to_be_checked()
    expect(page.locator("#f-authority-FLA")).to_be_checked()
    page.locator(".chips a[data-drop=budget_min]").click()
    shown_at(page, "?authority=FLA")
    expect(page.locator("#budget_min")).to_have_value("")
    assert page.evaluate(KEPT)


def test_back_and_forward_restore_the_list_and_the_form(projects: Page) -> None:
    states = [(rows(projects), found(projects))]
    for box, query in (("#f-pillar-1", "?pillar=1"), ("#f-kind-reform", "?pillar=1&kind=reform")):
        projects.check(box)
        shown_at(projects, query)
        states.append((rows(projects), found(projects)))
    form = projects.locator(".facets input:checked")
    for step, query, boxes in (
        (projects.go_back, "?pillar=1", 1),
        (projects.go_back, "", 0),
        (projects.go_forward, "?pillar=1", 1),
        (projects.go_forward, "?pillar=1&kind=reform", 2),
    ):
        step()
        shown_at(projects, query)
        expect(form).to_have_count(boxes)
        assert (rows(projects), found(projects)) == states[boxes]


def test_after_going_back_a_choice_asks_once(projects: Page) -> None:
    projects.check("#f-pillar-1")
    shown_at(projects, "?pillar=1")
    projects.go_back()
    shown_at(projects, "")
    expect(projects.locator(".facets input:checked")).to_have_count(0)
    asked: list[str] = []
    projects.on("request", lambda r: asked.append(r.url) if r.resource_type == "xhr" else None)
    projects.check("#f-kind-reform")
    shown_at(projects, "?kind=reform")
    projects.locator(".chips a[data-drop=kind]").click()
    shown_at(projects, "")
    assert len(asked) == 2, asked


def test_a_page_left_and_come_back_to_shows_what_its_address_says(projects: Page) -> None:
    projects.check("#f-pillar-1")
    shown_at(projects, "?pillar=1")
    chosen = rows(projects)
    projects.locator(".row a").first.click()
    expect(projects).to_have_url(re.compile(r"/en/projects/[^/?]+/$"))
    projects.go_back()
    shown_at(projects, "?pillar=1")
    expect(projects.locator("#f-pillar-1")).to_be_checked()
    expect(projects.locator("[data-project]").first).to_have_attribute("data-project", chosen[0])
    assert rows(projects) == chosen


def test_typing_searches(projects: Page) -> None:
    before = found(projects)
    projects.locator("#q").press_sequentially("bicycle", delay=20)
    shown_at(projects, "?q=bicycle")
    assert 0 < found(projects) < before
    expect(projects.locator("#q")).to_be_focused()
    expect(projects.locator("#q")).to_have_value("bicycle")
    assert projects.evaluate(KEPT)


def test_the_order_and_the_pages_follow_without_a_new_page(projects: Page) -> None:
    projects.locator("#sort-title").click()
    shown_at(projects, "?sort=title")
    upwards = rows(projects)
    projects.locator("#page-next").click()
    shown_at(projects, "?sort=title&page=2")
    assert not set(upwards) & set(rows(projects))
    projects.locator("#page-1").click()
    shown_at(projects, "?sort=title")
    assert rows(projects) == upwards
    projects.locator("#sort-title").click()
    shown_at(projects, "?sort=-title")
    assert rows(projects) != upwards
    assert projects.evaluate(KEPT)


def test_a_choice_keeps_the_order_and_returns_to_the_first_page(page: Page) -> None:
    page.goto("/en/projects/?sort=title&page=2")
    page.check("#f-kind-investment")
    shown_at(page, "?kind=investment&sort=title")


def test_the_language_links_follow_the_list(projects: Page) -> None:
    projects.check("#f-pillar-1")
    shown_at(projects, "?pillar=1")
    chosen = rows(projects)
    projects.get_by_role("link", name="Français").click()
    expect(projects).to_have_url(re.compile(r"/fr/[a-z]+/\?pillar=1$"))
    assert rows(projects) == chosen


def test_the_list_of_milestones_does_the_same(page: Page) -> None:
    page.goto("/en/milestones/")
    page.evaluate(WATCH)
    page.check("#f-status-delayed")
    expect(page).to_have_url(re.compile(r"/en/milestones/\?status=delayed$"))
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ milestones found$"))
    page.locator(".chips a[data-drop=status]").click()
    expect(page).to_have_url(re.compile(r"/en/milestones/$"))
    expect(page.locator("#f-status-delayed")).not_to_be_checked()
    assert page.evaluate(KEPT)
