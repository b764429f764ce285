"""The first promise stays for ever; each move of the date in force is explained in public."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from milestones import actions
from milestones.models import Change, Milestone, User
from milestones.quarter import Quarter

pytestmark = pytest.mark.django_db
CODE = "x-fla-blue-deal-4"
WHY = {"nl": "De vergunning kwam laat.", "fr": "Le permis est venu tard.",
       "de": "Die Genehmigung kam spät.", "en": "The permit came late."}  # fmt: skip


def milestone(code: str = CODE) -> Milestone:
    return Milestone.objects.select_related("project").get(code=code)


def move(to: Quarter, by: User, **more: Any) -> Milestone:
    return actions.move_due(milestone=milestone(), due=to, reasons=WHY, by=by, **more)


def test_a_move_keeps_the_first_promise_and_the_whole_chain(coordinator: User) -> None:
    first = milestone().baseline_due
    move(Quarter(2025, 1), coordinator)
    move(Quarter(2025, 4), coordinator)
    assert milestone().baseline_due == first
    chain = Change.objects.filter(record=CODE, field="due").order_by("number")
    assert [(line.old, line.new) for line in chain][-2:] == [
        ("2024-Q1", "2025-Q1"), ("2025-Q1", "2025-Q4"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", WHY)
def test_everybody_reads_why_in_their_language(language: str, coordinator: User) -> None:
    move(Quarter(2025, 1), coordinator)
    words = {"nl": "mijlpalen", "fr": "jalons", "de": "meilensteine", "en": "milestones"}
    page = Client().get(f"/{language}/{words[language]}/{CODE}/").content.decode()
    assert WHY[language] in page


@pytest.mark.parametrize("silent", WHY)
def test_a_reason_is_given_in_every_language(silent: str, coordinator: User) -> None:
    reasons = WHY | {silent: " "}
    with pytest.raises(ValidationError) as refused:
        actions.move_due(
            milestone=milestone(), due=Quarter(2025, 1), reasons=reasons, by=coordinator
        )
    assert list(refused.value.message_dict) == [f"reason_{silent}"]
    assert milestone().due == Quarter(2024, 1)


def test_a_coordinator_moves_only_the_dates_of_the_own_authority(coordinator: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.move_due(
            milestone=milestone("157"), due=Quarter(2025, 1), reasons=WHY, by=coordinator
        )


def test_a_server_that_dies_while_it_saves_leaves_the_old_date(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: Any, **_words: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(actions, "append", dies)
    before = LogEntry.objects.count()
    with pytest.raises(SystemExit):
        move(Quarter(2025, 1), coordinator)
    assert milestone().due == Quarter(2024, 1)
    assert LogEntry.objects.count() == before


def test_moved_meanwhile_both_dates_are_shown_and_nothing_is_lost(
    coordinator: User, editor: User, as_person: Callable[[User], Client]
) -> None:
    move(Quarter(2024, 3), editor)
    sent = {f"reason_{code}": text for code, text in WHY.items()}
    sent |= {"due": "2025-Q1", "seen": "2024-Q1", "document": ""}
    browser = as_person(coordinator)
    answer = browser.post(f"/admin/move/{CODE}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Q3 2024" in page.replace("\u00a0", " ")
    assert f">\n{WHY['fr']}</textarea>" in page
    assert milestone().due == Quarter(2024, 3)
    assert browser.post(f"/admin/move/{CODE}/", sent | {"seen": "2024-Q3"}).status_code == 302
    assert milestone().due == Quarter(2025, 1)
