"""The admin keeps to the same policy as the public pages: nothing inline, nobody else."""

import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="session")
def site(desk: str) -> str:
    return desk


def test_no_page_of_the_admin_breaks_the_policy(at_the_desk: Page) -> None:
    """The fixture `faults` hears every violation."""
    projects = "/admin/projects/project/"
    for path in (projects, f"{projects}?kind__exact=reform", f"{projects}add/"):
        at_the_desk.goto(path)
    at_the_desk.goto(f"{projects}?q=I-2.09")
    at_the_desk.get_by_role("link", name="I-2.09").click()
    at_the_desk.locator("[name=budget]").wait_for()
    at_the_desk.goto("/admin/milestones/milestone/")
    at_the_desk.goto("/admin/milestones/change/")
