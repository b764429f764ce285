"""Two laws: what went out changes nothing when it comes back; what is shown is what is written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones import actions
from milestones.models import Milestone, ProgressReport, User
from milestones.sheet.applying import apply
from milestones.sheet.cells import stored
from milestones.sheet.columns import columns_of
from milestones.sheet.filled import Filled, filled
from milestones.sheet.preview import preview
from milestones.sheet.rows import rows
from milestones.sheet.table import opened
from milestones.sheet.writing import comma_separated, workbook
from projects.models import Plan
from tests.desk.sheets import fill

pytestmark = pytest.mark.django_db
LAW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
signs = st.sampled_from([*"=+-@'\"\t\r\n;, _x", "\r\n", "'=", "＝", "é", "ж", "中", "𝔘", "\ufeff"])
texts = st.one_of(
    st.lists(signs, max_size=8).map("".join),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        max_size=30,
    ),
    st.sampled_from(
        ["None", "=1+1", "'=1", "''", "1/2", "2024-Q4", "TRUE", "#REF!", "1e5", "_x000D_"]
    ),
)
quarters = st.sampled_from(["2023-Q4", "2024-Q1", "2024-Q2", "2025-Q3"])
values = st.one_of(
    st.none(),
    st.decimals(Decimal("-9999999999999999.99"), Decimal("9999999999999999.99"), places=2),
)


@st.composite
def assessments(draw: Any) -> dict[str, Any]:
    """What somebody may say of a target."""
    status = draw(st.sampled_from(["done", "on-track", "delayed"]))
    done = draw(quarters.filter(lambda q: q <= "2024-Q2")) if status == "done" else None
    expected = draw(quarters if status == "delayed" else st.one_of(st.none(), quarters))
    return {
        "status": status,
        "done_quarter": done,
        "expected": expected,
        "achieved_value": draw(values),
        "note_nl": draw(texts),
        "note_en": draw(texts),
        "evidence": draw(st.sampled_from(["", "https://example.org/?a=1&b='2'", "http://x.be/é"])),
    }


@pytest.fixture
def coordinator(person: Callable[..., User]) -> User:
    """Somebody of the authority with the fewest milestones: each example writes its sheet."""
    return person("coordinator", "DG")


@pytest.fixture
def target(draft: ProgressReport, coordinator: User) -> Milestone:
    return next(row.milestone for row in rows(draft, coordinator) if row.milestone.kind == "target")


def sheet(kind: str, report: ProgressReport, by: User) -> bytes:
    columns, found = columns_of(Plan.objects.get()), rows(report, by)
    if kind == "csv":
        return comma_separated(columns, found, report.month)
    return workbook(columns, found, report, report.month)


def returned(data: bytes, report: ProgressReport) -> Filled:
    return filled(opened(data), columns_of(Plan.objects.get()), report)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@LAW
@given(words=assessments())
def test_a_round_trip_of_any_words_changes_nothing(
    kind: str, words: dict[str, Any], target: Milestone, draft: ProgressReport, coordinator: User
) -> None:
    with transaction.atomic():
        actions.assess(milestone=target, report=draft, words=words, by=coordinator)
        back = preview(returned(sheet(kind, draft, coordinator), draft), draft, coordinator)
        assert (back.proposals, back.faults, back.kept) == ([], [], [])
        transaction.set_rollback(True)


@LAW
@given(old=st.one_of(st.none(), assessments()), new=assessments(), unchanged=st.booleans())
def test_what_the_preview_shows_is_exactly_what_is_written(
    old: dict[str, Any] | None, new: dict[str, Any], unchanged: bool, client: Client,
    target: Milestone, draft: ProgressReport, coordinator: User,
) -> None:  # fmt: skip
    with transaction.atomic():
        if old:
            actions.assess(milestone=target, report=draft, words=old, by=coordinator)
        cells: dict[str, Any] = {"unchanged": "yes"} if unchanged else typed(new)
        file = returned(fill(sheet("xlsx", draft, coordinator), {target.code: cells}), draft)
        was, shown = row(target, draft, coordinator), preview(file, draft, coordinator)
        assert row(target, draft, coordinator) == was, "a preview writes nothing"
        if not shown.faults:
            apply(file=file, report=draft, shown=shown.state, chosen=(), by=coordinator)
            now = row(target, draft, coordinator)
            changed = {name: (was[name], now[name]) for name in was if was[name] != now[name]}
            told = [(step.old, step.new) for each in shown.proposals for step in each.steps]
            words = {"on-track": "on track"}
            assert told == [tuple(words.get(v, v) for v in pair) for pair in changed.values()]
            if not (old or unchanged):
                assert now["status"] == new["status"]
        transaction.set_rollback(True)


def typed(words: dict[str, Any]) -> dict[str, Any]:
    """The cells in which somebody writes these words."""
    return {name: stored(value) or None for name, value in words.items()}


def row(milestone: Milestone, report: ProgressReport, by: User) -> dict[str, str]:
    """What the draft says of a milestone."""
    return next(row.words for row in rows(report, by) if row.milestone == milestone)
