"""Whatever the desk does, what was published stays as it was published."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from milestones import actions
from milestones.comparison import compare
from milestones.models import Assessment, Edition, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from milestones.rhythm import months_later
from nextgen.package.actions import import_plan
from nextgen.package.package import Package
from nextgen.package.reading import read
from nextgen.package.stored import stored
from nextgen.publishing import pack
from tests.package.edits import FIXTURES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_plan")]
STATUSES = st.sampled_from(["done", "on-track", "delayed"])
PLACES = st.integers(0, 19)
QUARTERS = st.integers(-4, 8)


class Desk(RuleBasedStateMachine):
    """An editor who does anything in any order, over the small plan of Lorvania."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint_create()
        import_plan(read(FIXTURES / "minimal"))
        self.editor = User.objects.create_user("editor", role="editor")
        self.published: dict[str, Any] = {}
        self.said: dict[int, Any] = {}
        self.remember()

    def teardown(self) -> None:
        reports = list(ProgressReport.objects.published())
        for a, b, c in itertools.combinations(reports, 3):
            assert compare(a, b).then(compare(b, c)) == compare(a, c)
        transaction.savepoint_rollback(self.point)

    def remember(self) -> None:
        """Notes what stands published and must stand so for ever."""
        editions = Edition.objects.values_list("report__month", "figures", "sha256", "package")
        self.published = {month: rest for month, *rest in editions}
        first = Assessment.objects.as_published().filter(report__state="published")
        self.said = {row["id"]: row for row in first.values()}

    @property
    def draft(self) -> ProgressReport | None:
        return ProgressReport.objects.filter(state="draft").first()

    def milestone(self, place: int) -> Milestone:
        return Milestone.objects.select_related("project__lead").order_by("code")[place]

    def words(self, status: str, quarters: int, report: ProgressReport) -> dict[str, Any]:
        now = Quarter.of(report.as_of)
        done = status == "done"
        when = now + (min(quarters, 0) if done else quarters)
        return {"status": status, "done_quarter": when if done else None,
                "expected": None if done else when}  # fmt: skip

    @precondition(lambda self: self.draft is None)
    @rule()
    def open(self) -> None:
        current = ProgressReport.objects.current()
        assert current
        month = months_later(current.as_of, 6).strftime("%Y-%m")
        actions.open_report(month=month, closes_on=None, by=self.editor)

    @precondition(lambda self: self.draft is not None)
    @rule(place=PLACES, status=STATUSES, quarters=QUARTERS)
    def assess(self, place: int, status: str, quarters: int) -> None:
        assert self.draft
        actions.assess(
            milestone=self.milestone(place),
            report=self.draft,
            words=self.words(status, quarters, self.draft),
            by=self.editor,
        )

    @precondition(lambda self: self.draft is not None)
    @rule(place=PLACES)
    def sign_unchanged(self, place: int) -> None:
        assert self.draft
        milestone = self.milestone(place)
        earlier = actions.before(self.draft)
        if Assessment.objects.filter(report=earlier, milestone=milestone).exists():
            actions.sign_unchanged(milestones=[milestone], report=self.draft, by=self.editor)

    @precondition(lambda self: self.draft is not None)
    @rule()
    def publish(self) -> None:
        assert self.draft
        if Assessment.objects.filter(report=self.draft).exists():
            before = self.published.copy()
            actions.publish(report=self.draft, by=self.editor, pack=pack)
            self.remember()
            assert {month: self.published[month] for month in before} == before

    @rule(place=PLACES, quarters=QUARTERS)
    def move(self, place: int, quarters: int) -> None:
        milestone = self.milestone(place)
        if quarters:
            due = min(milestone.due + quarters, Quarter(2028, 1))
            if due != milestone.due:
                actions.move_due(
                    milestone=milestone,
                    due=due,
                    reasons={"fr": "Des retards.", "en": "Delays."},
                    by=self.editor,
                )

    @rule(place=st.integers(0, 26), status=STATUSES, quarters=QUARTERS)
    def correct(self, place: int, status: str, quarters: int) -> None:
        newest = Assessment.objects.as_corrected().filter(report__state="published")
        said = newest.select_related("report", "milestone__project__lead").order_by("pk")[
            place % newest.count()
        ]
        words = self.words(status, quarters, said.report)
        if any(getattr(said, name) != value for name, value in words.items()):
            actions.correct(assessment=said, words=words, why="An error.", by=self.editor)

    @rule(place=st.integers(0, 7), amount=st.integers(1, 10**9))
    def import_another_budget(self, place: int, amount: int) -> None:
        package = stored()
        assert package
        tables = {name: list(rows) for name, rows in package.tables.items()}
        share = tables["allocations"][place]
        one = [row for row in tables["allocations"] if row["project"] == share["project"]]
        if len(one) > 1:
            return
        tables["allocations"][place] = replace(share, cells=share.cells | {"amount": str(amount)})
        tables["projects"] = [
            replace(row, cells=row.cells | {"budget": str(amount)})
            if row["code"] == share["project"]
            else row
            for row in tables["projects"]
        ]
        import_plan(Package.of(package.languages, tables), why="Counted again.")

    @invariant()
    def what_was_published_stays(self) -> None:
        published, said = self.published, self.said
        self.remember()
        assert self.published == published
        assert {pk: self.said[pk] for pk in said} == said


def test_no_sequence_of_work_changes_what_was_published() -> None:
    run_state_machine_as_test(
        Desk, settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )
