"""What was published stays on the page of its report; what was corrected since stands beside it."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones import editions
from milestones.actions import assess, correct, open_report, publish, sign_unchanged
from milestones.figures import plan_figures
from milestones.log import Line, append
from milestones.models import Assessment, Edition, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from nextgen.package.reading import read
from nextgen.package.stored import stored
from nextgen.package.writing import zipped
from projects.models import Project

pytestmark = pytest.mark.django_db
LATEST, WHY = "/en/progress/2024-06/", "It was counted twice."


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", role="editor")


@pytest.fixture
def edition(editor: User) -> Edition:
    """The report of June 2024, published: one milestone finished, all others unchanged."""
    report = open_report(month="2024-06", closes_on=None, by=editor)
    milestones = Milestone.objects.filter(assessments__report__month="2023-12")
    sign_unchanged(milestones=milestones, report=report, by=editor)
    late = Milestone.objects.filter(assessments__report=report, assessments__status="delayed")[0]
    words = {"status": "done", "done_quarter": Quarter(2024, 2), "expected": None}
    assess(milestone=late, report=report, words=words, by=editor)
    return publish(report=report, by=editor, pack=lambda: zipped(stored()))  # type: ignore[arg-type]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def value(page: str, figure: str) -> str:
    """What a page gives as this figure of the whole plan."""
    found = re.search(
        rf'<data data-figure="{figure}" value="(\d+)"(?: data-report="[^"]+")?>', page
    )
    assert found, figure
    return found[1]


def no_longer_done(editor: User, month: str) -> Assessment:
    said = Assessment.objects.filter(report__month=month, status="done").order_by("pk")[0]
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 4)}
    return correct(assessment=said, words=words, why=WHY, by=editor)


def test_a_corrected_assessment_leaves_the_edition_as_it_was_and_stands_beside_it(
    client: Client, editor: User, edition: Edition
) -> None:
    assert value(shown(client, LATEST), "milestones-done") == "139"
    assert "Nothing that this report says was corrected." in shown(client, LATEST)
    corrected = no_longer_done(editor, "2024-06")
    page = shown(client, LATEST)
    assert value(page, "milestones-done") == "139"
    assert '<span class="corrected">corrected since: 138</span>' in page
    assert f'href="/en/milestones/{corrected.milestone.code}/"' in page.split('id="changed"')[1]
    assert WHY in page
    assert "status, report of June\u00a02024" in page
    for live in ("/en/", "/en/figures/milestones-done/"):
        assert value(shown(client, live), "milestones-done") == "138", live


def test_the_wall_and_the_tables_of_an_edition_are_as_published(
    client: Client, editor: User, edition: Edition
) -> None:
    def drawn() -> tuple[object, object]:
        context = client.get(LATEST).context
        return context["wall"], [
            [(row.name, row.figures) for row in context[rows]]
            for rows in ("by_pillar", "by_authority")
        ]

    before = drawn()
    no_longer_done(editor, "2024-06")
    assert drawn() == before
    context = client.get(LATEST).context
    assert sum(column.counts.get("done", 0) for column in context["wall"].lying.columns) == 139
    assert sum("milestones-done" in row.corrected for row in context["by_pillar"]) == 1
    assert sum("milestones-done" in row.corrected for row in context["by_authority"]) == 1
    assert client.get("/en/").context["wall"] != before[0]


def test_a_corrected_budget_leaves_the_edition_as_it_was(
    client: Client, editor: User, edition: Edition
) -> None:
    Project.objects.filter(code="x-5g").update(budget=900_000_000)
    append(
        [Line("project", "x-5g", "budget", "1", "900000000")],
        kind="correction", reason=WHY, role=editor.role,
    )  # fmt: skip
    page = shown(client, LATEST)
    total = plan_figures(edition.report)["total-budget"].value or 0
    assert total > 7_000_000_000
    assert value(page, "total-budget") == "6600000000"
    assert '<span class="corrected">changed since: €7.' in page
    assert "€900,000,000" in page.split('id="changed"')[1]
    assert value(shown(client, "/en/"), "total-budget") == str(total)


def test_what_was_changed_before_an_edition_is_no_correction_of_it(
    client: Client, editor: User
) -> None:
    append(
        [Line("project", "x-5g", "budget", "1", "2")],
        kind="correction", reason="Before it appeared.", role="editor",
    )  # fmt: skip
    report = open_report(month="2024-06", closes_on=None, by=editor)
    milestones = Milestone.objects.filter(assessments__report__month="2023-12")
    sign_unchanged(milestones=milestones, report=report, by=editor)
    publish(report=report, by=editor, pack=lambda: zipped(stored()))  # type: ignore[arg-type]
    assert "Before it appeared." not in shown(client, LATEST)


def test_all_reports_and_the_comparison_speak_as_published(
    client: Client, editor: User, edition: Edition
) -> None:
    no_longer_done(editor, "2024-06")
    row = shown(client, "/en/progress/").split('<tr data-edition="2024-06">')[1].split("</tr>")[0]
    assert value(row, "milestones-done") == "139"
    page = shown(client, "/en/progress/2023-12/2024-06/")
    cells = re.findall(r'<td class="n" data-edition="([^"]+)">.*?value="(\d+)"', page)
    assert cells[:2] == [("2023-12", "138"), ("2024-06", "139")]


def test_the_package_is_what_its_sum_says_and_reads_without_fault(
    client: Client, edition: Edition, tmp_path: Path
) -> None:
    page = shown(client, LATEST)
    assert '<a href="/en/progress/2024-06/package.zip"' in page
    assert "sha256sum nextgen-2024-06.zip" in page
    found = re.search(r'<code class="digest">([0-9a-f]{64})</code>', page)
    assert found
    answer = client.get("/en/progress/2024-06/package.zip")
    assert hashlib.sha256(answer.content).hexdigest() == found[1] == edition.sha256
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nextgen-2024-06.zip"'
    assert answer.headers["ETag"] == f'"{edition.sha256}"'
    assert "immutable" in answer.headers["Cache-Control"]
    (tmp_path / "plan.zip").write_bytes(answer.content)
    package = read(tmp_path / "plan.zip")
    assert [row["month"] for row in package.tables["reports"]][-1] == "2024-06"
    assert package.tables["reports"][-1]["state"] == "published"


def test_a_package_that_has_not_changed_is_neither_sent_nor_read_again(
    client: Client, edition: Edition
) -> None:
    path = "/en/progress/2024-06/package.zip"
    with CaptureQueriesContext(connection) as queries:
        again = client.get(path, headers={"If-None-Match": f'"{edition.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    assert not any('"package"' in query["sql"] for query in queries)


@pytest.mark.parametrize("path", [LATEST, "/en/progress/", "/en/progress/2023-12/2024-06/"])
def test_no_page_reads_a_package(client: Client, edition: Edition, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        shown(client, path)
    assert not any('"package"' in query["sql"] for query in queries)


def test_a_report_from_before_the_editions_says_so(client: Client) -> None:
    page = shown(client, "/en/progress/2023-12/")
    assert "This report was published before this site kept editions." in page
    assert "package.zip" not in page
    assert client.get("/en/progress/2023-12/package.zip").status_code == 404


def test_a_draft_has_neither_page_nor_package(client: Client, editor: User) -> None:
    open_report(month="2024-06", closes_on=None, by=editor)
    for path in (LATEST, f"{LATEST}package.zip", "/en/progress/2023-12/2024-06/"):
        assert client.get(path).status_code == 404


def test_an_imported_report_is_frozen_as_it_was_published() -> None:
    """Its first words count, also where a correction came along."""
    report = ProgressReport.objects.get(month="2023-12")
    kept = editions.as_published(Edition.objects.get(report=report))
    now = editions.figures_of(report)
    assert {scope: set(figures) for scope, figures in kept.items()} == {
        scope: set(figures) for scope, figures in now.items()
    }
    for scope, figures in editions.figures_of(report, as_published=True).items():
        for name, figure in figures.items():
            assert kept[scope][name] == replace(figure, report=report.month), (scope, name)
    assert editions.corrected(kept, report) == {scope: {} for scope in kept}


def test_figures_of_an_edition_carry_the_scope_that_pages_give_them(client: Client) -> None:
    report = ProgressReport.objects.get(month="2023-12")
    for scope, figures in editions.as_published(Edition.objects.get(report=report)).items():
        assert {figure.scope for figure in figures.values()} == {scope}
    assert report.as_of == date(2023, 12, 31)
