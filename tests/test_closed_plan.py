"""When the plan is closed, every page tells what came of it, and nothing is 'on track' any more."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones import outcomes
from milestones.editions import figures_of
from milestones.figures import DECLARED, plan_figures
from milestones.models import (
    Assessment,
    Milestone,
    Outcome,
    PaymentRequest,
    ProgressReport,
    Verdict,
)
from nextgen.charts import make
from nextgen.charts.scope import Scope
from projects.models import Plan, Project
from tests.test_queries import make_the_plan_ten_times_as_large

pytestmark = pytest.mark.django_db
LANGUAGES = ["nl", "fr", "de", "en"]
SAID = Verdict.Outcome.values
# One of its milestones is judged, and found fulfilled; 157 alone was found not fulfilled.
PARTLY, JUDGED, UNJUDGED = "I-2.09", "157", "x-wal-tram-liege"
FIGURE = re.compile(r'<data data-figure="([a-z-]+)" value="(\d*)"')
MEANINGLESS = re.compile(r'data-status="(on-track|delayed|not-reported)"|milestones-(on|del|not-r)')


@pytest.fixture
def closed() -> None:
    Plan.objects.update(state=Plan.State.CLOSED)


@pytest.fixture
def report() -> ProgressReport:
    found = ProgressReport.objects.current()
    assert found
    return found


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def main(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", maxsplit=1)[0]


def told(html: str) -> dict[str, int]:
    """The figures of the whole plan on a page: the first of each name."""
    found: dict[str, int] = {}
    for name, value in FIGURE.findall(html):
        found.setdefault(name, int(value or 0))
    return found


def results(html: str) -> int:
    found = re.search(r'data-results value="(\d+)"', html)
    assert found
    return int(found[1])


def judge(milestone: Milestone, verdict: str, day: date) -> None:
    request = PaymentRequest.objects.get(number=1)
    Verdict.objects.create(request=request, milestone=milestone, decided_on=day, verdict=verdict)


# What came of it: the rule.


@given(st.lists(st.lists(st.sampled_from(SAID), max_size=3), max_size=4))
@settings(max_examples=40)
def test_what_came_of_a_project_follows_from_the_newest_verdicts(history: list[list[str]]) -> None:
    report = ProgressReport.objects.get(month="2023-12")
    with transaction.atomic():
        project = Project.objects.get(code=UNJUDGED)
        own = list(Milestone.objects.in_plan(report).filter(project=project))
        kept, gone = own[: len(history)], own[len(history) :]
        Milestone.objects.filter(pk__in=[each.pk for each in gone]).update(left=date(2023, 1, 1))
        for milestone, verdicts in zip(kept, history, strict=True):
            for number, verdict in enumerate(verdicts):
                judge(milestone, verdict, date(2024, 7, 3) + timedelta(days=number))
        newest = [verdicts[-1] if verdicts else None for verdicts in history]
        fulfilled = newest.count("fulfilled")
        wanted = (
            Outcome.UNKNOWN if not any(newest)
            else Outcome.NOT_FULFILLED if not fulfilled
            else Outcome.FULFILLED if fulfilled == len(newest)
            else Outcome.PARTLY
        )  # fmt: skip
        assert outcomes.outcomes([project], report)[project.pk] == wanted
        judged = Milestone.objects.in_plan(report).filter(project=project).with_outcome()
        assert Counter(judged.values_list("outcome", flat=True)) == Counter(
            "unknown" if each is None else "fulfilled" if each == "fulfilled" else "not-fulfilled"
            for each in newest
        )
        transaction.set_rollback(True)


@given(st.dictionaries(st.integers(0, 409), st.sampled_from(SAID), max_size=30))
@settings(max_examples=15)
def test_outcomes_part_the_milestones_and_the_projects(verdicts: dict[int, str]) -> None:
    report = ProgressReport.objects.get(month="2023-12")
    with transaction.atomic():
        every = list(Milestone.objects.in_plan(report))
        for place, verdict in verdicts.items():
            judge(every[place], verdict, date(2025, 1, 1))
        for scope, figures in figures_of(report, closed=True).items():
            if "milestones" in figures:
                names = [outcomes.name_of("milestones", each) for each in outcomes.OF_MILESTONES]
                assert sum(figures[name].value or 0 for name in names) == (
                    figures["milestones"].value
                ), scope
        figures = plan_figures(report, closed=True)
        names = [outcomes.name_of("projects", each) for each in outcomes.OF_PROJECTS]
        assert sum(figures[name].value or 0 for name in names) == figures["projects"].value
        transaction.set_rollback(True)


def test_the_newest_verdict_counts_and_a_declaration_does_not(report: ProgressReport) -> None:
    def outcome() -> Any:
        found = Milestone.objects.filter(code=JUDGED).with_outcome().get()
        return found.outcome, found.latest_verdict, found.judged_on

    assert outcome() == ("not-fulfilled", "not-fulfilled", date(2024, 7, 2))
    milestone = Milestone.objects.get(code=JUDGED)
    judge(milestone, "fulfilled", date(2025, 3, 1))
    assert outcome()[0] == "fulfilled"
    judge(milestone, "suspended", date(2025, 4, 1))
    assert outcome() == ("not-fulfilled", "suspended", date(2025, 4, 1))
    declared = Milestone.objects.in_plan(report).with_status(report).filter(status="done")
    unjudged = declared.filter(verdicts=None).with_outcome()
    assert unjudged.count() > 100
    assert set(unjudged.values_list("outcome", flat=True)) == {"unknown"}


# What citizens see.


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_tells_what_came_of_the_plan(client: Client, language: str) -> None:
    html = page(client, f"/{language}/")
    figures = told(html)
    assert {name: figures[name] for name in figures if "milestones" in name} == {
        "milestones": 410,
        "milestones-outcome-unknown": 390,
        "milestones-fulfilled-share": 5,
        "milestones-fulfilled": 19,
        "milestones-not-fulfilled-share": 0,
        "milestones-not-fulfilled": 1,
        "milestones-outcome-unknown-share": 95,
    }
    assert figures["projects-partly-fulfilled"] == 14
    assert "2026" in html.split('class="ended"')[1].split("</p>")[0]
    assert not MEANINGLESS.search(html)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [("plan", []), ("pillar", ["mobility"]), ("authority", ["FLA"]), ("projects", []),
     ("milestones", []), ("charts", []), ("figure", ["milestones-fulfilled-share"])],
)  # fmt: skip
def test_no_page_says_on_track_or_delayed(
    client: Client, language: str, name: str, arguments: list[str]
) -> None:
    with translation.override(language):
        html = page(client, reverse(name, args=arguments))
    assert not MEANINGLESS.search(html)
    assert 'data-outcome="' in html or name in ("charts", "figure")


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_milestone_tells_the_verdict_and_beside_it_what_was_declared(
    client: Client, language: str
) -> None:
    with translation.override(language):
        address = reverse("milestone", args=[JUDGED])
    lead = page(client, address).split('<p class="lead">')[1].split("</p>")[0]
    assert 'data-outcome="not-fulfilled"' in lead
    assert "data-status" not in lead
    assert "2022" in lead  # the quarter in which its authority declared it done
    judge(Milestone.objects.get(code=JUDGED), "reversed", date(2025, 5, 2))
    lead = page(client, address).split('<p class="lead">')[1].split("</p>")[0]
    with translation.override(language):
        assert f"({Verdict.Outcome.REVERSED.label})" in lead
    assert "2025" in lead


@pytest.mark.usefixtures("closed")
def test_a_milestone_that_was_on_track_is_unknown_and_not_declared_done(client: Client) -> None:
    html = page(client, "/en/milestones/x-r-fla-grid-2/")
    lead = html.split('<p class="lead">')[1].split("</p>")[0]
    assert 'data-outcome="unknown"' in lead
    assert "did not declare it done" in lead
    now = html.split('<p class="now">')[1].split("</p>")[0]
    assert "data-status" not in now


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_tells_its_outcome_and_that_of_its_milestones(
    client: Client, language: str, report: ProgressReport
) -> None:
    with translation.override(language):
        html = page(client, reverse("project", args=[PARTLY]))
    facts = html.split('<dl class="facts">')[1].split("</dl>")[0]
    assert 'data-outcome="partly-fulfilled"' in facts
    timeline = html.split('class="timeline"')[1].split("</ol>")[0]
    shown = Counter(re.findall(r'data-outcome="([a-z-]+)"', timeline))
    assert shown == {"fulfilled": 1, "unknown": 5}
    project = Project.objects.get(code=PARTLY)
    assert outcomes.outcomes([project], report) == {project.pk: "partly-fulfilled"}


@pytest.mark.usefixtures("closed")
def test_a_citation_tells_the_outcome(client: Client) -> None:
    said = client.get(f"/en/projects/{PARTLY}/cite.json").json()[0]["title"]
    assert "1 of 6 milestones fulfilled" in said
    said = client.get(f"/en/milestones/{JUDGED}/cite.json").json()[0]["title"]
    assert "not fulfilled" in said
    assert "done" not in said


# Lists and files.


@pytest.mark.usefixtures("closed")
def test_lists_are_chosen_by_outcome(client: Client) -> None:
    html = page(client, "/en/milestones/?outcome=not-fulfilled")
    assert results(html) == 1
    assert f'data-milestone="{JUDGED}"' in html
    assert 'data-facet="outcome" data-value="unknown" data-count="390"' in html
    assert 'data-facet="status"' not in html
    assert "Without </span>" in html
    html = page(client, "/en/projects/?outcome=partly-fulfilled&outcome=fulfilled")
    assert results(html) == 15
    assert 'data-facet="outcome" data-value="partly-fulfilled" data-count="14"' in html
    assert results(page(client, "/en/projects/?outcome=wonderful")) == 127
    assert results(page(client, "/en/milestones/?outcome=partly-fulfilled")) == 410


@pytest.mark.parametrize(
    ("query", "rows"), [("status=done", 138), ("status=on-track", 216), ("overdue=yes", 19)]
)
@pytest.mark.usefixtures("closed")
def test_an_old_link_means_what_the_last_report_declared_and_says_so(
    client: Client, query: str, rows: int
) -> None:
    html = page(client, f"/en/milestones/?{query}")
    assert results(html) == rows
    assert 'role="alert"' not in html
    warning = html.split('<p class="warning">')[1].split("</p>")[0]
    assert "declared in their last report" in warning
    assert not re.search(r'<p class="amount">[^\n]*data-status', html)
    exported = client.get(f"/en/milestones/export.csv?{query}").content.decode()
    assert len(list(csv.DictReader(io.StringIO(exported)))) == rows
    assert client.get(f"/api/v1/milestones?{query}").json()["count"] == rows


@pytest.mark.usefixtures("closed")
def test_as_of_an_earlier_report_a_list_tells_what_that_said(client: Client) -> None:
    html = page(client, "/en/milestones/?report=2022-10&status=delayed")
    assert 'data-facet="status" data-value="delayed"' in html
    assert 'data-facet="outcome"' not in html
    assert re.search(r'<p class="amount">[^\n]*data-status="delayed"', html)
    chosen = page(client, "/en/milestones/?report=2022-10&outcome=not-fulfilled")
    assert results(chosen) == 1
    assert 'role="alert"' not in chosen


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("name", ["milestones", "projects"])
def test_files_and_api_carry_the_outcome_beside_what_was_declared(
    client: Client, name: str
) -> None:
    text = client.get(f"/en/{name}/export.csv").content.decode()
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    told_by_json = json.loads(client.get(f"/en/{name}/export.json").content)
    items = client.get(f"/api/v1/{name}?page_size=500").json()["items"]
    assert len(rows) == len(items)
    for item in items:
        row = rows[item["code"]]
        assert row["outcome"] == item["outcome"]
        if name == "milestones":
            assert row["status"] == item["status"]
        else:
            assert [int(row[each]) for each in ("done", "on-track", "fulfilled", "unknown")] == [
                item[each] for each in ("done", "on-track", "fulfilled", "unknown")
            ]
    assert [each["outcome"] for each in told_by_json["items"]] == [
        row["outcome"] for row in rows.values()
    ]
    one = client.get(f"/api/v1/{name}/{JUDGED if name == 'milestones' else PARTLY}").json()
    assert one["outcome"] == ("not-fulfilled" if name == "milestones" else "partly-fulfilled")
    if name == "milestones":
        assert (rows[JUDGED]["verdict"], rows[JUDGED]["decided_on"]) == (
            "not-fulfilled", "2024-07-02",
        )  # fmt: skip
    chosen = client.get(f"/api/v1/{name}?outcome=not-fulfilled").json()
    assert chosen["count"] == 1


def test_the_api_describes_the_outcome_once_the_plan_is_closed(client: Client) -> None:
    def described() -> tuple[set[str], set[str]]:
        found = client.get("/api/v1/openapi.json").json()
        asked = {each["name"] for each in found["paths"]["/milestones"]["get"]["parameters"]}
        return set(found["components"]["schemas"]["Milestone"]["properties"]), asked

    fields, asked = described()
    assert "outcome" not in fields | asked
    assert "outcome" not in client.get("/api/v1/milestones/157").json()
    assert client.get("/api/v1/milestones?outcome=unknown").status_code == 400
    Plan.objects.update(state=Plan.State.CLOSED)
    fields, asked = described()
    assert {"outcome", "status"} <= fields
    assert {"outcome", "status", "overdue"} <= asked


# Figures and charts.


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("name", outcomes.DEFINITIONS)
def test_each_figure_is_explained_with_its_rows(
    client: Client, name: str, report: ProgressReport
) -> None:
    figure = plan_figures(report, closed=True)[name]
    definition = figure.definition
    with translation.override("en"):
        rows = reverse(definition.listing)
    assert results(page(client, f"{rows}?{definition.rows}")) == figure.numerator
    text = client.get(f"{rows}export.csv?{definition.rows}").content.decode()
    assert len(list(csv.reader(io.StringIO(text)))) == (figure.numerator or 0) + 1
    record = client.get(f"/api/v1/figures/{name}").json()
    assert (record["value"], record["numerator"], record["denominator"]) == (
        figure.value, figure.numerator, figure.denominator,
    )  # fmt: skip
    for language in LANGUAGES:
        with translation.override(language):
            html = page(client, reverse("figure", args=[name]))
        assert told(html)[name] == figure.value
        assert definition.rows in html
        assert f"{figure.numerator} ÷ {figure.denominator}" in html


def test_an_open_plan_has_no_such_figure(client: Client, report: ProgressReport) -> None:
    assert not set(outcomes.DEFINITIONS) & set(plan_figures(report))
    for name in outcomes.DEFINITIONS:
        assert client.get(f"/en/figures/{name}/").status_code == 404
        assert client.get(f"/api/v1/figures/{name}").status_code == 404
    assert client.get("/en/charts/outcomes-by-pillar/").status_code == 404
    assert 'data-facet="outcome"' not in page(client, "/en/projects/")


@pytest.mark.usefixtures("closed")
def test_what_was_declared_is_explained_apart_and_says_that_it_is_no_outcome(
    client: Client,
) -> None:
    html = page(client, "/en/figures/")
    first, declared = html.split('id="declared"')
    for name in DECLARED:
        assert f"/figures/{name}/" not in first
        assert f"/figures/{name}/" in declared
        assert "is not what came of it" in page(client, f"/en/figures/{name}/")


@pytest.mark.usefixtures("closed")
def test_the_chart_of_outcomes_stands_for_that_of_declarations(
    client: Client, report: ProgressReport
) -> None:
    html = page(client, "/en/charts/")
    assert 'id="outcomes-by-pillar"' in html
    assert 'id="milestones-by-report"' not in html
    assert 'id="planned-and-actual"' in html
    assert page(client, "/en/charts/milestones-by-report/")
    chart = make("outcomes-by-pillar", Scope.of(report))
    assert chart.totals == [19, 1, 390]
    assert client.get("/en/charts/outcomes-by-pillar/picture.svg").status_code == 200
    assert client.get("/en/charts/outcomes-by-pillar/light.json").status_code == 200
    slipped = make("slippage", Scope.of(report))
    assert slipped.totals == [138]


# What does not change, and what is over.


@pytest.mark.parametrize(
    "path",
    ["/en/progress/2023-12/", "/fr/avancement/2022-04/", "/en/progress/2023-06/2023-12/",
     "/en/figures/milestones-on-track/2023-12/", "/en/progress/2023-12/cite.json",
     "/en/figures/milestones-done/2023-12/cite.bib", "/en/progress/2023-06/2023-12/export.csv",
     "/api/v1/figures?report=2023-12", "/api/v1/assessments?report=2023-12"],
)  # fmt: skip
def test_editions_and_comparisons_speak_as_published(client: Client, path: str) -> None:
    def said() -> str:
        html = page(client, path)
        return main(html) if "<main" in html else html

    before = said()
    Plan.objects.update(state=Plan.State.CLOSED)
    assert said() == before


def test_no_report_is_due_or_missing_any_more(client: Client) -> None:
    paths = ("/en/", "/en/plan/", "/en/progress/", "/en/projects/")
    assert all("was due and is not here" in page(client, path) for path in paths[:1])
    Plan.objects.update(state=Plan.State.CLOSED)
    for path in paths:
        html = page(client, path)
        assert "was due and is not here" not in html
        assert "the plan ended on 31" in html
    for path in ("/en/plan/", "/en/progress/"):
        html = page(client, path)
        assert "no further report is due" in html
        assert "5 that were promised never came: June\u00a02024" in html


@pytest.mark.usefixtures("closed")
def test_a_correction_of_a_declaration_changes_no_outcome(report: ProgressReport) -> None:
    before = {name: f.value for name, f in plan_figures(report, closed=True).items()}
    said = Assessment.objects.get(report=report, milestone__code="x-r-fla-grid-2", version=1)
    Assessment.objects.create(
        report=report, milestone=said.milestone, version=2, corrects=said, status="done",
        done_quarter=said.milestone.baseline_due,
    )  # fmt: skip
    after = {name: f.value for name, f in plan_figures(report, closed=True).items()}
    assert {name for name in after if after[name] != before[name]} <= set(DECLARED)
    assert after["milestones-done"] == (before["milestones-done"] or 0) + 1


@pytest.mark.usefixtures("closed", "as_visitors_read")
def test_the_number_of_queries_does_not_grow_with_a_closed_plan(client: Client) -> None:
    paths = [
        "/en/", "/en/plan/", "/en/pillars/mobility/", "/en/authorities/FLA/", "/en/projects/",
        "/en/projects/?outcome=unknown", "/en/milestones/?outcome=unknown&sort=-delay",
        "/en/projects/export.csv", "/en/milestones/export.csv", f"/en/projects/{PARTLY}/",
        f"/en/milestones/{JUDGED}/", "/en/figures/", "/en/charts/outcomes-by-pillar/",
        "/en/figures/projects-partly-fulfilled/", "/api/v1/projects", "/api/v1/milestones",
    ]  # fmt: skip

    def counted() -> dict[str, int]:
        cache.clear()
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                page(client, path)
            found[path] = len(queries)
        return found

    few = counted()
    assert max(few.values()) <= 30
    make_the_plan_ten_times_as_large()
    assert {path: n for path, n in counted().items() if n > few[path]} == {}
