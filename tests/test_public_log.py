"""The public log as page, CSV and Atom feed: what changed, why and in which role; never by whom."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from milestones.actions import correct, move_due
from milestones.log import Line, append
from milestones.models import Assessment, Change, Milestone, ProgressReport, User
from milestones.quarter import Quarter

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def address(name: str, language: str, *parts: str) -> str:
    with override(language):
        return reverse(name, args=parts)


def page(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(address("changes", language) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def told(record_type: str, record: str, field: str, old: str = "", new: str = "x") -> Change:
    line = Line(record_type, record, field, old, new)
    (change,) = append([line], kind="correction", reason="Mended.", role="editor")
    return change


def entries(client: Client, query: str = "", language: str = "en") -> list[ET.Element]:
    answer = client.get(address("changes_feed", language) + query)
    assert answer.status_code == 200
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("record_type", "record", "place"),
    [
        ("project", "x-5g", "/en/projects/x-5g/"),
        ("allocation", "x-5g", "/en/projects/x-5g/"),
        ("milestone", "157", "/en/milestones/157/"),
        ("assessment", "157", "/en/milestones/157/"),
        ("verdict", "157", "/en/milestones/157/"),
        ("report", "2023-12", "/en/progress/2023-12/"),
        ("pillar", "3", "/en/pillars/mobility/"),
        ("authority", "FLA", "/en/authorities/FLA/"),
        ("component", "1.1", "/en/projects/?component=1.1"),
        ("payment_request", "1", "/en/progress/#requests"),
        ("payment request", "1", "/en/progress/#requests"),
    ],
)
def test_a_line_leads_to_the_page_of_its_record(
    client: Client, record_type: str, record: str, place: str
) -> None:
    change = told(record_type, record, "title_en")
    line = page(client).split(f'id="change-{change.number}"')[1].split("</li>")[0]
    assert f'<a href="{place}">{record}</a>' in line
    assert client.get(place.partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    ("record_type", "record"), [("project", "a/b"), ("pillar", "99"), ("moon", "1")]
)
def test_a_record_without_a_page_is_named_all_the_same(
    client: Client, record_type: str, record: str
) -> None:
    change = told(record_type, record, "name_en")
    line = page(client).split(f'id="change-{change.number}"')[1].split("</li>")[0]
    assert record in line
    assert "<a " not in line


def test_a_correction_names_the_report_and_says_what_it_was(client: Client) -> None:
    editor = User.objects.create_user("vera", role="editor", full_name="Vera Peeters")
    said = Assessment.objects.get(report__month="2023-12", milestone__code="157")
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 4)}
    correct(assessment=said, words=words, why="It was not done.", by=editor)
    html = page(client, "?record_type=assessment")
    assert "status, report of December\u00a02023" in html
    assert "<del>done</del>" in html
    assert "<ins>Q4\u00a02025</ins>" in html
    assert "editor" in html
    assert "Vera" not in html
    assert "vera" not in html


def test_a_moved_date_reads_as_on_the_page_of_its_milestone(client: Client) -> None:
    sentence = (
        "Moved from <del>Q2\u00a02022</del> to <ins>Q1\u00a02023</ins>"
        " on 16\u00a0June\u00a02022 because:"
    )
    assert sentence in page(client)
    assert sentence in client.get("/en/milestones/x-fwb-sports-1/").content.decode()


def test_the_role_is_told_in_the_language_of_the_page_or_as_a_package_gave_it(
    client: Client,
) -> None:
    append(
        [Line("project", "x-5g", "kind", "", "x")],
        kind="revision", reason="r", role="secretariat",
    )  # fmt: skip
    assert "secretariat" in page(client)
    assert '<span class="quiet">coordinator</span>' in page(client)


def test_kind_and_record_narrow_the_log(client: Client) -> None:
    told("verdict", "157", "document")
    for query, n in (
        ("", Change.objects.count()),
        ("?kind=correction", 1),
        ("?record_type=milestone", 12),
        ("?kind=correction&record_type=milestone", 0),
    ):
        assert f'data-results value="{n}"' in page(client, query)
        rows = client.get(f"/en/changes/export.csv{query}").content.decode().count("\r\n") - 1
        # With the whole log come the reports that were published.
        reports = 0 if query else ProgressReport.objects.published().count()
        assert rows == len(entries(client, query)) - reports == n


@pytest.mark.parametrize(
    ("query", "named"),
    [("?kind=rumour", "rumour"), ("?record_type=moon", "moon"), ("?colour=red", "colour"),
     ("?page=last", "last")],
)  # fmt: skip
def test_what_the_address_gets_wrong_is_named(client: Client, query: str, named: str) -> None:
    html = page(client, query)
    assert named in html.split('role="alert"')[1].split("</div>")[0]
    assert f'data-results value="{Change.objects.count()}"' in html
    for path in ("export.csv", "export.xlsx", "export.json", "feed.atom"):
        answer = client.get(f"/en/changes/{path}{query}")
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert named in answer.json()["detail"]


def test_the_csv_has_every_line_and_runs_no_formula(client: Client) -> None:
    change = told("project", "x-5g", "title_en", "=HYPERLINK(1)", "+1")
    answer = client.get(address("changes_export", "fr", "csv"))
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    heading, *rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert heading == [
        "number", "made_on", "kind", "record_type", "record", "field", "old", "new", "reason_fr",
        "role", "document",
    ]  # fmt: skip
    assert [int(row[0]) for row in rows] == list(range(change.number, 0, -1))
    assert rows[0][4:8] == ["x-5g", "title_en", "'=HYPERLINK(1)", "'+1"]
    assert rows[-1] == [
        "1", "2022-06-16", "revision", "milestone", "x-fwb-sports-1", "due", "2022-Q2", "2023-Q1",
        Change.objects.get(number=1).reason_fr, "coordinator", "",
    ]  # fmt: skip


def test_the_feed_is_announced_and_tells_the_newest_first(client: Client) -> None:
    html = page(client)
    head = html.split("</head>")[0]
    assert '<link rel="alternate" type="application/atom+xml" href="/en/changes/feed.atom"' in head
    assert 'href="/en/changes/export.csv"' in html
    change = told("project", "x-5g", "title_en", "5 G", "5G <b>&</b>\x0b")
    answer = client.get("/en/changes/feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://testserver/en/changes/feed.atom",
        "alternate": "http://testserver/en/changes/",
    }
    first, *_rest, last, report = feed.findall(f"{ATOM}entry")
    assert report.findtext(f"{ATOM}title") == "The report of April\u00a02022 is published"
    assert first.findtext(f"{ATOM}title") == "x-5g · title (en): 5 G → 5G <b>&</b> "
    assert first.findtext(f"{ATOM}updated", "").startswith(change.made_on.isoformat())
    moved = "x-fwb-sports-1 · quarter in force: Q2\u00a02022"
    assert last.findtext(f"{ATOM}title", "").startswith(moved)
    assert feed.findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}updated")


def test_an_entry_keeps_its_id(client: Client) -> None:
    def ids() -> Iterator[str]:
        return (entry.findtext(f"{ATOM}id", "") for entry in entries(client))

    before = list(ids())
    published = ProgressReport.objects.published().count()
    assert len(set(before)) == len(before) == Change.objects.count() + published
    told("project", "x-5g", "title_en")
    assert list(ids())[1:] == before


def test_page_csv_and_feed_speak_the_language_of_their_address(client: Client) -> None:
    editor = User.objects.create_user("ed", role="editor")
    reasons = {"nl": "Vertraagd.", "fr": "Retardé.", "de": "Verspätet.", "en": "Delayed."}
    milestone = Milestone.objects.get(code="157")
    move_due(milestone=milestone, due=Quarter(2026, 1), reasons=reasons, by=editor)
    for language, reason in reasons.items():
        assert reason in page(client, language=language)
        csv_of = client.get(address("changes_export", language, "csv")).content.decode()
        assert reason in csv_of
        summary = entries(client, language=language)[0].findtext(f"{ATOM}summary", "")
        assert reason in summary
        assert not {*reasons.values()} - {reason} & {*csv_of.split(",")}


def test_the_log_has_pages(client: Client) -> None:
    Change.objects.bulk_create(
        Change(number=n, made_on=date(2024, 9, 1), kind="correction", record_type="project",
               record="x-5g", field="kind", role="editor")
        for n in range(100, 160)
    )  # fmt: skip
    first = page(client, "?kind=correction")
    assert 'href="?page=2&amp;kind=correction"' in first
    assert first.count('<li id="change-') == 50
    assert page(client, "?kind=correction&page=2").count('<li id="change-') == 10
