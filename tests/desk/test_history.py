"""Auditors see of every row who changed it, when, from what to what, in which action."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.actions import assess, move_due
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from projects import history
from projects.models import Authority, Plan, Project
from tests.test_admin import WHY, form_of, page

pytestmark = pytest.mark.django_db
MODELS = list(admin.site._registry)


@pytest.fixture
def auditor(person: Callable[..., User], as_person: Callable[[User], Client]) -> Client:
    return as_person(person("auditor"))


def history_of(client: Client, record: Any, **query: Any) -> Any:
    return client.get(page(type(record), "history", record.pk), query)


def told(answer: Any) -> list[tuple[str, str, str, str, str]]:
    """Who, in which action, which field, from what, to what; newest first."""
    return [
        (str(each.entry.actor), each.action, *change)
        for each in answer.context["told"]
        for change in each.changes
    ]


def test_the_history_tells_who_did_what_from_what_to_what(
    auditor: Client, editor: User, as_person: Callable[[User], Client]
) -> None:
    project, walloon = Project.objects.get(code="x-5g"), Authority.objects.get(code="WAL")
    before = project.lead
    desk = as_person(editor)
    form = form_of(desk.get(page(Project, "change", project.pk)))
    desk.post(page(Project, "change", project.pk), form | WHY | {"lead": walloon.pk})
    answer = history_of(auditor, project)
    assert told(answer) == [("editor", "form", "lead authority", str(before), str(walloon))]
    assert "editor" in answer.content.decode()


def test_the_history_names_the_action_and_comes_newest_first(
    auditor: Client, editor: User, draft: ProgressReport
) -> None:
    milestone = Milestone.objects.get(code="157")
    reasons = dict.fromkeys(Plan.objects.get().language_codes, "Late.")
    for quarter in (Quarter(2025, 1), Quarter(2025, 2)):
        move_due(milestone=milestone, due=quarter, reasons=reasons, by=editor)
    found = [row for row in told(history_of(auditor, milestone)) if row[2] == "quarter in force"]
    assert found == [
        ("editor", "moved the date", "quarter in force", "2025-Q1", "2025-Q2"),
        ("editor", "moved the date", "quarter in force", "2022-Q4", "2025-Q1"),
    ]
    words = {"status": "on-track"}
    said = assess(milestone=milestone, report=draft, words=words, by=editor)
    assert ("editor", "assessed", "status", "", "on-track") in told(history_of(auditor, said))


def test_what_was_empty_is_told_as_empty(auditor: Client) -> None:
    project = Project.objects.get(code="x-5g")
    project.goal_year = 2026
    project.save()
    answer = history_of(auditor, project)
    assert [row[2:] for row in told(answer)] == [("goal year", "", "2026")]
    assert "<em>empty</em>" in answer.content.decode()
    assert "None" not in answer.content.decode()


def test_the_history_of_a_project_tells_of_its_allocations(auditor: Client) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    allocation = project.allocations.get()
    allocation.amount = 1
    allocation.save()
    assert [row[2:] for row in told(history_of(auditor, project))] == [("amount", "190130000", "1")]


def test_a_password_is_told_as_changed_and_no_more(auditor: Client, editor: User) -> None:
    editor.set_password("another-correct-horse")
    editor.save()
    answer = history_of(auditor, editor)
    assert ("password", "••••", "••••") in [row[2:] for row in told(answer)]
    assert "argon2" not in answer.content.decode()


def test_who_sees_a_record_sees_its_history_and_nobody_else(
    coordinator: User, as_person: Callable[[User], Client]
) -> None:
    own, foreign = (
        Milestone.objects.filter(project__lead__code=code).first() for code in ("FLA", "WAL")
    )
    client = as_person(coordinator)
    assert history_of(client, own).status_code == 200
    assert history_of(client, foreign).status_code == 404
    assert client.get(page(LogEntry, "changelist")).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=[model._meta.label_lower for model in MODELS])
def test_every_row_has_its_history(auditor: Client, editor: User, model: Any) -> None:
    row = model._default_manager.first() or editor
    assert history_of(auditor, row).status_code == 200


def test_a_long_history_comes_in_pages_and_costs_no_more_questions(auditor: Client) -> None:
    project = Project.objects.get(code="x-5g")
    counts = []
    for times in (1, 70):
        for n in range(times):
            project.goal_year = 2000 + n + times
            project.lead = Authority.objects.all()[n % 2]
            project.save()
        with CaptureQueriesContext(connection) as queries:
            answer = history_of(auditor, project)
        counts.append(len(queries))
    assert len(answer.context["told"]) == 50
    assert len(history_of(auditor, project, p=2).context["told"]) == 21
    assert counts[1] <= counts[0] + 1


def test_the_whole_history_is_listed_searched_and_filtered(
    auditor: Client, editor: User, draft: ProgressReport
) -> None:
    milestone = Milestone.objects.get(code="157")
    assess(milestone=milestone, report=draft, words={"status": "on-track"}, by=editor)
    milestone.title_en = "Another title"
    milestone.save()
    answer = auditor.get(page(LogEntry, "changelist"))
    shown = answer.content.decode()
    for words in ("assessed", "opened the report", "2024-06, 157", "status: – → on-track"):
        assert words in shown
    for query in ({"q": "2024-06, 157"}, {"actor__id__exact": editor.pk}, {"action__exact": 1}):
        found = auditor.get(page(LogEntry, "changelist"), query).context["cl"].queryset
        assert 0 < found.count() < LogEntry.objects.count()
    entry = LogEntry.objects.get(object_repr="2024-06, 157")
    assert "on-track" in auditor.get(page(LogEntry, "change", entry.pk)).content.decode()


def test_nothing_in_the_history_can_be_wound_back(auditor: Client, editor: User) -> None:
    project = Project.objects.get(code="x-5g")
    project.goal_year = 2026
    project.save()
    shown = history_of(auditor, project).content.decode()
    content = shown[shown.index('id="content-main"') :]
    assert "<form" not in content
    assert "<button" not in content


def test_a_record_that_was_never_changed_says_so(auditor: Client) -> None:
    answer = history_of(auditor, Project.objects.get(code="x-5g"))
    assert "Nobody has changed it" in answer.content.decode()


def test_a_change_signed_by_nobody_is_an_operators(auditor: Client) -> None:
    said = Assessment.objects.filter(report__month="2023-12").first()
    assert said
    project = said.milestone.project
    project.goal_year = 2026
    project.save()
    entry = history.entries(project).latest("pk")
    assert (entry.actor, entry.additional_data["role"]) == (None, "operator")
    assert "operator" in history_of(auditor, project).content.decode()
