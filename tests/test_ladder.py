"""How far a milestone has come: declared, claimed, assessed, and suspended or reversed after."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.actions import move_due
from milestones.ladder import Ladder, ladder
from milestones.models import Assessment, Milestone, PaymentRequest, ProgressReport, User, Verdict
from milestones.quarter import Quarter

pytestmark = pytest.mark.django_db


def of(code: str) -> Ladder:
    """The ladder of a milestone, made without a query beyond those of its page."""
    found = Milestone.objects.prefetch_related("verdicts__request", "claims__request").get(
        code=code
    )
    said = list(
        Assessment.objects.filter(milestone=found, report__state="published")
        .select_related("report", "corrected_by")
        .order_by("-report__month", "-version")
    )
    with CaptureQueriesContext(connection) as queries:
        made = ladder(found, said)
        assert made.declared is None or made.declared.report.month
    assert len(queries) == 0
    return made


def test_each_rung_has_its_day_and_document() -> None:
    rungs = of("157")
    assert rungs.declared
    assert rungs.declared.words.status == "done"
    assert [(rung.number, rung.day) for rung in rungs.claimed] == [(1, date(2023, 9, 20))]
    assert "ieu-monitoring.com" in rungs.claimed[0].document
    assert [(r.verdict.verdict, r.day, r.later) for r in rungs.found] == [
        ("not-fulfilled", date(2024, 7, 2), False)
    ]
    assert rungs.found[0].document.startswith("https://ieu-monitoring.com/")


def test_declared_is_the_report_that_said_so_first() -> None:
    """On track in April 2022, done ever since October 2022."""
    declared = of("157").declared
    assert declared
    assert declared.report == ProgressReport.objects.get(month="2022-10")
    assert declared.day == declared.report.published_on
    assert declared.words.report.month == "2023-12"


def test_a_correction_is_what_is_declared() -> None:
    said = Assessment.objects.get(report__month="2023-12", milestone__code="157")
    Assessment.objects.create(
        report=said.report, milestone=said.milestone, version=2, corrects=said, status="delayed",
        expected=Quarter(2025, 1), evidence="https://example.org/why",
    )  # fmt: skip
    declared = of("157").declared
    assert declared
    assert (declared.words.status, declared.report.month) == ("delayed", "2023-12")
    assert declared.document == "https://example.org/why"


def test_a_verdict_that_is_reversed_stays_and_the_newest_is_in_force(client: Client) -> None:
    request = PaymentRequest.objects.get(number=1)
    milestone = Milestone.objects.get(code="x-5g-1")
    for day, outcome in ((date(2025, 2, 1), "suspended"), (date(2025, 5, 1), "reversed")):
        Verdict.objects.create(
            request=request, milestone=milestone, decided_on=day, verdict=outcome,
            document=f"https://example.org/{outcome}", provenance="sourced",
        )  # fmt: skip
    rungs = of("x-5g-1")
    assert [(r.verdict.verdict, r.later) for r in rungs.found] == [
        ("fulfilled", False), ("suspended", True), ("reversed", True),
    ]  # fmt: skip
    assert rungs.newest == rungs.found[-1]
    page = client.get("/en/milestones/x-5g-1/").content.decode()
    places = [page.index(f'data-verdict="{r.verdict.verdict}"') for r in rungs.found]
    assert places == sorted(places)
    for words in ("1\u00a0February\u00a02025", "https://example.org/reversed"):
        assert words in page


def test_what_has_not_happened_is_an_open_rung(client: Client) -> None:
    code = Milestone.objects.filter(claims=None, verdicts=None)[0].code
    rungs = of(code)
    assert (rungs.claimed, rungs.found, rungs.newest) == ([], [], None)
    page = client.get(f"/en/milestones/{code}/").content.decode()
    assert "Not claimed in a payment request." in page
    assert "The Commission has not assessed it." in page


def test_each_move_of_the_date_stands_with_its_reason_and_the_first_promise(
    client: Client,
) -> None:
    page = client.get("/en/milestones/x-wal-tram-liege-2/").content.decode()
    facts = page.split('<dl class="facts">')[1].split("</dl>")[0]
    assert "Q3\u00a02023" in facts.split("<dt>Due now")[0]
    assert (
        "Moved from <del>Q3\u00a02023</del> to <ins>Q4\u00a02023</ins>"
        " on 20\u00a0April\u00a02023 because:" in facts
    )
    assert "The delivery of materials is late." in facts
    french = client.get("/fr/jalons/x-wal-tram-liege-2/").content.decode()
    assert "La livraison du matériel a pris du retard." in french


def test_moves_of_a_date_stand_in_the_order_they_were_made(client: Client) -> None:
    editor = User.objects.create_user("ed", role="editor")
    milestone = Milestone.objects.get(code="x-wal-tram-liege-2")
    reasons = {code: f"Again ({code})." for code in ("nl", "fr", "de", "en")}
    move_due(milestone=milestone, due=Quarter(2026, 1), reasons=reasons, by=editor)
    page = client.get("/de/meilensteine/x-wal-tram-liege-2/").content.decode()
    facts = page.split('<dl class="facts">')[1].split("</dl>")[0]
    first, second = facts.index("verzögert sich"), facts.index("Again (de).")
    assert first < second
