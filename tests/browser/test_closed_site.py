"""A closed site shuts nobody out either: axe objects to nothing, by day, by night, on a phone."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessible import by_day_and_by_night
from tests.conftest import ROOT, served

CLOSE = "from projects.models import Plan; Plan.objects.update(state='closed')"
PAGES = [
    "/en/", "/de/plan/", "/nl/pijlers/mobility/", "/fr/projets/", "/de/meilensteine/?status=done",
    "/en/projects/I-2.09/", "/fr/jalons/157/", "/nl/cijfers/", "/en/figures/milestones-fulfilled/",
    "/en/figures/milestones-on-track/", "/de/fortschritt/", "/nl/grafieken/",
    "/fr/integrer/outcomes-by-pillar/",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own whose plan is closed."""
    folder = tmp_path_factory.mktemp("closed")
    database = f"sqlite:///{folder / 'closed.sqlite3'}"
    with served(database, folder / "log") as url:
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", CLOSE]
        environment = os.environ | {"DATABASE_URL": database}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        yield url


@pytest.mark.parametrize("address", PAGES)
def test_axe_objects_to_nothing_on_a_closed_site(page: Page, address: str) -> None:
    page.goto(address)
    objections = by_day_and_by_night(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it reflows"
    assert not objections, "\n".join(objections)


def test_a_closed_list_is_filtered_by_outcome_as_it_is_seen(page: Page) -> None:
    page.goto("/en/milestones/")
    page.locator("#f-outcome-not-fulfilled").check()
    page.wait_for_url("**/milestones/?outcome=not-fulfilled")
    expect(page.locator("[data-milestone]")).to_have_count(1)
    expect(page.locator('[data-milestone] [data-outcome="not-fulfilled"]')).to_be_visible()
