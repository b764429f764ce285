"""Coordinators say what became of their milestones: in the list, alone, or by one signed click."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from milestones import actions
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from projects import history

pytestmark = pytest.mark.django_db
FLEMISH, FEDERAL = "x-fla-blue-deal-4", "157"
LIST = "/admin/assess/"
AsPerson = Callable[[User], Client]
LATE = {"status": "delayed", "quarter": "2024-Q4"}


def milestone(code: str = FLEMISH) -> Milestone:
    return Milestone.objects.select_related("project").get(code=code)


def words(code: str = FLEMISH, seen: int = 0, **fields: str) -> dict[str, Any]:
    """What the list sends for one milestone."""
    pk = milestone(code).pk
    sent = {"status": "", "quarter": "", "achieved_value": "", "evidence": "", "seen": str(seen)}
    return {"row": [str(pk)], **{f"m{pk}-{name}": value for name, value in (sent | fields).items()}}


def said(report: ProgressReport, code: str = FLEMISH) -> Assessment | None:
    return Assessment.objects.filter(report=report, milestone__code=code).first()


@pytest.fixture
def browser_of(coordinator: User, as_person: AsPerson) -> Client:
    return as_person(coordinator)


def test_what_is_said_in_the_list_stands_in_the_draft(
    browser_of: Client, draft: ProgressReport
) -> None:
    sent = words(**LATE, note_en="The permit is late.", evidence="https://example.org/permit")
    assert browser_of.post(LIST, sent).status_code == 302
    found = said(draft)
    assert found
    assert (found.status, found.expected, found.done_quarter) == ("delayed", Quarter(2024, 4), None)
    assert (found.note_en, found.evidence) == ("The permit is late.", "https://example.org/permit")


def test_many_are_assessed_at_once(browser_of: Client, draft: ProgressReport) -> None:
    rows = list(Milestone.objects.filter(project__lead__code="FLA")[:5])
    sent: dict[str, Any] = {"row": [str(row.pk) for row in rows]}
    for row in rows:
        sent |= {f"m{row.pk}-status": "on-track", f"m{row.pk}-quarter": "2025-Q1"}
    browser_of.post(LIST, sent)
    assert Assessment.objects.filter(report=draft, status="on-track").count() == 5


def test_one_fault_and_nothing_is_written_and_nothing_typed_is_lost(
    browser_of: Client, draft: ProgressReport
) -> None:
    good, bad = words(**LATE), words("x-fla-blue-deal-1", status="done", quarter="2099-Q1")
    sent = {**good, **bad, "row": good["row"] + bad["row"]}
    answer = browser_of.post(LIST, sent)
    assert answer.status_code == 200
    assert not Assessment.objects.filter(report=draft).exists()
    page = answer.content.decode()
    assert "That quarter comes after the report." in page
    assert 'value="2099-Q1"' in page
    assert 'value="2024-Q4"' in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "done"}, "Say in which quarter it was done."),
        ({"status": "delayed"}, "Say when it is expected now."),
        ({"quarter": "2024-Q4"}, "Choose a status."),
        ({"status": "delayed", "quarter": "soon"}, "Write a quarter as 2024-Q4."),
        (LATE | {"achieved_value": "many"}, "Enter a number."),
        (LATE | {"evidence": "see the annex"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    browser_of: Client, draft: ProgressReport, fields: dict[str, str], told: str
) -> None:
    assert told in browser_of.post(LIST, words(**fields)).content.decode()
    assert said(draft) is None


def test_unchanged_is_one_click_signed_by_name(
    browser_of: Client, draft: ProgressReport, coordinator: User
) -> None:
    pk = str(milestone().pk)
    browser_of.post(LIST, {"row": [pk], "unchanged": pk})
    now, then = said(draft), said(ProgressReport.objects.get(month="2023-12"))
    assert now
    assert then
    assert {n: getattr(now, n) for n in actions.WORDS} == {
        n: getattr(then, n) for n in actions.WORDS
    }
    entry = LogEntry.objects.get_for_object(now).get()
    assert entry.actor == coordinator
    assert entry.additional_data == {"action": "unchanged", "role": "coordinator"}


def test_silence_is_not_unchanged(draft: ProgressReport, coordinator: User) -> None:
    actions.sign_unchanged(milestones=[milestone()], report=draft, by=coordinator)
    statuses = Milestone.objects.with_status(draft).values_list("code", "status")
    assert dict(statuses)[FLEMISH] == "delayed"
    assert dict(statuses)["x-fla-blue-deal-1"] == "not-reported"


def test_many_are_signed_at_once_and_what_was_said_stays(
    browser_of: Client, draft: ProgressReport, coordinator: User
) -> None:
    rows = list(Milestone.objects.filter(project__code="x-fla-blue-deal").select_related("project"))
    on_track = {"status": "on-track", "expected": Quarter(2025, 1)}
    actions.assess(milestone=rows[0], report=draft, words=on_track, by=coordinator)
    pks = [str(row.pk) for row in rows]
    stored = words(rows[0].code, status="on-track", quarter="2025-Q1")
    stored |= {f"initial-{name}": value for name, value in stored.items()}
    browser_of.post(LIST, stored | {"row": pks, "chosen": pks, "sign": "1"})
    assert Assessment.objects.filter(report=draft).count() == len(rows)
    kept = said(draft, rows[0].code)
    assert kept
    assert kept.expected == Quarter(2025, 1)


def test_changed_and_unchanged_at_once_is_asked_back(
    browser_of: Client, draft: ProgressReport
) -> None:
    sent = words(**LATE)
    answer = browser_of.post(LIST, sent | {"unchanged": sent["row"][0]})
    assert "not both" in answer.content.decode()
    assert said(draft) is None


def test_where_the_report_before_is_silent_nothing_is_unchanged(
    draft: ProgressReport, editor: User
) -> None:
    new = milestone()
    new.pk, new.code = None, "x-new"
    new.save()
    with pytest.raises(ValidationError, match="x-new"):
        actions.sign_unchanged(milestones=[new], report=draft, by=editor)


def test_two_on_one_milestone_the_second_sees_both_and_chooses(
    browser_of: Client, draft: ProgressReport, editor: User
) -> None:
    first = {"status": "on-track", "expected": Quarter(2024, 3), "note_en": "All is well."}
    actions.assess(milestone=milestone(), report=draft, words=first, by=editor)
    mine = words(**LATE, note_en="The permit is late.")
    answer = browser_of.post(LIST, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    for version in ("All is well.", "The permit is late.", "2024-Q3", "2024-Q4", str(editor)):
        assert version in page
    kept = said(draft)
    assert kept
    assert kept.note_en == "All is well."
    browser_of.post(LIST, words(seen=history.seen(kept), **LATE, note_en="All is well."))
    kept.refresh_from_db()
    assert (kept.status, kept.note_en) == ("delayed", "All is well.")


def test_two_who_say_the_same_do_not_disturb_one_another(
    browser_of: Client, draft: ProgressReport, editor: User
) -> None:
    same = {"status": "delayed", "expected": Quarter(2024, 4)}
    actions.assess(milestone=milestone(), report=draft, words=same, by=editor)
    assert browser_of.post(LIST, words(**LATE)).status_code == 302


def test_another_authority_s_milestone_is_not_there(
    browser_of: Client, draft: ProgressReport, coordinator: User
) -> None:
    assert browser_of.get(f"{LIST}{FEDERAL}/").status_code == 404
    browser_of.post(LIST, words(FEDERAL, **LATE))
    assert said(draft, FEDERAL) is None
    with pytest.raises(PermissionDenied):
        actions.assess(
            milestone=milestone(FEDERAL), report=draft, words={"status": "on-track"}, by=coordinator
        )
    with pytest.raises(PermissionDenied):
        actions.sign_unchanged(milestones=[milestone(FEDERAL)], report=draft, by=coordinator)


def test_a_published_report_takes_no_more_words(
    browser_of: Client, draft: ProgressReport, coordinator: User, editor: User
) -> None:
    actions.sign_unchanged(milestones=[milestone()], report=draft, by=coordinator)
    actions.publish(report=draft, by=editor, pack=lambda: b"")
    answer = browser_of.post(LIST, words(**LATE, note_en="It rained.") | {"report": "2024-06"})
    assert answer.status_code == 409
    for text in ("was published", "It rained.", FLEMISH):
        assert text in answer.content.decode()
    with pytest.raises(actions.AlreadyPublishedError):
        actions.assess(
            milestone=milestone(), report=draft, words={"status": "on-track"}, by=coordinator
        )


def test_an_unknown_list_is_named_and_left_out(browser_of: Client, draft: ProgressReport) -> None:
    page = browser_of.get(LIST, {"task": "tomorrow", "authority": "XYZ"}).content.decode()
    assert "tomorrow" in page
    assert "XYZ" in page
    assert "100 milestones" in page


def test_no_more_queries_for_more_milestones(
    browser_of: Client, draft: ProgressReport, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):
        browser_of.get(LIST)
    rows = [str(row.pk) for row in Milestone.objects.filter(project__lead__code="FLA")[:20]]
    browser_of.post(LIST, {"row": rows, "chosen": rows, "sign": "1"})
    with django_assert_max_num_queries(16):
        browser_of.get(LIST)


def test_words_for_a_report_that_is_over_do_not_enter_the_next_one(
    browser_of: Client, draft: ProgressReport, coordinator: User, editor: User
) -> None:
    actions.sign_unchanged(milestones=[milestone()], report=draft, by=coordinator)
    actions.publish(report=draft, by=editor, pack=lambda: b"")
    following = actions.open_report(month="2024-12", closes_on=None, by=editor)
    answer = browser_of.post(LIST, words(**LATE) | {"report": "2024-06"})
    assert answer.status_code == 409
    assert not Assessment.objects.filter(report=following).exists()


def test_two_on_one_page_do_not_meet_where_only_one_wrote(
    browser_of: Client, draft: ProgressReport, editor: User
) -> None:
    """A browser sends back every row of the page, with what it read in each."""
    other = "x-fla-blue-deal-1"
    sent: dict[str, Any] = {}
    for form in browser_of.get(LIST, {"q": "blue deal"}).context["forms"]:
        for field in form:
            value = "" if field.value() is None else str(field.value())
            sent |= {field.html_name: value, f"initial-{field.html_name}": value}
        sent.setdefault("row", []).append(str(form.milestone.pk))
    done = {"status": "done", "done_quarter": Quarter(2024, 1)}
    actions.assess(milestone=milestone(other), report=draft, words=done, by=editor)
    prefix = f"m{milestone().pk}"
    sent |= {f"{prefix}-status": "delayed", f"{prefix}-quarter": "2024-Q4", "report": draft.month}
    assert browser_of.post(LIST, sent).status_code == 302
    mine, theirs = said(draft), said(draft, other)
    assert mine
    assert theirs
    assert (mine.status, theirs.status) == ("delayed", "done")
