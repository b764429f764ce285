"""The desk's lists hold exactly the milestones that ask for something."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from milestones import actions, tasks
from milestones.models import Milestone, ProgressReport, User
from milestones.quarter import Quarter

pytestmark = pytest.mark.django_db
DONE = {"status": "done", "done_quarter": Quarter(2024, 2)}


def on(task: str, by: User, report: ProgressReport) -> set[str]:
    rows = tasks.rows(by, report).filter(tasks.conditions(report)[task])
    return set(rows.values_list("code", flat=True))


@pytest.fixture
def say(draft: ProgressReport, coordinator: User) -> Callable[..., None]:
    def say(code: str, **words: Any) -> None:
        milestone = Milestone.objects.select_related("project").get(code=code)
        actions.assess(milestone=milestone, report=draft, words=words, by=coordinator)

    return say


def target(report: ProgressReport) -> Milestone:
    found = Milestone.objects.in_plan(report).filter(project__lead__code="FLA", kind="target")
    return found.filter(goal_value__gt=1).order_by("code")[0]


def test_what_is_assessed_leaves_the_list_of_what_is_not(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    before = on("unassessed", coordinator, draft)
    say("x-fla-blue-deal-4", status="delayed", expected=Quarter(2024, 4))
    assert before - on("unassessed", coordinator, draft) == {"x-fla-blue-deal-4"}


def test_what_is_done_is_neither_due_nor_overdue(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    for task in ("due", "overdue"):
        assert "x-fla-blue-deal-4" in on(task, coordinator, draft)
    say("x-fla-blue-deal-4", **DONE)
    for task in ("due", "overdue"):
        assert "x-fla-blue-deal-4" not in on(task, coordinator, draft)


def test_done_asks_for_evidence_until_it_is_there(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    say("x-fla-blue-deal-4", **DONE)
    assert "x-fla-blue-deal-4" in on("no-evidence", coordinator, draft)
    say("x-fla-blue-deal-4", evidence="https://example.org/opening")
    assert "x-fla-blue-deal-4" not in on("no-evidence", coordinator, draft)


def test_a_note_in_one_language_asks_for_the_others(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    say("x-fla-blue-deal-4", **DONE, note_nl="Klaar.")
    assert on("untranslated", coordinator, draft) == {"x-fla-blue-deal-4"}
    say("x-fla-blue-deal-4", note_fr="Fini.", note_de="Fertig.", note_en="Done.")
    assert on("untranslated", coordinator, draft) == set()


def test_a_target_done_below_its_goal_is_a_contradiction(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    milestone = target(draft)
    assert milestone.goal_value is not None
    say(milestone.code, **DONE, achieved_value=milestone.goal_value - 1)
    assert on("below-goal", coordinator, draft) == {milestone.code}
    say(milestone.code, achieved_value=milestone.goal_value)
    assert on("below-goal", coordinator, draft) == set()


def test_what_shall_fall_is_below_its_goal_while_it_is_higher(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    milestone = target(draft)
    Milestone.objects.filter(pk=milestone.pk).update(baseline_value=100, goal_value=40)
    say(milestone.code, **DONE, achieved_value=50)
    assert on("below-goal", coordinator, draft) == {milestone.code}


def test_expected_in_a_quarter_that_is_over_is_a_contradiction(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    say("x-fla-blue-deal-4", status="delayed", expected=Quarter(2024, 3))
    assert "x-fla-blue-deal-4" in on("expected-past", coordinator, draft)
    say("x-fla-blue-deal-4", expected=Quarter(2199, 1))
    assert "x-fla-blue-deal-4" not in on("expected-past", coordinator, draft)


def test_done_before_and_not_now_is_a_contradiction(
    say: Any, draft: ProgressReport, coordinator: User
) -> None:
    done = tasks.rows(coordinator, draft).filter(before="done").first()
    assert done
    assert on("undone", coordinator, draft) == set()
    say(done.code, status="delayed", expected=Quarter(2025, 1))
    assert on("undone", coordinator, draft) == {done.code}


def test_the_start_page_counts_what_the_lists_hold(
    draft: ProgressReport, coordinator: User, as_person: Callable[[User], Client]
) -> None:
    browser = as_person(coordinator)
    context = browser.get("/admin/").context
    assert (context["standing"].total, context["days_left"]) == (100, 12)
    for task, count in context["tasks"]:
        listed = browser.get("/admin/assess/", {"task": task.name}).context["page"].paginator.count
        assert (task.name, listed) == (task.name, count)
        assert count == len(on(task.name, coordinator, draft))


def test_nobody_meets_the_lists_of_another_authority(
    draft: ProgressReport, coordinator: User, editor: User
) -> None:
    for task in tasks.BY_NAME:
        flemish = Milestone.objects.filter(
            code__in=on(task, editor, draft), project__lead__code="FLA"
        )
        assert on(task, coordinator, draft) == set(flemish.values_list("code", flat=True))
