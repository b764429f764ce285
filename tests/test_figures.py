"""The published figures come out of the rows, and what is not known is never taken for zero."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db.models import F
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from milestones.figures import (
    contradictions,
    milestone_figures_by,
    plan_figures,
    share_sum,
)
from milestones.models import Milestone, ProgressReport
from projects.figures import (
    Figures,
    authority_money,
    project_figures,
    project_figures_by,
    share,
)
from projects.models import Allocation, Authority, Project
from projects.querysets import ProjectQuerySet

pytestmark = pytest.mark.django_db
STATUSES = ("done", "on-track", "delayed", "not-reported")


def report(month: str = "2023-12") -> ProgressReport:
    return ProgressReport.objects.get(month=month)


def figures(month: str = "2023-12") -> Figures:
    return plan_figures(report(month))


def in_plan() -> ProjectQuerySet:
    return Project.objects.in_plan(report().as_of)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("total-budget", 6_600_000_000),
        ("projects", 127),
        ("climate-share", 51),
        ("digital-share", 28),
        ("milestones", 410),
        ("milestones-done", 138),
        ("milestones-on-track", 216),
        ("milestones-delayed", 56),
        ("milestones-not-reported", 0),
        ("milestones-done-share", 34),
        ("milestones-on-track-share", 53),
        ("milestones-delayed-share", 14),
    ],
)
def test_december_2023_is_reproduced_from_the_rows(name: str, published: int) -> None:
    assert figures()[name].value == published


@pytest.mark.parametrize("name", ["total-budget", "projects", "climate-share", "digital-share"])
def test_a_figure_that_agrees_with_what_was_published_is_sourced(name: str) -> None:
    assert figures()[name].provenance == "sourced"


def test_a_figure_that_was_not_published_is_as_good_as_its_rows() -> None:
    assert figures()["projects-reform"].provenance == "reconstructed"
    assert figures("2022-04")["milestones-delayed"].provenance == "reconstructed"


def test_a_count_is_sourced_where_the_published_shares_leave_no_other() -> None:
    for status in ("done", "on-track", "delayed"):
        assert figures()[f"milestones-{status}"].provenance == "sourced"
    # 37 and 38 of 170 are both 22 per cent.
    assert figures("2022-10")["milestones-delayed"].provenance == "reconstructed"


@given(st.integers(0, 10**13), st.integers(1, 10**13))
def test_shares_are_rounded_half_up(part: int, whole: int) -> None:
    exact = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)
    assert share(part, whole) == exact


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) is None
    nothing = project_figures(Project.objects.none(), report().as_of)
    assert nothing["climate-share"].value is None
    assert nothing["projects"].value == 0


def test_shares_are_not_bent_to_make_a_hundred(client: Client) -> None:
    assert share_sum(figures()) == 101
    assert "together they make 101" in client.get("/en/").content.decode()


def test_a_missing_budget_is_left_out_and_said(client: Client) -> None:
    before = figures()["total-budget"]
    project = in_plan().filter(budget__gt=0).order_by("code").first()
    Project.objects.filter(pk=project.pk).update(budget=None)
    after = figures()["total-budget"]
    assert after.value == before.value - project.budget
    assert after.left_out == before.left_out + 1
    said = f"{after.left_out} projects whose budget is not published"
    assert said in client.get("/en/figures/total-budget/").content.decode()
    page = client.get(f"/en/projects/{project.code}/").content.decode()
    assert "<dt>Budget</dt><dd>not published</dd>" in page


def test_a_budget_of_zero_is_known() -> None:
    before = figures()["total-budget"]
    project = in_plan().filter(budget=None).first()
    Project.objects.filter(pk=project.pk).update(budget=0)
    after = figures()["total-budget"]
    assert (after.value, after.left_out) == (before.value, before.left_out - 1)


def test_where_no_budget_is_published_the_sum_is_not_zero(client: Client) -> None:
    Project.objects.filter(pillar__number=2).update(budget=None)
    money = project_figures_by(in_plan(), "pillar__number", report().as_of)[2]
    assert money["total-budget"].value is None
    assert money["climate-share"].value is None
    assert client.get("/en/pillars/digital/").status_code == 200
    Project.objects.update(budget=None)
    for path in ("", "plan/", "projects/", "figures/", "figures/total-budget/"):
        page = client.get(f"/en/{path}").content.decode()
        assert '<data data-figure="total-budget" value="">not published</data>' in page, path


def test_a_contribution_that_is_not_known_is_not_taken_for_zero() -> None:
    project = in_plan().filter(budget__gt=10**8, climate_contribution=100).first()
    Project.objects.filter(pk=project.pk).update(climate_contribution=None)
    known = in_plan().exclude(pk=project.pk)
    found = project_figures(in_plan(), report().as_of)["climate-share"]
    assert found.value == project_figures(known, report().as_of)["climate-share"].value
    assert found.left_out == in_plan().filter(budget=None).count() + 1


@pytest.mark.parametrize("field", ["pillar__number", "component__code", "lead__code", "kind"])
@pytest.mark.parametrize("name", ["total-budget", "projects", "projects-reform"])
def test_the_parts_make_the_whole(field: str, name: str) -> None:
    parts = project_figures_by(in_plan(), field, report().as_of)
    assert sum(part[name].value or 0 for part in parts.values()) == figures()[name].value


@pytest.mark.parametrize("field", ["project__pillar__number", "project__lead__code"])
@pytest.mark.parametrize("month", ["2022-04", "2023-12"])
def test_the_milestones_of_the_parts_make_the_whole(field: str, month: str) -> None:
    parts = milestone_figures_by(Milestone.objects.in_plan(report(month)), field, report(month))
    for name in ("milestones", "milestones-overdue", *(f"milestones-{s}" for s in STATUSES)):
        assert sum(part[name].value for part in parts.values()) == figures(month)[name].value


def test_money_by_authority_is_by_allocation_and_makes_the_total() -> None:
    money = authority_money(in_plan(), report().as_of)
    assert len(money) == 6
    assert sum(figure.value for figure in money.values()) == 6_600_000_000
    project = in_plan().get(code="x-wal-tram-liege")
    Allocation.objects.filter(project=project).update(amount=F("amount") - 5)
    community = Authority.objects.get(code="DG")
    Allocation.objects.create(project=project, authority=community, amount=5)
    after = authority_money(in_plan(), report().as_of)
    assert sum(figure.value for figure in after.values()) == 6_600_000_000
    assert after["WAL"].value == money["WAL"].value - 5


def test_a_corrected_budget_is_followed_by_every_page(client: Client) -> None:
    project = in_plan().get(code="x-wal-tram-liege")
    Project.objects.filter(pk=project.pk).update(budget=project.budget + 10**9)
    Allocation.objects.filter(project=project).update(amount=F("amount") + 10**9)
    for path in ("", "plan/", "figures/", "figures/total-budget/", "projects/"):
        page = client.get(f"/en/{path}").content.decode()
        assert 'data-figure="total-budget" value="7600000000"' in page, path
        assert "€7.6\u00a0bn" in page, path
    mobility = in_plan().filter(pillar__number=3)
    total = project_figures(mobility, report().as_of)["total-budget"].value
    assert f'value="{total}"' in client.get("/en/pillars/mobility/").content.decode()


def test_the_launch_day_contradicts_itself_and_is_explained(client: Client) -> None:
    found = {c.published.figure: c for c in contradictions(report("2022-04"), figures("2022-04"))}
    assert {name: (c.published.value, c.figure.value) for name, c in found.items()} == {
        "milestones-done-share": (6, 20),
        "milestones-on-track-share": (22, 72),
    }
    page = client.get("/en/progress/2022-04/").content.decode()
    for contradiction in found.values():
        assert contradiction.published.explanation_en in page
        assert contradiction.figure.provenance == "reconstructed"
    assert not contradictions(report(), figures())
