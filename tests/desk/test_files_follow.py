"""Whatever is written, the files of the whole plan say it at once: every write leaves a trace."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from milestones import actions
from milestones.models import Assessment, Milestone, PaymentRequest, User
from milestones.quarter import Quarter
from nextgen.package.actions import import_plan
from nextgen.package.published import without_drafts
from nextgen.package.stored import stored
from nextgen.publishing import pack
from nextgen.whole.plan import State, WholePlan
from projects.models import Project, Recipient, Text
from tests.desk.test_public_changes import edit
from tests.test_admin import WHY

pytestmark = pytest.mark.django_db
EVERYBODY = dict.fromkeys(("nl", "fr", "de", "en"), "It was decided.")
Write = Callable[[Client, User], Any]


def told() -> str:
    """The revision that the files of the plan have."""
    whole = WholePlan.now()
    assert whole
    return whole.state.revision


def true() -> str:
    """The revision that the rows give."""
    package = stored()
    assert package
    return State.of(without_drafts(package)).revision


def edited(record: Callable[[], Any], **changes: Any) -> Write:
    """What is sent by the desk's form of a record."""
    return lambda desk, _editor: edit(desk, record(), **changes, **WHY)


def firm() -> Recipient:
    return Recipient.objects.get(identifier="0400")


def imported(table: str, column: str, value: str) -> Write:
    """The import of a package in which the first row of a table says something else."""

    def write(_desk: Client, _editor: User) -> None:
        package = stored()
        assert package
        package.tables[table][0].cells[column] = value
        import_plan(package, why="A digit was wrong.")

    return write


def published(_desk: Client, editor: User) -> None:
    draft = actions.open_report(month="2024-06", closes_on=None, by=editor)
    every = Milestone.objects.in_plan(draft).select_related("project")
    actions.sign_unchanged(milestones=every, report=draft, by=editor)
    actions.publish(report=draft, by=editor, pack=pack)


def corrected(_desk: Client, editor: User) -> None:
    said = Assessment.objects.as_corrected().filter(report__month="2023-12", status="done")[0]
    words = {"done_quarter": Quarter(2020, 1)}
    actions.correct(assessment=said, words=words, why="Typed wrongly.", by=editor)


def moved(_desk: Client, editor: User) -> None:
    milestone = Milestone.objects.select_related("project").get(code="157")
    actions.move_due(milestone=milestone, due=Quarter(2025, 2), reasons=EVERYBODY, by=editor)


WRITES: dict[str, Write] = {
    "a project": edited(lambda: Project.objects.get(code="x-5g"), goal_year=2031),
    "a text": edited(lambda: Text.objects.all()[0], title="Another."),
    "a list": edited(firm, projects=[1]),
    "a claim": edited(
        lambda: PaymentRequest.objects.get(number=1), **{"claims-20-milestone": "x-fla-blue-deal-2"}
    ),
    "an import": imported("projects", "title_en", "Another."),
    "an import of a list": imported("recipients", "projects", "x-5g"),
    "a report": published,
    "a correction": corrected,
    "a date": moved,
}


@pytest.mark.parametrize("written", WRITES)
def test_the_files_say_at_once_what_is_written(
    written: str, editor: User, as_person: Callable[[User], Client]
) -> None:
    day = date(2024, 1, 1)
    Recipient.objects.create(name="A firm", identifier="0400", amount=5, as_of=day)
    before = told()
    WRITES[written](as_person(editor), editor)
    assert told() == true() != before
