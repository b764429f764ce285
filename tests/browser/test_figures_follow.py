"""What is corrected at the desk is what the next reader sees."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

PROJECT = "I-2.09"
MORE = 1_000_000_000


@pytest.fixture(scope="session")
def site(desk: str) -> str:
    return desk


def total(reader: Page) -> int:
    """The total budget that the home page shows."""
    reader.goto("/en/")
    figure = reader.locator(".figures [data-figure=total-budget]")
    return int(figure.get_attribute("value") or "")


def correct(desk: Page, more: int) -> None:
    """Add this much to the budget of a project."""
    desk.goto(f"/admin/projects/project/?q={PROJECT}")
    desk.get_by_role("link", name=PROJECT).click()
    budget = int(desk.input_value("[name=budget]"))
    desk.fill("[name=budget]", str(budget + more))
    desk.check("[name=change_kind][value=correction]")
    desk.fill("[name=change_reason]", "A digit was wrong.")
    desk.click("[name=_save]")
    desk.wait_for_selector(".success")


def test_a_corrected_budget_is_in_the_total_within_a_second(
    at_the_desk: Page, new_page: Callable[..., Page]
) -> None:
    reader = new_page()
    before = total(reader)
    correct(at_the_desk, MORE)
    saved = time.monotonic()
    try:
        while time.monotonic() < saved + 1:
            asked = time.monotonic()
            shown = total(reader)
            if shown != before:
                break
        assert shown == before + MORE
        assert asked < saved + 1
        reader.goto("/en/changes/")
        reader.get_by_text("A digit was wrong.").first.wait_for()
    finally:
        correct(at_the_desk, -MORE)
    time.sleep(1)
    assert total(reader) == before
