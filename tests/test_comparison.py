"""Comparisons compose: from a to b and then from b to c is from a to c."""

from datetime import date
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from milestones.comparison import Comparison, Moved, compare
from milestones.models import Assessment, Change, Milestone, ProgressReport
from milestones.quarter import Quarter
from projects.models import Authority, Project

MONTHS = ("2024-06", "2024-12", "2025-06")
DAYS = [date(2024, 1, 1), date(2024, 9, 1), date(2025, 3, 1), date(2025, 9, 1)]
QUARTERS = st.integers(2024 * 4, 2026 * 4 + 3).map(Quarter.from_index)
SAID = st.one_of(
    st.none(),
    st.tuples(st.just("done"), QUARTERS),
    st.tuples(st.sampled_from(["on-track", "delayed"]), QUARTERS),
)
# What each of three reports says of each of five milestones.
WORDS = st.lists(st.tuples(SAID, SAID, SAID), min_size=5, max_size=5)
# In which of the times between the reports each of three projects joined and left.
LIVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4)).filter(lambda life: life[0] < life[1]),
    min_size=3,
    max_size=3,
)


def contents(comparison: Comparison) -> list[object]:
    """All that a page shows of a comparison, beyond which records are the same."""
    return [
        [(m.milestone.code, m.before and m.before.status, m.after and m.after.status,
          m.quarters, m.kinds) for m in comparison.moves],
        [project.code for project in comparison.joined],
        [project.code for project in comparison.left],
        [change.number for change in comparison.changes],
        comparison.unchanged,
    ]  # fmt: skip


def assessment(said: tuple[str, Quarter] | None, key: int) -> Assessment | None:
    if said is None:
        return None
    status, quarter = said
    when = "done_quarter" if status == "done" else "expected"
    return Assessment(pk=key, status=status, **{when: quarter})


def in_memory(words: list[tuple[Assessment | None, ...]], a: int, b: int) -> Comparison:
    """What two of the reports say of milestones that no database knows."""
    project = Project(code="p")
    milestones = [
        Milestone(pk=key, code=f"m-{key}", project=project, baseline_due=Quarter(2025, 1))
        for key in range(1, len(words) + 1)
    ]
    reports = [ProgressReport(pk=key, month=month) for key, month in enumerate(MONTHS, 1)]
    moves = [
        Moved(milestone, said[a], said[b])
        for milestone, said in zip(milestones, words, strict=True)
        if said[a] or said[b]
    ]
    return Comparison(reports[a], reports[b], moves, [], [], [])


@given(WORDS)
def test_what_became_of_milestones_composes(words: list[tuple[object, ...]]) -> None:
    told = [
        tuple(assessment(said, 10 * row + place) for place, said in enumerate(three))  # type: ignore[arg-type]
        for row, three in enumerate(words, 1)
    ]
    whole = in_memory(told, 0, 2)
    composed = in_memory(told, 0, 1).then(in_memory(told, 1, 2))
    assert composed == whole
    assert contents(composed) == contents(whole)


@given(WORDS)
def test_every_milestone_is_in_a_list_or_unchanged(words: list[tuple[object, ...]]) -> None:
    told = [
        tuple(assessment(said, 10 * row + place) for place, said in enumerate(three))  # type: ignore[arg-type]
        for row, three in enumerate(words, 1)
    ]
    found = in_memory(told, 0, 1)
    listed = {
        moved.milestone.code
        for moves in (
            found.finished, found.newly_delayed, found.back_on_track, found.slipped,
            found.brought_forward, found.no_longer_done, found.first_reported,
            found.no_longer_reported,
        )
        for moved in moves
    }  # fmt: skip
    assert len(listed) + found.unchanged == len(found.moves)


@pytest.mark.django_db
@given(words=WORDS, lives=LIVES, days=st.lists(st.sampled_from(DAYS), max_size=4))
def test_so_do_the_comparisons_of_stored_reports(
    words: list[tuple[object, ...]], lives: list[tuple[int, int]], days: list[date]
) -> None:
    with transaction.atomic():
        reports = stored(words, lives, days)
        one, two, three = reports
        whole = compare(one, three)
        assert compare(one, two).then(compare(two, three)) == whole
        assert contents(compare(one, two).then(compare(two, three))) == contents(whole)
        transaction.set_rollback(True)


def stored(
    words: list[tuple[object, ...]], lives: list[tuple[int, int]], days: list[date]
) -> list[ProgressReport]:
    """Two published reports and a draft, projects that come and go, and lines of the log."""
    reports = [
        ProgressReport.objects.create(month=month, state="published", published_on="2025-07-01")
        for month in MONTHS[:2]
    ]
    reports.append(ProgressReport.objects.create(month=MONTHS[2]))
    lead = Authority.objects.first()
    projects = [
        Project.objects.create(
            code=f"x-{place}", kind="reform", lead=lead, joined=DAYS[joined],
            left=DAYS[left] if left < len(DAYS) else None,
        )
        for place, (joined, left) in enumerate(lives)
    ]  # fmt: skip
    for place, three in enumerate(words):
        milestone = Milestone.objects.create(
            code=f"x-m-{place}", project=projects[place % 3], kind="milestone", joined=DAYS[0],
            baseline_due=Quarter(2025, 1), due=Quarter(2025, 1),
        )  # fmt: skip
        for report, said in zip(reports, three, strict=True):
            if found := assessment(said, 0):  # type: ignore[arg-type]
                found.pk, found.report, found.milestone = None, report, milestone
                found.save()
    for number, day in enumerate(days, 100):
        Change.objects.create(
            number=number, made_on=day, kind="revision", record_type="project", record="x-0",
            field="title_en", role="editor",
        )  # fmt: skip
    return reports


@pytest.mark.django_db
def test_the_comparisons_of_the_plan_compose() -> None:
    reports = list(ProgressReport.objects.published())
    for one, two, three in combinations(reports, 3):
        whole, composed = compare(one, three), compare(one, two).then(compare(two, three))
        assert composed == whole
        assert contents(composed) == contents(whole)
        assert len(whole.moves) > 100


@pytest.mark.django_db
def test_only_what_follows_can_be_put_behind() -> None:
    one, two, three, four = ProgressReport.objects.published()
    with pytest.raises(ValueError, match="does not follow"):
        compare(one, two).then(compare(three, four))


@pytest.mark.django_db
def test_a_draft_is_compared_as_it_would_appear() -> None:
    before = ProgressReport.objects.current()
    assert before
    draft = ProgressReport.objects.create(month="2024-06")
    said = Assessment.objects.filter(report=before, status="on-track").select_related("milestone")
    done = said.first()
    assert done
    Assessment.objects.create(
        report=draft, milestone=done.milestone, status="done", done_quarter=Quarter(2024, 2)
    )
    found = compare(before, draft)
    assert [moved.milestone for moved in found.finished] == [done.milestone]
    assert len(found.no_longer_reported) == 409
