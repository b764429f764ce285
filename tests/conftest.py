"""What the tests run on: a database that holds the plan of Belgium, and the site served from one.

Unit tests share one imported database a worker and roll back. Browser tests ask for `page`: the
site as in production, behind granian, with a database of its own.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import django
import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
OURS = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "SECURITY_CONTACT",
    "PRESS_CONTACT",
    "HTTPS",
    "TRUST_PROXY",
)

# The settings of this machine are not those of the tests.
for name in OURS:
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "nextgen.settings",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "a-key-for-the-tests-and-for-nothing-else-whatsoever",
    "DATABASE_URL": DATABASE_URL or "sqlite://:memory:",
    "LOG_LEVEL": "WARNING",
    # Tests of the second factor switch it on.
    "SECOND_FACTOR": "0",
    # Playwright keeps an event loop running in the thread of the tests.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("steady")


# A hash that is slow on purpose would slow down every test that makes a person.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Here, not when pytest is configured: the conftests of folders that it is given import models.
django.setup()

from milestones import kept  # noqa: E402 - needs Django set up


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect static files and compile catalogues where something changed; once, not a worker."""
    if not hasattr(session.config, "workerinput"):
        catalogues = [str(po.with_suffix(".mo").relative_to(ROOT)) for po in _catalogues()]
        without_make = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        command = ["make", "--silent", ".setup/static", *catalogues]
        subprocess.run(command, cwd=ROOT, env=without_make, check=True)


def _catalogues() -> list[Path]:
    return sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        database = item.get_closest_marker("django_db")
        if database and database.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: transaction=True would flush the plan that all tests share."
            )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: what is true of the file in production is true here."""
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        default.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The plan of Belgium, imported once; every test rolls back to it."""
    with django_db_blocker.unblock():
        if "test" not in Path(connection.settings_dict["NAME"]).name:
            raise pytest.UsageError("The test database is not there: mark a test with django_db.")
        call_command("import_plan", "fixtures/belgium", verbosity=0)


@pytest.fixture(autouse=True)
def history_goes_back() -> None:
    """A test rolls back, its history too: what was known of the plan by it is known no more."""
    cache.delete("whole-plan")


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A test begins in the language of the messages, whatever a page before it was read in."""
    translation.deactivate()


@contextmanager
def served(database_url: str, log: Path, **settings: str) -> Iterator[str]:
    """Serve a fresh database at this address: the plan of Belgium is put into it first."""
    fill(database_url, **settings)
    with running(database_url, log, **settings) as url:
        yield url


def fill(database_url: str, **settings: str) -> None:
    """Tables and the plan of Belgium for the database at this address."""
    environment = os.environ | {"DATABASE_URL": database_url} | settings
    for command in (["migrate", "--noinput"], ["import_plan", "fixtures/belgium"]):
        manage = [sys.executable, "manage.py", *command, "-v", "0"]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True)


@contextmanager
def running(database_url: str, log: Path, **settings: str) -> Iterator[str]:
    """Serve the database at this address behind granian, on a free port of this machine."""
    environment = os.environ | {"DATABASE_URL": database_url} | settings
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    options = ["--port", str(port), "--blocking-threads", "16", "nextgen.wsgi:application"]
    with log.open("w") as out:
        server = subprocess.Popen(
            [*granian, *options], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: server.poll() is not None or answers(f"{url}/healthz"), seconds=60)
        if server.poll() is not None:
            raise RuntimeError(f"The site did not start:\n{log.read_text()}")
        yield url
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def fresh_database(folder: Path, name: str) -> Iterator[str]:
    """The address of a database of its own: a file in the folder, or one on the tests' server."""
    if not DATABASE_URL:
        yield f"sqlite:///{folder / f'{name}.sqlite3'}"
        return
    database = Identifier(name := f"{name}_{os.getpid()}")
    with psycopg.connect(DATABASE_URL, autocommit=True) as owner:
        owner.execute(SQL("CREATE DATABASE {}").format(database))
    try:
        yield urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(DATABASE_URL, autocommit=True) as owner:
            owner.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of the served site, with the plan of Belgium in a database of its own."""
    folder = tmp_path_factory.mktemp("site")
    with (
        fresh_database(folder, f"site_{worker_id}") as database,
        served(database, folder / "log") as url,
    ):
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.fail("chromium is missing: run the tests by `make test`.")
    quiet = ["background-networking", "component-update", "sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", *(f"--disable-{what}" for what in quiet)],
        )
        yield browser
        browser.close()


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What pages did that none may do; any left at the end fails the test.

    Errors on the console (violations of the policy among them), errors thrown, requests to other
    origins. `@pytest.mark.faults("404")` lets those pass that match.
    """
    found: list[str] = []
    yield found
    allowed = [mark.args[0] for mark in request.node.iter_markers("faults")]
    left = [fault for fault in found if not any(re.search(p, fault) for p in allowed)]
    assert not left, "\n".join(["the pages were not clean:", *left])


@pytest.fixture
def new_page(browser: Browser, site: str, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a watched page in a fresh context: `new_page(color_scheme="dark", viewport=…)`."""
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        def heard(kind: str, text: str) -> None:
            faults.append(f"{page.url}: {kind}: {text}")

        page.on("console", lambda m: heard("console", m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: heard("thrown", str(error)))

    def new_page(**options: Any) -> Page:
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        context.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((f"{site}/", "data:", "blob:"))
                else faults.append(f"another origin: {request.url}")
            ),
        )
        context.on("page", watch)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A watched page: `page.goto("/en/")`."""
    return new_page()


@pytest.fixture
def as_visitors_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within no transaction, as no test is, so that things are kept; none is from other tests."""
    kept._kept.clear()
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))
    yield
    kept._kept.clear()
