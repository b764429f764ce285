"""The admin shows every model usably, and asks why public data changes."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milestones.models import Assessment, Change, Milestone, User
from projects.models import Allocation, Project

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label != "auth"]
NAMES = [model._meta.label_lower for model in MODELS]
MOST_QUERIES = 25


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("desk"))
    return client


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send of a change form as it stands."""
    context = answer.context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    return {
        field.html_name: field.value() if field.value() is not None else ""
        for form in forms
        for field in form
    }


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_every_list_and_form_opens(desk: Client, model: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(page(model, "changelist")).status_code == 200
    assert len(queries) <= MOST_QUERIES
    if row := model._default_manager.first():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page(model, "change", row.pk)).status_code == 200
        assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("model", [Project, Milestone, Assessment])
def test_a_list_is_searched_in_the_words_of_the_plan(desk: Client, model: Any) -> None:
    answer = desk.get(page(model, "changelist"), {"q": "tram"})
    assert 0 < answer.context["cl"].result_count < model.objects.count()


def test_a_budget_is_not_corrected_without_a_reason(desk: Client) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    address = page(Project, "change", project.pk)
    sent = form_of(desk.get(address)) | {"budget": "1"}
    answer = desk.post(address, sent)
    assert answer.status_code == 200
    assert "change_reason" in answer.context["adminform"].form.errors
    project.refresh_from_db()
    assert project.budget == 190_130_000
    assert not Change.objects.filter(record=project.code, field="budget").exists()


def test_a_corrected_budget_stands_in_the_log_and_its_allocation_follows(desk: Client) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    address = page(Project, "change", project.pk)
    sent = form_of(desk.get(address)) | {
        "budget": "200000000",
        "change_kind": "correction",
        "change_reason": "A digit was missing.",
    }
    assert desk.post(address, sent).status_code == 302
    assert Allocation.objects.get(project=project).amount == 200_000_000
    line = Change.objects.first()
    assert line
    assert (line.record, line.field, line.old, line.new) == (
        "x-fla-blue-deal", "budget", "190130000", "200000000",
    )  # fmt: skip
    assert line.reason_nl == line.reason_en == "A digit was missing."
    assert line.role == "administrator"


def test_allocations_that_do_not_make_the_budget_are_refused(desk: Client) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    address = page(Project, "change", project.pk)
    sent = form_of(desk.get(address)) | {
        "allocations-0-amount": "1",
        "change_reason": "To see it refused.",
    }
    answer = desk.post(address, sent)
    assert answer.status_code == 200
    assert "must agree" in answer.content.decode()


def test_the_first_promise_of_a_milestone_cannot_be_changed(desk: Client) -> None:
    milestone = Milestone.objects.get(code="157")
    answer = desk.get(page(Milestone, "change", milestone.pk))
    assert "baseline_due" not in answer.context["adminform"].form.fields


def test_what_a_report_said_cannot_be_edited(desk: Client) -> None:
    said = Assessment.objects.filter(status="delayed").first()
    assert said
    answer = desk.post(page(Assessment, "change", said.pk), {"status": "done"})
    assert answer.status_code == 403
    said.refresh_from_db()
    assert said.status == "delayed"
