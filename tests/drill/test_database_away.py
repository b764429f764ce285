"""With the database away the site goes on from its last good copies, and comes back by itself."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.conftest import DATABASE_URL, ROOT, fill, fresh_database, running, wait_until


def get(url: str, data: bytes | None = None) -> tuple[int, str, Message]:
    # The port is another each time a site is started; its name in public is the same.
    asked = Request(url, data, {"Host": "localhost"})
    try:
        with urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except HTTPError as refused:
        return refused.code, refused.read().decode(), refused.headers


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database as if its machine were gone: no connection left, and none let in."""
    if DATABASE_URL:
        name = urlsplit(url).path.lstrip("/")
        allow = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        with psycopg.connect(DATABASE_URL, autocommit=True) as owner:
            owner.execute(allow.format(Identifier(name), SQL("false")))
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            try:
                yield
            finally:
                owner.execute(allow.format(Identifier(name), SQL("true")))
        return
    file = Path(url.removeprefix("sqlite:///"))
    elsewhere = file.parent / "elsewhere"
    elsewhere.mkdir()
    parts = list(file.parent.glob(f"{file.name}*"))
    for part in parts:
        shutil.move(part, elsewhere / part.name)
    try:
        yield
    finally:
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        for part in parts:
            shutil.move(elsewhere / part.name, part)
        elsewhere.rmdir()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The plan of Belgium in a database of its own."""
    with fresh_database(tmp_path_factory.mktemp("away"), f"away_{worker_id}") as url:
        fill(url)
        yield url


def test_the_site_goes_on_and_comes_back_by_itself(database: str, tmp_path: Path) -> None:
    with running(database, tmp_path / "log") as site:
        known = get(f"{site}/en/projects/?pillar=1")[1]
        get(f"{site}/en/")
        get(f"{site}/en/projects/")
        with away(database):
            wait_until(lambda: "You see a copy." in get(f"{site}/en/")[1], seconds=30)
            status, page, headers = get(f"{site}/en/projects/?pillar=1")
            assert status == 200
            assert headers["Warning"] == '110 - "Response is Stale"'
            without_notice = re.sub(
                r'<aside class="notice" aria-label="About this copy".*?</aside>\s*', "", page
            )
            assert without_notice == known

            status, page, headers = get(f"{site}/en/milestones/157/")
            assert status == 503
            assert headers["Retry-After"] == "10"
            assert "Not available at the moment" in page

            assert get(f"{site}/healthz")[0] == 200
            assert get(f"{site}/readyz")[0] == 503
            assert get(f"{site}/admin/login/", b"username=a&password=b")[0] in (403, 503)
        wait_until(lambda: "You see a copy." not in get(f"{site}/en/")[1], seconds=60)
        wait_until(lambda: get(f"{site}/readyz")[0] == 200, seconds=60)
        assert get(f"{site}/en/milestones/157/")[0] == 200
        assert get(f"{site}/en/projects/?pillar=1")[1] == known


def test_a_site_that_is_started_meanwhile_has_the_copies_of_the_one_before(
    database: str, tmp_path: Path
) -> None:
    copies = str(tmp_path / "copies")
    with running(database, tmp_path / "log", PAGE_CACHE_DIR=copies) as site:
        assert get(f"{site}/en/plan/")[0] == 200
    with (
        away(database),
        running(database, tmp_path / "log", PAGE_CACHE_DIR=copies) as site,
    ):
        assert "You see a copy." in get(f"{site}/en/plan/")[1]
        assert get(f"{site}/en/")[0] == 503


def test_every_process_shows_a_public_change(database: str, tmp_path: Path) -> None:
    """Two processes answer by turns; a third one writes."""
    with running(database, tmp_path / "log", GRANIAN_WORKERS="2") as site:
        page = f"{site}/en/projects/I-2.09/"
        old = {get(page)[1] for _visit in range(30)}
        change = (
            "from projects.models import Project;"
            "p = Project.objects.get(code='I-2.09'); p.title_en = 'Another title'; p.save()"
        )
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", change],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": database}, check=True,
        )  # fmt: skip
        assert len(old) == 1
        wait_until(lambda: all("Another title" in get(page)[1] for _visit in range(30)), seconds=30)
