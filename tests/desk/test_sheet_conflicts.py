"""Nobody's words are lost by a file, and what is confirmed is written whole or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from milestones import actions
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.sheet import applying
from milestones.sheet.rows import rows
from nextgen.desk.sheet import SALT
from tests.desk.sheets import back, confirm, faults, fill, said, steps, table, taken

pytestmark = pytest.mark.django_db
LATE = {"status": "delayed", "expected": "2025-Q1"}
DONE = {"status": "done", "done_quarter": "2024-Q2"}


@pytest.fixture
def client(as_person: Callable[[User], Client], coordinator: User) -> Client:
    return as_person(coordinator)


@pytest.fixture
def some(draft: ProgressReport, coordinator: User) -> list[Milestone]:
    return [row.milestone for row in rows(draft, coordinator) if row.before]


@pytest.fixture
def say(draft: ProgressReport, person: Callable[..., User]) -> Callable[..., Assessment]:
    """A colleague says something of a milestone at the desk."""
    colleague = person("coordinator", "FLA", "Colleague")

    def say(milestone: Milestone, **words: Any) -> Assessment:
        return actions.assess(milestone=milestone, report=draft, words=words, by=colleague)

    return say


def test_what_a_colleague_said_meanwhile_is_shown_beside_mine_with_who_and_when(
    client: Client, some: list[Milestone], say: Callable[..., Assessment]
) -> None:
    say(some[0], **LATE)
    data = fill(taken(client), {some[0].code: {"note_en": "Mine"}})
    say(some[0], note_en="Theirs", status="on-track", expected="2025-Q2")
    shown = back(client, data)
    assert steps(shown) == {some[0].code: [("Note (en)", "Theirs", "Mine")]}
    [proposal] = shown.context["preview"].proposals
    edits = {edit.field: (edit.old, edit.new) for edit in proposal.edits}
    assert edits["Note (en)"] == ("", "Theirs")
    assert edits["Status"] == ("delayed", "on track")
    page = shown.content.decode()
    assert "Colleague" in page.replace("colleague", "Colleague")
    assert f'name="mine" value="{some[0].code}"' in page


def test_a_row_that_a_colleague_changed_stays_unless_mine_is_taken(
    client: Client, some: list[Milestone], say: Callable[..., Assessment], draft: ProgressReport
) -> None:
    data = fill(taken(client), {some[0].code: DONE, some[1].code: DONE, some[2].code: DONE})
    for milestone in some[:2]:
        say(milestone, **LATE)
    confirm(client, back(client, data), some[1].code)
    found = [said(draft, milestone.code) for milestone in some[:3]]
    assert [each.status for each in found if each] == ["delayed", "done", "done"]


def test_rows_that_only_a_colleague_changed_ask_nothing(
    client: Client, some: list[Milestone], say: Callable[..., Assessment], draft: ProgressReport
) -> None:
    say(some[0], **LATE)
    data = taken(client)
    say(some[0], note_en="Theirs", achieved_value=None)
    say(some[1], **DONE)
    shown = back(client, data)
    assert (steps(shown), faults(shown)) == ({}, [])


def test_taking_mine_does_not_take_back_what_i_never_touched(
    client: Client, some: list[Milestone], say: Callable[..., Assessment], draft: ProgressReport
) -> None:
    say(some[0], **LATE)
    data = fill(taken(client), {some[0].code: {"note_en": "Mine"}})
    say(some[0], expected="2026-Q1", evidence="https://example.org/theirs")
    confirm(client, back(client, data), some[0].code)
    new = said(draft, some[0].code)
    assert new
    assert (new.note_en, str(new.expected), new.evidence) == (
        "Mine", "2026-Q1", "https://example.org/theirs",
    )  # fmt: skip


def test_a_file_without_marks_overwrites_nothing_unasked(
    client: Client, some: list[Milestone], say: Callable[..., Assessment], draft: ProgressReport
) -> None:
    say(some[0], **LATE)
    shown = back(client, table({"code": some[0].code, **DONE}))
    confirm(client, shown)
    old = said(draft, some[0].code)
    assert old
    assert old.status == "delayed"


@pytest.mark.parametrize("meanwhile", ["in the file", "assessed first", "signed first"])
def test_a_change_between_preview_and_confirmation_is_noticed(
    meanwhile: str, client: Client, some: list[Milestone], say: Callable[..., Assessment],
    draft: ProgressReport, coordinator: User,
) -> None:  # fmt: skip
    cells: dict[str, Any] = {some[0].code: {"unchanged": "yes"}, some[1].code: DONE}
    if meanwhile == "in the file":
        say(some[1], **LATE)
    shown = back(client, fill(taken(client), cells))
    if meanwhile == "signed first":
        actions.sign_unchanged(milestones=[some[0]], report=draft, by=coordinator)
    else:
        say(some[1], **LATE, note_en="Theirs")
    answer = confirm(client, shown)
    assert answer.status_code == 409
    assert "look again" in answer.content.decode()
    if meanwhile == "signed first":
        assert said(draft, some[1].code) is None
    else:
        assert said(draft, some[0].code) is None
        assert answer.context["preview"].proposals[1].edits
        again = confirm(client, answer, some[1].code)
        assert again.status_code == 302
        new = said(draft, some[1].code)
        assert new
        assert (new.status, new.note_en) == ("done", "Theirs")


def test_all_rows_are_written_or_none(
    client: Client, some: list[Milestone], draft: ProgressReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = back(client, fill(taken(client), {each.code: DONE for each in some[:3]}))
    whole, calls = actions.assess, []

    def broken(**words: Any) -> Assessment:
        calls.append(words)
        if len(calls) == 3:
            raise ValidationError("The third is refused.")
        return whole(**words)

    monkeypatch.setattr(applying.actions, "assess", broken)
    answer = confirm(client, shown)
    assert answer.status_code == 302
    assert len(calls) == 3
    assert not Assessment.objects.filter(report=draft).exists()
    assert "The third is refused." in client.get(reverse("admin:sheet")).content.decode()


def test_a_preview_is_confirmed_once(
    client: Client, some: list[Milestone], draft: ProgressReport
) -> None:
    shown = back(client, fill(taken(client), {some[0].code: DONE}))
    assert confirm(client, shown).status_code == 302
    assert confirm(client, shown).status_code == 409
    assert Assessment.objects.filter(report=draft).count() == 1


def test_a_preview_of_somebody_else_confirms_nothing(
    client: Client, some: list[Milestone], as_person: Callable[[User], Client], editor: User,
    draft: ProgressReport,
) -> None:  # fmt: skip
    shown = back(client, fill(taken(client), {some[0].code: DONE}))
    other = as_person(editor)
    assert confirm(other, shown).headers["Location"] == reverse("admin:sheet")
    assert "not yours" in other.get(reverse("admin:sheet")).content.decode()
    assert not Assessment.objects.filter(report=draft).exists()


@pytest.mark.parametrize("payload", ["", "x", "x:y:z", "\0", "é" * 50])
def test_a_preview_that_nobody_signed_confirms_nothing(
    payload: str, client: Client, draft: ProgressReport
) -> None:
    answer = client.post(reverse("admin:sheet"), {"confirmed": payload})
    assert answer.headers["Location"] == reverse("admin:sheet")


def test_a_changed_preview_confirms_nothing(
    client: Client, some: list[Milestone], draft: ProgressReport
) -> None:
    packed = back(client, fill(taken(client), {some[0].code: DONE})).context["packed"]
    content, rest = packed.split(":", 1)
    forged = f"{content[:-1]}{'A' if content[-1] != 'A' else 'B'}:{rest}"
    client.post(reverse("admin:sheet"), {"confirmed": forged})
    assert not Assessment.objects.filter(report=draft).exists()


def test_a_preview_is_good_for_an_hour(
    client: Client, some: list[Milestone], draft: ProgressReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = back(client, fill(taken(client), {some[0].code: DONE}))
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3_700)
    assert confirm(client, shown).headers["Location"] == reverse("admin:sheet")
    assert not Assessment.objects.filter(report=draft).exists()


def test_even_a_signed_confirmation_writes_no_foreign_milestone(
    client: Client, coordinator: User, draft: ProgressReport
) -> None:
    foreign = Milestone.objects.in_plan(draft).exclude(project__lead__code="FLA").first()
    assert foreign
    line = {"number": 2, "code": foreign.code, "mark": 0, "unchanged": False, "words": DONE}
    content = [coordinator.pk, draft.month, "any", {"code": ["A", "Code"]}, [line]]
    packed = signing.dumps(content, salt=SALT, compress=True)
    answer = client.post(reverse("admin:sheet"), {"confirmed": packed})
    assert answer.status_code == 409
    assert "no milestone that you assess" in faults(answer)[0]
    assert not Assessment.objects.filter(report=draft).exists()


def test_a_report_that_was_published_meanwhile_is_not_written(
    client: Client, some: list[Milestone], draft: ProgressReport
) -> None:
    shown = back(client, fill(taken(client), {some[0].code: DONE}))
    ProgressReport.objects.filter(pk=draft.pk).update(
        state="published", published_on=timezone.localdate()
    )
    assert confirm(client, shown).status_code == 404
    assert not Assessment.objects.filter(report=draft).exists()
