"""The machine's clock was wrong for a while: nothing wrong is shown, and nobody stays locked out.

What was written while it ran a year ahead stands a year ahead of what is written now.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import mail as post
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from milestones import actions, log
from milestones import second_factor as factor
from milestones.models import Change, Edition, Milestone, ProgressReport, User
from nextgen.desk import mail
from nextgen.publishing import pack
from tests.desk.test_door import code, log_in

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
Ahead = Callable[[timedelta], None]


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Sets the clock: `ahead(YEAR)`, and right again: `ahead(timedelta())`."""
    right = timezone.now

    def ahead(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + by)

    return ahead


@pytest.mark.parametrize("wrong", [YEAR, timedelta(days=1), -YEAR])
def test_what_changes_after_a_report_counts_as_later(
    ahead: Ahead, draft: ProgressReport, editor: User, client: Client, wrong: timedelta
) -> None:
    signed = Milestone.objects.in_plan(draft).select_related("project")
    actions.sign_unchanged(milestones=signed, report=draft, by=editor)
    ahead(wrong)
    edition = actions.publish(report=draft, by=editor, pack=pack)
    ahead(timedelta())
    line = log.Line("project", "x-5g", "budget", "1", "2")
    (later,) = log.append([line], kind="correction", reason="Misread.", role="editor")
    assert list(Change.objects.counted_since(edition)) == [later]
    assert Change.objects.first() == later
    assert ProgressReport.objects.current() == draft
    numbers = [each.number for each in client.get("/en/changes/").context["page"]]
    assert numbers == sorted(numbers, reverse=True)


def test_a_report_that_a_package_brought_knows_its_later_changes_by_their_day() -> None:
    edition = Edition.objects.get(report__month="2023-12")
    line = log.Line("project", "x-5g", "budget", "1", "2")
    (later,) = log.append([line], kind="correction", reason="Misread.", role="editor")
    assert list(Change.objects.counted_since(edition)) == [later]


def test_a_lock_out_ends_when_it_should_though_the_clock_went_back(
    client: Client, editor: User
) -> None:
    for _try in range(5):
        answer = log_in(client, editor.username, "wrong")
    assert answer.status_code == 429
    assert log_in(client, editor.username).status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") + YEAR)
    assert log_in(client, editor.username).status_code == 302


def test_a_second_factor_works_though_the_clock_went_back(editor: User) -> None:
    app = factor.app_of(editor)
    factor.confirm(app)
    app.last_t += 10**9
    app.throttle_increment(commit=False)
    app.throttling_failure_timestamp += YEAR
    app.save()
    word = code(app.bin_key)
    assert factor.check(editor, word, app) == app
    with pytest.raises(factor.ValidationError):
        factor.check(editor, word, app)
    assert TOTPDevice.objects.get(pk=app.pk).throttling_failure_count == 1


def test_coordinators_are_reminded_once_though_the_clock_ran_ahead(
    ahead: Ahead, draft: ProgressReport, person: Callable[..., User]
) -> None:
    someone = person("coordinator", "FLA")
    User.objects.filter(pk=someone.pk).update(email="someone@example.org")
    draft.closes_on = timezone.localdate() + timedelta(days=9)
    draft.save()
    ahead(YEAR)
    assert mail.remind() == 0
    ahead(timedelta())
    assert (mail.remind(), mail.remind()) == (1, 0)
    ahead(-timedelta(days=1))
    assert mail.remind() == 0
    letters: list[Any] = getattr(post, "outbox")  # noqa: B009 - the tests' own
    assert len(letters) == 1
