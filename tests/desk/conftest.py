"""People of each role, and a draft report to work in."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from milestones.actions import open_report
from milestones.models import ProgressReport, User
from projects.models import Authority

WORD = "correct-horse-battery-staple"
DRAFT = "2024-06"
Login = Callable[..., Client]


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make somebody: `person("coordinator", "FLA")`, `person("editor")`."""

    def person(role: str, authority: str = "", name: str = "") -> User:
        works_for = Authority.objects.get(code=authority) if authority else None
        return User.objects.create_user(
            name or f"{role}-{authority}".strip("-").lower(), WORD, role=role, authority=works_for
        )

    return person


@pytest.fixture
def editor(person: Callable[..., User]) -> User:
    return person("editor")


@pytest.fixture
def coordinator(person: Callable[..., User]) -> User:
    """Somebody who reports for Flanders."""
    return person("coordinator", "FLA")


@pytest.fixture
def draft(editor: User) -> ProgressReport:
    """The report of June 2024, open for twelve more days."""
    closes: date = localdate() + timedelta(days=12)
    return open_report(month=DRAFT, closes_on=closes, by=editor)


@pytest.fixture
def as_person(db: None) -> Callable[[User], Client]:
    """A browser in which this person has logged in."""

    def as_person(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_person


@pytest.fixture(autouse=True)
def no_brochures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What publishing makes takes seconds; tests/test_brochure.py looks at it."""
    monkeypatch.setattr("nextgen.desk.reports.make_missing", lambda _edition, **_options: [])
