"""Whoever reads the log learns what the site did and how long it took, never who asked for it."""

import io
import json
import logging
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from milestones.actions import open_report
from milestones.models import Assessment, Milestone, User
from nextgen import logs
from nextgen.desk import mail
from projects.models import Authority

NAME, ADDRESS, PASSWORD = "jan.janssens", "203.0.113.77", "a-guess-at-a-password"
SEARCHED, AGENT, MAIL = "antidisestablishment", "Netscape/9.9", "jan@janssens.example"
PERSONAL = [NAME, ADDRESS, PASSWORD, SEARCHED, AGENT, MAIL, "sessionid", "Janssens"]
FORMATS: list[logging.Formatter] = [logs.JsonLines(), logs.Text("{levelname} {message}", style="{")]


@pytest.fixture(params=FORMATS, ids=["json", "text"])
def logged(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """All that is logged meanwhile, as the site would write it at the level DEBUG."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(request.param)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def json_lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the site says of requests at the level INFO, read as a machine would."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    log = logging.getLogger("nextgen.requests")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, headers={"User-Agent": AGENT}, REMOTE_ADDR=ADDRESS)


@pytest.mark.django_db
def test_a_drive_through_the_site_leaves_nobody_in_the_log(
    visitor: Client, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/en/", f"/en/projects/?q={SEARCHED}", f"/api/v1/projects?q={SEARCHED}"):
        assert visitor.get(path).status_code == 200
    assert visitor.get(f"/en/none/?q={SEARCHED}").status_code == 404

    for _attempt in range(6):
        credentials = {"username": NAME, "password": PASSWORD}
        refused = visitor.post("/admin/login/", credentials)
    assert refused.status_code == 429

    def broken(*_pages: str) -> None:
        raise ValueError(f"nobody is called {NAME!r} or {MAIL}")

    with monkeypatch.context() as patch:
        patch.setattr("nextgen.pages.about.Text.objects.of", broken)
        assert visitor.get(f"/en/privacy/?q={SEARCHED}").status_code == 500

    editor = User.objects.create_user("the-editor", role="editor")
    draft = open_report(month="2024-06", closes_on=None, by=editor)
    federal = Authority.objects.get(code="FED")
    somebody = User.objects.create_user(
        NAME, role="coordinator", authority=federal, full_name="Jan Janssens", email=MAIL
    )
    visitor.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    row = Milestone.objects.get(code="157").pk
    said = {"status": "on-track", "quarter": "2025-Q1", "note_en": f"Ask {NAME}.", "seen": "0"}
    sent = {"row": [row], **{f"m{row}-{name}": value for name, value in said.items()}}
    assert visitor.post("/admin/assess/", sent).status_code == 302
    assert Assessment.objects.get(report=draft).note_en == f"Ask {NAME}."
    assert visitor.get(f"/admin/milestones/user/{somebody.pk}/history/").status_code == 403
    assert visitor.post("/admin/logout/").status_code == 200

    told = logged()
    assert "ValueError" in told
    assert "about.py" in told
    assert "Locking out" in told
    assert {word: told.count(word) for word in PERSONAL if word in told} == {}


@pytest.mark.django_db
def test_an_e_mail_that_fails_is_logged_without_whom_it_was_for(
    logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: Any, _letters: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({MAIL: (550, f"{MAIL}: unknown".encode())})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refused)
    editor = User.objects.create_user("the-editor", role="editor", email=MAIL)
    mail.published(open_report(month="2024-06", closes_on=None, by=editor))
    assert "An e-mail about 2024-06 was not sent: SMTPRecipientsRefused" in logged()
    assert MAIL not in logged()


def test_an_error_keeps_its_path_and_loses_what_was_typed(logged: Callable[[], str]) -> None:
    try:
        try:
            int(NAME)
        except ValueError as error:
            told = f"duplicate key\nDETAIL:  Key (username)=({NAME}) already exists."
            raise IntegrityError(told) from error
    except IntegrityError:
        logging.getLogger("nextgen").exception("It broke")
    told = logged()
    assert NAME not in told
    assert "ValueError: invalid literal for int() with base 10: …" in told
    assert "django.db.utils.IntegrityError: duplicate key" in told
    assert "int(NAME)" in told


@pytest.mark.django_db
def test_a_request_is_one_json_line_with_its_route_and_its_time(
    client: Client, json_lines: Callable[[], list[dict[str, Any]]]
) -> None:
    client.get("/nl/projecten/I-2.09/")
    client.get("/healthz")
    client.get("/no-such-page")
    page, missing = json_lines()
    assert page["route"] == "project"
    assert (page["method"], page["status"]) == ("GET", 200)
    assert page["queries"] > 5
    assert page["ms"] >= page["database_ms"] >= 0
    assert page["time"].endswith("Z")
    assert page["logger"] == "nextgen.requests"
    assert (missing["route"], missing["status"]) == ("unmatched", 404)


@pytest.mark.django_db
def test_a_page_that_takes_too_long_is_a_warning(
    client: Client, json_lines: Callable[[], list[dict[str, Any]]], settings: Any
) -> None:
    client.get("/en/privacy/")
    settings.SLOW_PAGE_MS = -1
    client.get("/en/privacy/")
    quick, slow = json_lines()
    assert quick["level"] == "INFO"
    assert slow["level"] == "WARNING"
    assert slow["message"].startswith("Slow: GET privacy: 200 in ")
    assert slow["queries"] == quick["queries"]
