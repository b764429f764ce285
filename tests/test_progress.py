"""Progress: what changed between two reports, what is overdue, and by how much dates slipped."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from milestones.comparison import Comparison, compare
from milestones.figures import plan_figures, planned_and_actual, slippage
from milestones.models import Assessment, Change, Milestone, ProgressReport
from milestones.quarter import Quarter
from projects.models import Project
from tests.thaw import thawed

pytestmark = pytest.mark.django_db
Q = Quarter.parse
LISTS = (
    "finished", "newly_delayed", "back_on_track", "slipped", "brought_forward", "no_longer_done",
    "first_reported", "no_longer_reported",
)  # fmt: skip


def report(month: str) -> ProgressReport:
    return ProgressReport.objects.get(month=month)


@pytest.fixture
def milestone() -> Milestone:
    return Milestone.objects.create(
        code="m", project=Project.objects.get(code="x-5g"), kind="milestone", title_en="A step",
        baseline_due=Q("2024-Q1"), due=Q("2024-Q1"), joined=date(2024, 1, 1),
    )  # fmt: skip


@pytest.fixture
def between(milestone: Milestone) -> Any:
    """Compare two new reports, of which each says this of one milestone."""
    reports = [
        ProgressReport.objects.create(month=month, state="published", published_on="2025-01-01")
        for month in ("2024-06", "2024-12")
    ]

    def told(*words: tuple[str, str] | None) -> Comparison:
        for of, word in zip(reports, words, strict=True):
            if word:
                status, quarter = word
                when = "done_quarter" if status == "done" else "expected"
                Assessment.objects.create(
                    report=of, milestone=milestone, status=status, **{when: Q(quarter)}
                )
        return compare(*reports)

    return told


@pytest.mark.parametrize(
    ("before", "after", "expected", "quarters"),
    [
        (("on-track", "2024-Q4"), ("done", "2024-Q4"), {"finished"}, 0),
        (("delayed", "2024-Q4"), ("done", "2024-Q3"), {"finished"}, -1),
        (None, ("done", "2024-Q4"), {"finished"}, 0),
        (("on-track", "2024-Q4"), ("delayed", "2025-Q2"), {"newly_delayed", "slipped"}, 2),
        (("delayed", "2025-Q2"), ("on-track", "2025-Q2"), {"back_on_track"}, 0),
        (("delayed", "2025-Q2"), ("on-track", "2025-Q1"), {"back_on_track", "brought_forward"}, -1),
        (("on-track", "2024-Q4"), ("on-track", "2025-Q1"), {"slipped"}, 1),
        (("on-track", "2024-Q4"), ("on-track", "2024-Q4"), set(), 0),
        (None, ("on-track", "2025-Q1"), {"first_reported"}, 0),
        (None, ("delayed", "2025-Q1"), {"first_reported", "newly_delayed"}, 0),
        (("done", "2024-Q2"), ("delayed", "2025-Q1"),
         {"no_longer_done", "newly_delayed", "slipped"}, 3),
        (("on-track", "2024-Q4"), None, {"no_longer_reported"}, 0),
    ],
)  # fmt: skip
def test_what_became_of_a_milestone(
    between: Any, before: Any, after: Any, expected: set[str], quarters: int
) -> None:
    comparison = between(before, after)
    found = {name: getattr(comparison, name) for name in LISTS}
    assert {name for name, moved in found.items() if moved} == expected
    assert {moved.quarters for entries in found.values() for moved in entries} <= {quarters}
    assert comparison.unchanged == (0 if expected else 1)


def test_of_the_fixture_every_milestone_is_in_a_list_or_unchanged() -> None:
    comparison = compare(report("2023-06"), report("2023-12"))
    moved = {m.milestone.code for name in LISTS for m in getattr(comparison, name)}
    said = Assessment.objects.filter(report__month__in=["2023-06", "2023-12"])
    assert len(moved) + comparison.unchanged == said.values("milestone").distinct().count() == 410
    finished = plan_figures(report("2023-12"))["milestones-done"].value
    before = plan_figures(report("2023-06"))["milestones-done"].value
    assert len(comparison.finished) - len(comparison.no_longer_done) == finished - before == 34
    assert all(m.quarters > 0 for m in comparison.slipped)
    assert len(comparison.moved_dates) == 6


def test_projects_join_and_leave() -> None:
    later = ProgressReport.objects.create(
        month="2024-12", state="published", published_on="2025-01-01"
    )
    comparison = compare(report("2023-12"), later)
    assert [project.code for project in comparison.joined] == ["x-wal-tec-bus"]
    assert [project.code for project in comparison.left] == ["x-wal-tram-liege"]
    assert compare(report("2023-06"), report("2023-12")).joined == []
    assert plan_figures(later)["projects"].value == 127


def test_rewording_stands_in_the_comparison_with_its_words(client: Client) -> None:
    Change.objects.create(
        number=99, made_on=date(2023, 9, 1), kind="correction", record_type="project",
        record="x-5g", field="title_en", old="Fiver Gee", new="5G", role="editor",
        reason_en="A slip of the pen.",
    )  # fmt: skip
    comparison = compare(report("2023-06"), report("2023-12"))
    assert [change.record for change in comparison.reworded] == ["x-5g"]
    page = client.get("/en/progress/2023-06/2023-12/").content.decode()
    for words in ("<del>Fiver Gee</del>", "<ins>5G</ins>", "A slip of the pen."):
        assert words in page


def test_overdue_is_promised_before_the_report_and_not_done() -> None:
    def promised_for(quarter: str) -> Milestone:
        return Milestone.objects.create(
            code=f"m-{quarter}", project=Project.objects.get(code="x-5g"), kind="milestone",
            baseline_due=Q(quarter), due=Q("2025-Q1"), joined=date(2022, 1, 1),
        )  # fmt: skip

    def overdue(milestone: Milestone) -> bool:
        found = Milestone.objects.in_plan(current).overdue(current)
        assert found.count() == plan_figures(current)["milestones-overdue"].value
        return found.filter(pk=milestone.pk).exists()

    current = report("2023-12")
    for promised, late in (("2023-Q3", True), ("2023-Q4", False), ("2024-Q1", False)):
        assert overdue(promised_for(promised)) is late, promised
    late_since_2022 = promised_for("2022-Q1")
    assert overdue(late_since_2022)
    with thawed():
        Assessment.objects.create(
            report=current, milestone=late_since_2022, status="done", done_quarter=Q("2023-Q4")
        )
    assert not overdue(late_since_2022)


def test_slippage_is_counted_from_the_first_promise() -> None:
    current = report("2023-12")
    milestones = Milestone.objects.in_plan(current)
    found = slippage(milestones, current)
    by_hand = [said.slippage for said in Assessment.objects.filter(report=current)
               .select_related("milestone")]  # fmt: skip
    known = sorted(quarters for quarters in by_hand if quarters is not None)
    assert [q for q, n in found.counts for _i in range(n)] == known
    assert found.median == (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    assert found.unsaid + len(known) == milestones.count()


@pytest.mark.parametrize("month", ["2022-04", "2022-10", "2023-06", "2023-12"])
def test_planned_and_actual_end_at_all_milestones(month: str) -> None:
    of = report(month)
    paces = planned_and_actual(Milestone.objects.in_plan(of), of)
    figures = plan_figures(of)
    assert paces[-1].baseline == paces[-1].in_force == figures["milestones"].value
    told = [pace.done for pace in paces if pace.done is not None]
    assert told[-1] == figures["milestones-done"].value
    assert told == sorted(told)
    assert [pace.quarter for pace in paces if pace.done is None] == [
        pace.quarter for pace in paces if pace.quarter > Quarter.of(of.as_of)
    ]
    assert {b.quarter - a.quarter for a, b in pairwise(paces)} == {1}


def test_a_correction_leaves_the_published_words_as_they_were() -> None:
    current = report("2023-12")
    before = plan_figures(current)["milestones-done"].value
    said = Assessment.objects.filter(report=current, status="done").order_by("pk").first()
    unchanged = compare(report("2023-06"), current).unchanged
    Assessment.objects.create(
        report=current, milestone=said.milestone, version=2, corrects=said, status="delayed",
        expected=said.milestone.due + 3,
    )  # fmt: skip
    words = Assessment.objects.filter(report=current, milestone=said.milestone)
    assert [word.status for word in words.as_published()] == ["done"]
    assert [word.status for word in words.as_corrected()] == ["delayed"]
    assert plan_figures(current)["milestones-done"].value == before - 1
    assert compare(report("2023-06"), current).unchanged == unchanged


def test_a_milestone_shows_the_correction_and_what_it_corrects(client: Client) -> None:
    said = Assessment.objects.get(report=report("2023-12"), milestone__code="157")
    Assessment.objects.create(
        report=said.report, milestone=said.milestone, version=2, corrects=said, status="delayed",
        expected=Q("2025-Q1"), note_en="It was not done.",
    )  # fmt: skip
    page = client.get("/en/milestones/157/").content.decode()
    assert page.count('class="superseded"') == 1
    assert "It was not done." in page
