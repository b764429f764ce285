"""Every change of what is public says which kind it is and why, and stands in the public log."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from milestones.models import (
    Change,
    Claim,
    Milestone,
    PaymentRequest,
    ProgressReport,
    PublishedFigure,
    User,
    Verdict,
)
from projects.models import Authority, Component, Pillar, Plan, Project, Recipient
from tests.test_admin import WHY, form_of, page

pytestmark = pytest.mark.django_db
DOCUMENT = "https://example.org/decision.pdf"
REVISION = {
    "change_kind": "revision", "change_reason": "It was decided.", "change_document": DOCUMENT,
}  # fmt: skip


@pytest.fixture
def desk(editor: User, as_person: Callable[[User], Client]) -> Client:
    return as_person(editor)


def add(desk: Client, model: Any, **values: Any) -> Any:
    """Sends the form for a new record with these values."""
    address = page(model, "add")
    return desk.post(address, form_of(desk.get(address)) | values)


def edit(desk: Client, record: Any, **changes: Any) -> Any:
    """Sends the form of a record as it stands, with these changes."""
    address = page(type(record), "change", record.pk)
    return desk.post(address, form_of(desk.get(address)) | changes)


def faults(answer: Any) -> set[str]:
    assert answer.status_code == 200
    return set(answer.context["adminform"].form.errors)


def log(record: str) -> list[tuple[str, str, str, str, str]]:
    lines = Change.objects.filter(record=record, made_on=localdate()).order_by("number")
    return [(line.record_type, line.kind, line.field, line.old, line.new) for line in lines]


@pytest.mark.parametrize(
    ("model", "code", "record_type", "field"),
    [
        (Plan, "BE-RRP", "plan", "tagline_en"),
        (Pillar, "1", "pillar", "challenge_en"),
        (Component, "1.1", "component", "name_en"),
        (Authority, "FLA", "authority", "short_name_en"),
        (Project, "x-5g", "project", "summary_en"),
        (Milestone, "157", "milestone", "title_en"),
        (PaymentRequest, "1", "payment request", "note_en"),
    ],
)
def test_a_change_of_any_public_record_needs_its_kind_and_reason(
    desk: Client, model: Any, code: str, record_type: str, field: str
) -> None:
    key = "number" if model in (Pillar, PaymentRequest) else "code"
    record = model.objects.first() if model is Plan else model.objects.get(**{key: code})
    code = str(getattr(record, key))
    old = getattr(record, field)
    assert faults(edit(desk, record, **{field: "Another."})) == {"change_kind", "change_reason"}
    assert edit(desk, record, **{field: "Another."}, **WHY).status_code == 302
    assert log(code) == [(record_type, "correction", field, old, "Another.")]


def test_a_revision_names_the_document_in_which_it_was_decided(desk: Client) -> None:
    project = Project.objects.get(code="x-5g")
    undocumented = REVISION | {"change_document": ""}
    assert faults(edit(desk, project, goal_year=2030, **undocumented)) == {"change_document"}
    assert edit(desk, project, goal_year=2030, **REVISION).status_code == 302
    [line] = Change.objects.filter(record="x-5g", made_on=localdate())
    assert (line.kind, line.document, line.reason_fr) == ("revision", DOCUMENT, "It was decided.")


def test_a_withdrawal_is_explained_in_every_language_of_the_plan(desk: Client) -> None:
    for record in (Project.objects.get(code="x-5g"), Milestone.objects.get(code="157")):
        answer = edit(desk, record, left="2026-01-01", left_reason_en="Dropped.", **REVISION)
        assert faults(answer) == {f"left_reason_{code}" for code in ("nl", "fr", "de")}
        reasons = {f"left_reason_{code}": "Dropped." for code in ("nl", "fr", "de", "en")}
        assert edit(desk, record, left="2026-01-01", **reasons, **REVISION).status_code == 302
        assert ("left", "", "2026-01-01") in [row[2:] for row in log(record.code)]


def test_texts_are_asked_for_in_the_languages_of_the_plan_alone(desk: Client) -> None:
    Plan.objects.update(languages="nl;fr")
    fields = desk.get(page(Project, "change", 1)).context["adminform"].form.fields
    assert {"title_nl", "title_fr"} <= set(fields)
    assert not {"title_de", "title_en", "left_reason_de"} & set(fields)


def test_a_new_milestone_is_due_as_first_promised_and_stands_in_the_log(desk: Client) -> None:
    values = {
        "code": "x-new", "project": "x-5g", "kind": "milestone",
        "baseline_due": "2026-Q1", "joined": "2026-01-01", "provenance": "sourced",
        **{f"title_{code}": "New" for code in ("nl", "fr", "de", "en")},
    }  # fmt: skip
    asked = {"change_kind", "change_reason"}
    assert faults(add(desk, Milestone, **values)) == asked
    assert add(desk, Milestone, **values, **REVISION).status_code == 302
    assert str(Milestone.objects.get(code="x-new").due) == "2026-Q1"
    assert log("x-new") == [("milestone", "revision", "code", "", "x-new")]


def test_a_new_project_stands_in_the_log_with_its_allocations(desk: Client) -> None:
    flemish = Authority.objects.get(code="FLA").pk
    values = {
        "code": "x-new", "kind": "reform", "lead": flemish, "budget": 7, "joined": "2026-01-01",
        "provenance": "sourced", "allocations-0-authority": flemish, "allocations-0-amount": 7,
        **{f"{name}_{code}": "New" for name in ("title", "short_title")
           for code in ("nl", "fr", "de", "en")},
    }  # fmt: skip
    assert add(desk, Project, **values, **REVISION).status_code == 302
    assert log("x-new") == [
        ("project", "revision", "code", "", "x-new"),
        ("allocation", "revision", "amount FLA", "", "7"),
    ]


def test_a_second_plan_cannot_be_added_over_the_first(desk: Client) -> None:
    assert desk.get(page(Plan, "add")).status_code == 403


def test_a_recipient_is_corrected_in_public(desk: Client) -> None:
    firm = Recipient.objects.create(
        name="A firm", identifier="0400", amount=5, as_of=date(2024, 1, 1)
    )
    firm.projects.set(Project.objects.filter(code="x-5g"))
    both = [Project.objects.get(code=code).pk for code in ("x-5g", "x-fla-blue-deal")]
    assert edit(desk, firm, amount=6, projects=both, **WHY).status_code == 302
    assert log("0400") == [
        ("recipient", "correction", "amount 2024-01-01", "5", "6"),
        ("recipient", "correction", "projects 2024-01-01", "x-5g", "x-5g;x-fla-blue-deal"),
    ]


@pytest.fixture
def second_request() -> PaymentRequest:
    """Request 9, of 1 June 2024, which claims milestone x-fla-blue-deal-1."""
    request = PaymentRequest.objects.create(number=9, submitted_on=date(2024, 6, 1))
    milestone = Milestone.objects.get(code="x-fla-blue-deal-1")
    Claim.objects.create(request=request, milestone=milestone)
    return request


def test_a_request_is_added_with_the_milestones_that_it_lists(desk: Client) -> None:
    milestone = Milestone.objects.get(code="x-fla-blue-deal-1")
    answer = add(
        desk, PaymentRequest, number=9, submitted_on="2024-06-01", amount="",
        **{"claims-0-milestone": milestone.code, "claims-0-sourced": "on"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert list(PaymentRequest.objects.get(number=9).milestones.all()) == [milestone]
    assert log("9") == [
        ("payment request", "revision", "number", "", "9"),
        ("payment request", "revision", "milestones", "", milestone.code),
    ]


def test_a_claim_is_added_to_a_request_with_a_reason(
    desk: Client, second_request: PaymentRequest
) -> None:
    row = {"claims-1-milestone": "x-fla-blue-deal-2"}
    assert edit(desk, second_request, **row).status_code == 200
    assert edit(desk, second_request, **row, **WHY).status_code == 302
    listed = "x-fla-blue-deal-1;x-fla-blue-deal-2"
    assert log("9") == [
        ("payment request", "correction", "milestones", "x-fla-blue-deal-1", listed)
    ]


def test_what_a_request_lists_is_neither_changed_nor_struck_off(
    desk: Client, second_request: PaymentRequest
) -> None:
    edit(desk, second_request, **{"claims-0-milestone": "157", "claims-0-DELETE": "on"}, **WHY)
    assert [each.code for each in second_request.milestones.all()] == ["x-fla-blue-deal-1"]


@pytest.fixture
def verdict(second_request: PaymentRequest) -> dict[str, Any]:
    """What the form of a verdict on the second request sends."""
    return {
        "request": second_request.pk, "decided_on": "2024-09-01", "verdict": "fulfilled",
        "milestone": "x-fla-blue-deal-1",
        "document": DOCUMENT, "provenance": "sourced",
    }  # fmt: skip


def test_a_verdict_follows_another_and_both_stand(desk: Client, verdict: dict[str, Any]) -> None:
    assert add(desk, Verdict, **verdict).status_code == 302
    later = verdict | {"decided_on": "2025-03-01", "verdict": "reversed"}
    assert add(desk, Verdict, **later).status_code == 302
    assert log("x-fla-blue-deal-1") == [
        ("verdict", "revision", "verdict 9 2024-09-01", "", "fulfilled"),
        ("verdict", "revision", "verdict 9 2025-03-01", "", "reversed"),
    ]
    assert Change.objects.filter(record="x-fla-blue-deal-1", document=DOCUMENT).count() == 2


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"decided_on": "2024-05-31"}, "decided_on", "no verdict is older"),
        ({"milestone": "157"}, "milestone", "does not list this milestone"),
        ({"milestone": "158-a"}, "milestone", "no record of this code"),
    ],
)
def test_a_verdict_answers_a_claim_and_is_no_older(
    desk: Client, verdict: dict[str, Any], wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = add(desk, Verdict, **verdict | wrong)
    assert faults(answer) == {field}
    assert sentence in answer.content.decode()


def test_two_verdicts_of_one_day_are_refused_in_words(
    desk: Client, verdict: dict[str, Any]
) -> None:
    add(desk, Verdict, **verdict)
    answer = add(desk, Verdict, **verdict | {"verdict": "reversed"})
    assert answer.status_code == 200
    assert Verdict.objects.filter(request__number=9).count() == 1


def test_a_wrongly_typed_verdict_is_corrected_in_public_and_never_revised(
    desk: Client, verdict: dict[str, Any]
) -> None:
    add(desk, Verdict, **verdict)
    row = Verdict.objects.get(request__number=9)
    assert faults(edit(desk, row, verdict="suspended", **REVISION)) == {"change_kind"}
    moved = {"decided_on": "2030-01-01", "verdict": "suspended"}
    assert edit(desk, row, **moved, **WHY).status_code == 302
    row.refresh_from_db()
    assert (row.verdict, str(row.decided_on)) == ("suspended", "2024-09-01")
    assert log("x-fla-blue-deal-1")[1:] == [
        ("verdict", "correction", "verdict 9 2024-09-01", "fulfilled", "suspended")
    ]


def test_an_editor_tends_a_draft_and_its_published_figures(
    desk: Client, draft: ProgressReport
) -> None:
    assert edit(desk, draft, closes_on="2024-09-30", note_en="A note.").status_code == 302
    draft.refresh_from_db()
    assert (str(draft.closes_on), draft.note_en) == ("2024-09-30", "A note.")
    values = {"report": draft.pk, "figure": "projects", "value": 5, "source": "A letter"}
    assert add(desk, PublishedFigure, **values).status_code == 302
    figure = PublishedFigure.objects.get(report=draft)
    assert edit(desk, figure, value=6, explanation_en="Counted otherwise.").status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.explanation_en) == (6, "Counted otherwise.")
    assert not Change.objects.filter(made_on=localdate()).exists()


def test_nothing_is_added_to_what_a_published_report_published(
    desk: Client, draft: ProgressReport
) -> None:
    published = ProgressReport.objects.get(month="2023-12")
    values = {"report": published.pk, "figure": "projects", "value": 5, "source": "A letter"}
    assert faults(add(desk, PublishedFigure, **values)) == {"report"}
    figure = PublishedFigure.objects.filter(report__state="published").first()
    assert figure
    address = page(PublishedFigure, "change", figure.pk)
    assert desk.post(address, values).status_code == 403
    assert desk.post(page(ProgressReport, "change", published.pk), {}).status_code == 403
