"""Nobody loses words: two people on one record, and the second sees both versions and chooses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.models import Change, Milestone, User
from projects.models import Allocation, Authority, Project
from tests.test_admin import WHY, form_of, page

pytestmark = pytest.mark.django_db
TEXT = "One line.\nAnother line.\n\nA last one."


@pytest.fixture
def first(person: Callable[..., User], as_person: Callable[[User], Client]) -> Client:
    return as_person(person("editor", name="anna"))


@pytest.fixture
def second(coordinator: User, as_person: Callable[[User], Client]) -> Client:
    """Somebody who coordinates for Flanders."""
    return as_person(coordinator)


@pytest.fixture
def other(person: Callable[..., User], as_person: Callable[[User], Client]) -> Client:
    return as_person(person("editor", name="bert"))


@pytest.fixture
def milestone() -> Milestone:
    found = Milestone.objects.filter(project__lead__code="FLA", kind="target").first()
    assert found
    return found


def read(client: Client, record: Any) -> dict[str, Any]:
    """The form as this person reads it now."""
    return form_of(client.get(page(type(record), "change", record.pk))) | WHY


def save(client: Client, record: Any, form: dict[str, Any], **changes: Any) -> Any:
    return client.post(page(type(record), "change", record.pk), form | changes)


def chosen(answer: Any, **instead: str) -> dict[str, Any]:
    """What the page of the conflict sends: all that is kept, and of each field the version that is
    preselected, or the one that is named."""
    context = answer.context
    sent = {**dict(context["kept"]), "seen": context["seen"]}
    for clash in context["clashes"]:
        offered = {("mine" if mine else "theirs"): version for version, mine, _ in clash.versions}
        first = next(version for version, _mine, first in clash.versions if first)
        picked = offered[instead[clash.name]] if clash.name in instead else first
        sent[clash.name] = picked.sent
    return sent


def shown(answer: Any) -> dict[str, tuple[str, str, str]]:
    """Of each field in the table: their version, mine, and which one is preselected."""
    return {
        clash.name: (clash.theirs.shown, clash.mine.shown, "mine" if clash.touched else "theirs")
        for clash in answer.context["clashes"]
    }


def test_the_second_sees_both_versions_and_loses_nothing(
    first: Client, second: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone)
    save(first, milestone, read(first, milestone), title_en="By Anna", unit_en="")
    answer = save(second, milestone, mine, title_en="Mine", description_en=TEXT)
    assert answer.status_code == 409
    assert shown(answer) == {
        "title_en": ("By Anna", "Mine", "mine"),
        "unit_en": ("", milestone.unit_en, "theirs"),
    }
    page_of_conflict = answer.content.decode()
    assert "anna (editor)" in page_of_conflict
    milestone.refresh_from_db()
    assert (milestone.title_en, milestone.description_en) != ("Mine", TEXT)

    assert save(second, milestone, chosen(answer)).status_code == 302
    milestone.refresh_from_db()
    assert milestone.title_en == "Mine"
    assert milestone.unit_en == ""
    assert milestone.description_en == TEXT


def test_the_second_may_take_the_version_of_the_first(
    first: Client, second: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone)
    save(first, milestone, read(first, milestone), title_en="By Anna", title_nl=" Van Anna")
    answer = save(second, milestone, mine, title_en="Mine", title_nl="")
    assert save(second, milestone, chosen(answer, title_en="theirs")).status_code == 200
    answer = save(
        second, milestone, chosen(answer, title_en="theirs", title_nl="theirs"), title_de="Neu"
    )
    assert answer.status_code == 302
    milestone.refresh_from_db()
    assert (milestone.title_en, milestone.title_nl) == ("By Anna", "Van Anna")
    assert milestone.title_de == "Neu"


def test_lines_and_their_ends_survive_the_choice(
    first: Client, second: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone)
    save(first, milestone, read(first, milestone), description_en="Short.")
    sent = TEXT.replace("\n", "\r\n")  # as browsers do
    answer = save(second, milestone, mine, description_en=sent)
    assert shown(answer)["description_en"] == ("Short.", TEXT, "mine")
    assert save(second, milestone, chosen(answer)).status_code == 302
    milestone.refresh_from_db()
    assert milestone.description_en == TEXT


def test_a_line_that_a_browser_ends_otherwise_is_no_change(
    first: Client, milestone: Milestone
) -> None:
    Milestone.objects.filter(pk=milestone.pk).update(description_en=TEXT)
    form = read(first, milestone) | {"change_reason": ""}
    sent = form["description_en"].replace("\n", "\r\n")
    assert save(first, milestone, form, description_en=sent).status_code == 302
    assert not Change.objects.filter(record=milestone.code, role="editor").exists()


def test_who_wrote_the_same_is_not_asked(
    first: Client, second: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone)
    save(first, milestone, read(first, milestone), title_en="The same")
    assert save(second, milestone, mine, title_en="The same").status_code == 302


def test_what_was_read_after_the_other_wrote_is_no_conflict(
    first: Client, second: Client, milestone: Milestone
) -> None:
    save(first, milestone, read(first, milestone), title_en="By Anna")
    assert save(second, milestone, read(second, milestone), title_en="Mine").status_code == 302


def test_a_third_who_writes_during_the_choice_is_seen_too(
    first: Client, second: Client, other: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone)
    save(first, milestone, read(first, milestone), title_en="By Anna")
    answer = save(second, milestone, mine, title_en="Mine")
    save(other, milestone, read(other, milestone), title_en="By Bert")
    again = save(second, milestone, chosen(answer))
    assert again.status_code == 409
    assert shown(again) == {"title_en": ("By Bert", "Mine", "mine")}


def test_a_form_that_does_not_say_when_it_was_read_overwrites_nobody(
    first: Client, second: Client, milestone: Milestone
) -> None:
    mine = read(second, milestone) | {"seen": "soon"}
    save(first, milestone, read(first, milestone), title_en="By Anna")
    assert save(second, milestone, mine, title_en="Mine").status_code == 409


def test_other_records_are_shown_by_their_names_and_numbers_as_written(
    first: Client, other: Client
) -> None:
    project = Project.objects.get(code="x-5g")
    walloon, flemish = (Authority.objects.get(code=code) for code in ("WAL", "FLA"))
    Project.objects.filter(pk=project.pk).update(kind="investment")
    mine = read(other, project)
    save(first, project, read(first, project), lead=walloon.pk, kind="reform", joined="2022-01-01")
    answer = save(other, project, mine, lead=flemish.pk, goal_value="5.5")
    assert shown(answer)["lead"] == (str(walloon), str(flemish), "mine")
    assert shown(answer)["kind"] == ("reform", "investment", "theirs")
    assert shown(answer)["joined"][2] == "theirs"
    assert save(other, project, chosen(answer)).status_code == 302
    project.refresh_from_db()
    assert (project.lead, project.kind, str(project.goal_value)) == (flemish, "reform", "5.50")
    assert str(project.joined) == "2022-01-01"


@pytest.fixture
def shared() -> Project:
    """A project that Flanders and Wallonia carry, 90 and 10."""
    project = Project.objects.get(code="x-fla-blue-deal")
    project.allocations.all().delete()
    Project.objects.filter(pk=project.pk).update(budget=100)
    for code, amount in (("FLA", 90), ("WAL", 10)):
        authority = Authority.objects.get(code=code)
        Allocation.objects.create(project=project, authority=authority, amount=amount)
    project.refresh_from_db()
    return project


def shares(project: Project) -> dict[str, int]:
    return dict(project.allocations.values_list("authority__code", "amount"))


@pytest.mark.parametrize(
    ("choice", "after"), [("", {"FLA": 50, "DG": 50}), ("theirs", {"FLA": 80, "WAL": 20})]
)
def test_allocations_are_chosen_as_a_whole(
    first: Client, other: Client, shared: Project, choice: str, after: dict[str, int]
) -> None:
    mine = read(other, shared)
    hers = {"allocations-0-amount": 80, "allocations-1-amount": 20}
    assert save(first, shared, read(first, shared), **hers).status_code == 302
    changes = {
        "allocations-0-amount": 50,
        "allocations-1-DELETE": "on",
        "allocations-2-authority": Authority.objects.get(code="DG").pk,
        "allocations-2-amount": 50,
    }
    answer = save(other, shared, mine, **changes)
    assert answer.status_code == 409
    theirs, yours, preselected = shown(answer)["allocations"]
    assert "80" in theirs
    assert "50" in yours
    assert preselected == "mine"
    assert shares(shared) == {"FLA": 80, "WAL": 20}
    again = chosen(answer, **({"allocations": choice} if choice else {}))
    assert save(other, shared, again).status_code == 302
    assert shares(shared) == after


def test_an_allocation_that_went_meanwhile_is_told_and_can_come_back(
    first: Client, other: Client, shared: Project
) -> None:
    mine = read(other, shared)
    gone = {"allocations-0-amount": 100, "allocations-1-DELETE": "on"}
    assert save(first, shared, read(first, shared), **gone).status_code == 302
    answer = save(other, shared, mine, title_en="Another title")
    assert answer.status_code == 409
    assert shown(answer)["allocations"][2] == "theirs"
    again = chosen(answer, allocations="mine")
    assert save(other, shared, again).status_code == 302
    assert shares(shared) == {"FLA": 90, "WAL": 10}


def test_whoever_comes_second_waits_for_the_first(first: Client, milestone: Milestone) -> None:
    """The row is locked before the form looks at what others wrote."""
    form = read(first, milestone)
    with CaptureQueriesContext(connection) as queries:
        save(first, milestone, form, title_en="Mine")
    asked = [query["sql"] for query in queries]
    looked = next(n for n, sql in enumerate(asked) if "auditlog_logentry" in sql)
    begun = next(n for n, sql in enumerate(asked) if sql.startswith("SAVEPOINT"))
    assert begun < looked
    if connection.features.has_select_for_update:
        locked = next(n for n, sql in enumerate(asked) if "FOR UPDATE" in sql)
        assert locked < looked
