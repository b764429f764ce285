"""A second site, to write in: what a test corrects there, no reader of `site` sees."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT, served

NAME = "administrator"
WORD = "correct-horse-battery-staple"


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served site that knows an administrator."""
    folder = tmp_path_factory.mktemp("desk")
    database = f"sqlite:///{folder / 'desk.sqlite3'}"
    with served(database, folder / "log") as url:
        known = {"DJANGO_SUPERUSER_USERNAME": NAME, "DJANGO_SUPERUSER_PASSWORD": WORD}
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email=", "-v", "0"],
            cwd=ROOT,
            env=os.environ | known | {"DATABASE_URL": database},
            check=True,
        )
        yield url


@pytest.fixture
def at_the_desk(new_page: Callable[..., Page]) -> Page:
    """A page of the administrator; the module says that `site` is the desk."""
    page = new_page()
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", WORD)
    page.click("[type=submit]")
    page.wait_for_url("/admin/")
    return page
