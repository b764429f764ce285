"""A second site, to write in: what a test corrects there, no reader of `site` sees."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT, served

WORD = "correct-horse-battery-staple"
PEOPLE = f"""
from milestones.models import User
from projects.models import Authority
for authority in Authority.objects.all():
    name = f"coordinator-{{authority.code.lower()}}"
    User.objects.create_user(name, "{WORD}", role="coordinator", authority=authority)
for role in ("editor", "auditor", "administrator"):
    User.objects.create_user(role, "{WORD}", role=role)
"""


@contextmanager
def desk_in(folder: Path, **settings: str) -> Iterator[str]:
    """Serve a site that knows people of each role, with these settings; its address."""
    database = f"sqlite:///{folder / 'desk.sqlite3'}"
    with served(database, folder / "log", **settings) as url:
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", PEOPLE],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database},
            check=True,
        )
        yield url


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served site that knows people of each role; a password lets them in."""
    with desk_in(tmp_path_factory.mktemp("desk")) as url:
        yield url


@pytest.fixture
def log_in(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page of somebody: `log_in("coordinator-fla")`; the module says that `site` is the desk."""

    def log_in(name: str, **options: object) -> Page:
        page = new_page(**options)
        page.goto("/admin/login/?next=/admin/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", WORD)
        page.click("[type=submit]")
        page.wait_for_url("/admin/")
        return page

    return log_in


@pytest.fixture
def at_the_desk(log_in: Callable[..., Page]) -> Page:
    """A page of the editor; the module says that `site` is the desk."""
    return log_in("editor")
