"""The plan is closed by an editor or the operator, in public, and can be reopened the same way."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import localdate

from milestones import actions
from milestones.models import Assessment, Change, PaymentRequest, ProgressReport, User
from milestones.quarter import Quarter
from milestones.rhythm import rhythm
from nextgen.desk.mail import remind
from nextgen.package.actions import UnexplainedError, import_plan
from nextgen.package.reading import read
from projects import history
from projects.models import Plan
from tests.package.edits import cell
from tests.test_admin import WHY, form_of

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]
REASONS = {"nl": "Voorbij.", "fr": "Fini.", "de": "Vorbei.", "en": "It is over."}


@pytest.fixture(autouse=True)
def after_its_last_day() -> None:
    """The plan ended yesterday, whatever day it is."""
    Plan.objects.update(end=localdate() - timedelta(days=1))


@pytest.fixture
def closed(editor: User) -> Plan:
    return actions.close_plan(why=REASONS, by=editor)


def last() -> Change:
    found = Change.objects.first()
    assert found
    return found


def test_closing_stands_in_the_public_log_as_a_revision(closed: Plan, client: Client) -> None:
    assert closed.closed
    assert Plan.objects.get().closed
    line = last()
    assert (line.kind, line.record_type, line.record, line.field) == (
        "revision", "plan", closed.code, "state",
    )  # fmt: skip
    assert (line.old, line.new, line.role) == ("open", "closed", "editor")
    assert [getattr(line, f"reason_{code}") for code in REASONS] == list(REASONS.values())
    log = client.get("/fr/modifications/").content.decode()
    assert "Fini." in log
    assert "clôturé" in log


def test_it_can_be_reopened_the_same_way(closed: Plan, editor: User) -> None:
    assert not actions.reopen_plan(why="A mistake.", by=editor).closed
    assert (last().old, last().new, last().kind) == ("closed", "open", "revision")
    assert last().reason_en == "A mistake."


def test_the_history_tells_auditors_who_closed_it(closed: Plan, editor: User) -> None:
    newest = history.edits_since(closed, 0)[-1]
    assert (newest.field, newest.old, newest.new, newest.by) == (
        "state", "open", "closed", str(editor),
    )  # fmt: skip


@pytest.mark.parametrize("role", ["coordinator", "auditor", "administrator"])
def test_nobody_else_closes_it(role: str, person: Callable[..., User]) -> None:
    by = person(role, "FLA" if role == "coordinator" else "")
    for turn in (actions.close_plan, actions.reopen_plan):
        with pytest.raises(PermissionDenied):
            turn(why="Because.", by=by)
    assert not Plan.objects.get().closed


def test_it_is_closed_after_its_last_day_once_and_with_a_reason(editor: User) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        actions.close_plan(why=" ", by=editor)
    with pytest.raises(ValidationError, match="open already"):
        actions.reopen_plan(why="Because.", by=editor)
    Plan.objects.update(end=localdate())
    with pytest.raises(ValidationError, match="can be closed from the next day on"):
        actions.close_plan(why="Because.", by=editor)
    Plan.objects.update(end=localdate() - timedelta(days=1))
    actions.close_plan(why="Because.", by=editor)
    with pytest.raises(ValidationError, match="closed already"):
        actions.close_plan(why="Because.", by=editor)


def test_an_operator_closes_it_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close_plan", "--why", "It is over.")
    assert "is closed." in capsys.readouterr().out
    assert (last().reason_nl, last().role) == ("It is over.", "administrator")
    with pytest.raises(CommandError, match="closed already"):
        call_command("close_plan", "--why", "Once more.")
    call_command("close_plan", "--reopen", "--why", "It was not.")
    assert not Plan.objects.get().closed


def test_an_editor_closes_it_at_the_desk(editor: User, as_person: AsPerson) -> None:
    desk = as_person(editor)
    assert "/admin/close/" in desk.get("/admin/").content.decode()
    assert "Say" not in desk.get("/admin/close/").content.decode()
    desk.post("/admin/close/", {"en": "It is over."})
    assert not Plan.objects.get().closed
    answer = desk.post("/admin/close/", REASONS, follow=True).content.decode()
    assert Plan.objects.get().closed
    assert "The plan is closed" in answer
    assert "/admin/report/" not in answer
    desk.post("/admin/close/", REASONS)
    assert not Plan.objects.get().closed


def test_the_form_of_the_plan_does_not_close_it(editor: User, as_person: AsPerson) -> None:
    page = as_person(editor).get("/admin/projects/plan/1/change/").content.decode()
    assert 'name="state"' not in page


@pytest.mark.usefixtures("closed")
def test_no_report_is_opened_for_a_closed_plan(editor: User, as_person: AsPerson) -> None:
    with pytest.raises(ValidationError, match="no further report is due"):
        actions.open_report(month="2026-12", closes_on=None, by=editor)
    form = {"month": "2026-12", "closes_on": str(localdate())}
    answer = as_person(editor).post("/admin/report/", form)
    assert answer.status_code == 200
    assert "no further report is due" in answer.content.decode()
    assert not ProgressReport.objects.filter(state="draft").exists()


@pytest.mark.usefixtures("coordinator")
def test_nobody_is_reminded_of_a_report_to_a_closed_plan(
    draft: ProgressReport, editor: User
) -> None:
    User.objects.filter(role="coordinator").update(email="reader@example.org")
    draft.closes_on = localdate() + timedelta(days=3)
    draft.save()
    actions.close_plan(why="It is over.", by=editor)
    assert remind() == 0
    assert mail.outbox == []
    actions.reopen_plan(why="It was not.", by=editor)
    assert remind() == 1


@pytest.mark.usefixtures("closed")
def test_corrections_and_verdicts_can_still_be_entered(
    editor: User, as_person: AsPerson, client: Client
) -> None:
    said = Assessment.objects.get(
        report__month="2023-12", milestone__code="x-r-fla-grid-2", version=1
    )
    words = {"status": "done", "done_quarter": Quarter(2023, 4), "expected": None}
    actions.correct(assessment=said, words=words, why="It was done.", by=editor)
    page = client.get("/en/milestones/x-r-fla-grid-2/").content.decode()
    assert "declared it done" in page
    verdict = {
        "request": PaymentRequest.objects.get(number=1).pk, "milestone": "157",
        "decided_on": "2025-03-01", "verdict": "fulfilled", "provenance": "sourced",
    }  # fmt: skip
    desk = as_person(editor)
    empty = form_of(desk.get("/admin/milestones/verdict/add/"))
    answer = desk.post("/admin/milestones/verdict/add/", {**empty, **verdict, **WHY})
    assert answer.status_code == 302
    lead = client.get("/en/milestones/157/").content.decode().split('<p class="lead">')[1]
    assert 'data-outcome="fulfilled"' in lead.split("</p>")[0]


def test_a_package_that_closes_the_plan_is_logged_as_any_change(tmp_path: Path) -> None:
    call_command("export_plan", tmp_path, verbosity=0)
    cell("plan", Plan.objects.get().code, "state", "closed")(tmp_path)
    package = read(tmp_path)
    with pytest.raises(UnexplainedError):
        import_plan(package)
    import_plan(package, why="The Commission has paid the last.", kind="revision")
    assert Plan.objects.get().closed
    assert (last().field, last().new, last().kind) == ("state", "closed", "revision")


def test_of_a_closed_plan_the_reports_that_never_came_are_told() -> None:
    plan = Plan(
        start=date(2021, 7, 13), end=date(2026, 8, 31), report_interval=6, state=Plan.State.CLOSED
    )
    for months, never in ((["2024-12"], 3), (["2025-06", "2025-12", "2026-06"], 0)):
        found = rhythm(plan, [ProgressReport(month=m) for m in months], date(2030, 1, 1))
        assert (found.next_due, found.missing) == (None, ())
        assert len(found.never_came) == never
