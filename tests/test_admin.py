"""The admin shows every model usably, and asks why public data changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from milestones.models import Assessment, Change, Milestone, PaymentRequest, User
from projects.models import Allocation, Authority, NaturalRecipient, Plan, Project, Recipient

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label != "auth"]
NAMES = [model._meta.label_lower for model in MODELS]
MOST_QUERIES = 25


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_user("desk", role="editor"))
    return client


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send of a change form as it stands."""
    context = answer.context
    forms = [context["adminform"].form]
    seen = {"seen": context["seen"]} if "seen" in context else {}
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    return seen | {
        field.html_name: field.value() if field.value() is not None else ""
        for form in forms
        for field in form
    }


WHY = {"change_kind": "correction", "change_reason": "It was wrong."}


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_every_list_and_form_opens(desk: Client, model: Any) -> None:
    if not User.objects.get(username="desk").has_perm(
        f"{model._meta.app_label}.view_{model._meta.model_name}"
    ):
        desk.force_login(User.objects.create_user("reader", role="auditor"))
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


@pytest.mark.parametrize("model", [Project, Milestone, Assessment])
def test_a_search_minds_neither_case_nor_accents(desk: Client, model: Any) -> None:
    words = ("strassenbahn LUTTICH", "Straßenbahn Lüttich")
    counts = [
        desk.get(page(model, "changelist"), {"q": q}).context["cl"].result_count for q in words
    ]
    assert counts[0] == counts[1] > 0


def test_a_project_of_many_authorities_opens_as_fast_as_one_of_few(desk: Client) -> None:
    few, many = (Project.objects.get(code=code) for code in ("x-5g", "x-wal-tram-liege"))
    many.allocations.all().delete()
    for authority in Authority.objects.all():
        Allocation.objects.create(project=many, authority=authority, amount=1)
    counts = []
    for project in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page(Project, "change", project.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 3  # the labels of pillar, component and lead


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
    line = Change.objects.get(record=project.code, field="budget")
    assert (line.record, line.field, line.old, line.new) == (
        "x-fla-blue-deal", "budget", "190130000", "200000000",
    )  # fmt: skip
    assert line.reason_nl == line.reason_en == "A digit was missing."
    assert ("amount FLA", "190130000", "200000000") in told(project.code)
    assert line.role == "editor"


def test_allocations_that_do_not_make_the_budget_are_refused(desk: Client) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    address = page(Project, "change", project.pk)
    sent = form_of(desk.get(address)) | {
        "allocations-0-amount": "1",
        **WHY,
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


@pytest.fixture
def edit(desk: Client) -> Callable[..., Any]:
    """Change some fields of a record's form and leave the rest as it stands."""

    def edit(record: Any, **changes: Any) -> Any:
        address = page(type(record), "change", record.pk)
        return desk.post(address, form_of(desk.get(address)) | changes)

    return edit


def told(record: str) -> list[tuple[str, str, str]]:
    lines = Change.objects.filter(record=record, made_on=localdate()).order_by("number")
    return [(line.field, line.old, line.new) for line in lines]


@pytest.mark.parametrize(
    ("model", "code"), [(Project, "x-wal-tram-liege"), (Milestone, "157"), (Authority, "FLA")]
)
def test_a_form_that_changes_nothing_needs_no_reason(edit: Any, model: Any, code: str) -> None:
    assert edit(model.objects.get(code=code)).status_code == 302
    assert told(code) == []


def test_a_date_is_not_moved_in_the_form_of_its_milestone(edit: Any) -> None:
    milestone = Milestone.objects.get(code="157")
    edit(milestone, due="2025-Q1", **WHY)
    milestone.refresh_from_db()
    assert str(milestone.due) == "2022-Q4"
    assert told("157") == []


def test_the_log_names_other_records_by_their_codes(edit: Any) -> None:
    project, lead = Project.objects.get(code="x-5g"), Authority.objects.get(code="WAL")
    old = project.lead.code
    assert edit(project, lead=lead.pk, **WHY).status_code == 302
    assert told("x-5g") == [("lead", old, "WAL")]


def test_money_moves_between_authorities_with_a_reason_and_into_the_log(edit: Any) -> None:
    project = Project.objects.get(code="x-fla-blue-deal")
    project.allocations.update(amount=190_129_995)
    community = Authority.objects.get(code="DG")
    Allocation.objects.create(project=project, authority=community, amount=5)
    moved = {"allocations-0-amount": 190_129_993, "allocations-1-amount": 7}
    assert edit(project, **moved).status_code == 200
    assert edit(project, **moved, **WHY).status_code == 302
    assert told(project.code) == [
        ("amount FLA", "190129995", "190129993"),
        ("amount DG", "5", "7"),
    ]


def test_the_log_of_a_project_holds_no_other_project() -> None:
    Change.objects.create(
        number=99, made_on=date(2024, 9, 1), kind="correction", record_type="project",
        record="x-5g-2", field="kind", role="editor",
    )  # fmt: skip
    assert not Change.objects.of_projects(Project.objects.filter(code="x-5g")).exists()


def test_what_is_public_cannot_be_deleted(desk: Client) -> None:
    for model in (Project, Milestone, Assessment, Change):
        row = model._default_manager.first()
        desk.post(page(model, "delete", row.pk), {"post": "yes"})
        assert model._default_manager.filter(pk=row.pk).exists()


@pytest.fixture
def some_rows() -> None:
    """Several rows of what the plan of Belgium has none of."""
    for n, authority in enumerate(Authority.objects.all()[:4]):
        User.objects.create_user(f"person-{n}", role="coordinator", authority=authority)
        Recipient.objects.create(name=f"Firm {n}", identifier=n, amount=n, as_of=date(2024, 1, 1))
        today = localdate()
        NaturalRecipient.objects.create(name=f"{n}", amount=n, as_of=today, paid_in=today.year)
        who = {"username": f"person-{n}", "ip_address": "127.0.0.1", "user_agent": "a browser"}
        AccessAttempt.objects.create(**who, failures_since_start=1)
        for model in (AccessLog, AccessFailureLog):
            model.objects.create(**who)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_list_asks_no_more_for_many_rows_than_for_one(
    desk: Client, some_rows: None, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    desk.force_login(User.objects.create_user("reader", role="auditor"))  # sees everything
    counts = []
    for rows in (1, 100):
        monkeypatch.setattr(admin.site._registry[model], "list_per_page", rows)
        with CaptureQueriesContext(connection) as queries:
            answer = desk.get(page(model, "changelist"))
        counts.append((len(queries), len(answer.context["cl"].result_list)))
    (few, one), (many, all_of_them) = counts
    assert one == 1
    assert all_of_them > 1 or model is Plan
    assert many == few


def test_a_request_of_many_milestones_asks_no_more_than_one_of_few(desk: Client) -> None:
    counts = []
    for claimed in (20, 40):
        request = PaymentRequest.objects.create(number=claimed, submitted_on=date(2024, 6, 1))
        request.milestones.set(Milestone.objects.all()[:claimed])
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page(PaymentRequest, "change", request.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_code_that_changes_leads_on_and_keeps_its_log(edit: Any) -> None:
    milestone = Milestone.objects.get(code="x-fwb-sports-1")
    before = Change.objects.of_milestone(milestone).count()
    assert edit(milestone, code="201", **WHY).status_code == 302
    milestone.refresh_from_db()
    assert milestone.former_codes == "x-fwb-sports-1"
    assert Change.objects.of_milestone(milestone).count() > before > 0
    answer = Client().get("/en/milestones/x-fwb-sports-1/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/milestones/201/")
