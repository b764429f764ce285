"""E-mails tell when a report opens, ten days before it closes, and when it is published."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils.timezone import localdate

from milestones import actions
from milestones.models import Milestone, ProgressReport, User
from milestones.preview import state_of
from nextgen.desk.mail import remind

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]


class Broken(BaseEmailBackend):
    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


@pytest.fixture
def reader(coordinator: User) -> User:
    coordinator.email, coordinator.language = "reader@example.org", "nl"
    coordinator.save()
    return coordinator


def opening(month: str = "2024-06") -> dict[str, str]:
    return {"month": month, "closes_on": str(localdate() + timedelta(days=30))}


def test_coordinators_hear_that_a_report_is_open_in_their_language(
    reader: User, editor: User, as_person: AsPerson
) -> None:
    as_person(editor).post("/admin/report/", opening())
    (letter,) = mail.outbox
    assert letter.to == ["reader@example.org"]
    assert "juni" in letter.subject
    assert "/admin/" in letter.body


def test_who_wants_no_mail_gets_none(reader: User, editor: User, as_person: AsPerson) -> None:
    form = {"full_name": "", "email": reader.email, "language": "nl"}
    as_person(reader).post("/admin/you/", form)
    as_person(editor).post("/admin/report/", opening())
    assert mail.outbox == []


@pytest.mark.parametrize(("days", "letters"), [(31, 0), (11, 0), (10, 1), (3, 1), (-1, 0)])
def test_ten_days_before_it_closes_they_are_reminded_once(
    days: int, letters: int, reader: User, draft: ProgressReport
) -> None:
    draft.closes_on = localdate() + timedelta(days=days)
    draft.save()
    assert remind() == letters
    assert remind() == 0
    assert len(mail.outbox) == letters


def test_a_publication_is_told_with_its_address(
    reader: User, editor: User, draft: ProgressReport, as_person: AsPerson
) -> None:
    actions.sign_unchanged(
        milestones=Milestone.objects.in_plan(draft).select_related("project"),
        report=draft,
        by=editor,
    )
    as_person(editor).post("/admin/report/2024-06/", {"seen": state_of(draft)})
    (letter,) = mail.outbox
    assert "/nl/voortgang/2024-06/" in letter.body


def test_nothing_depends_on_a_mail_that_fails(
    reader: User, editor: User, as_person: AsPerson, settings: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Broken"}}
    assert as_person(editor).post("/admin/report/", opening()).status_code == 302
    assert ProgressReport.objects.filter(month="2024-06").exists()
