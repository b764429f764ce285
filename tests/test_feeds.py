"""Whatever was selected can be followed: its feed tells its changes, and no others."""

import re
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones.log import Line, append
from milestones.models import Change, Milestone, ProgressReport
from projects.models import Plan, Project
from tests.selections import LISTS, known, queries, selected

pytestmark = pytest.mark.django_db
TRAM = "x-wal-tram-liege"
BUSES = "x-wal-tec-bus"
COMPARISON = "/en/progress/2022-10/2023-12/"
PAGES = [
    "/en/projects/", "/en/milestones/", "/en/changes/", COMPARISON, "/en/pillars/mobility/",
    "/en/authorities/WAL/", f"/en/projects/{TRAM}/",
]  # fmt: skip


def feed(address: str) -> Any:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def told(record_type: str, record: str, field: str = "title_en", new: str = "x") -> Change:
    line = Line(record_type, record, field, "", new)
    (change,) = append([line], kind="correction", reason="Mended.", role="editor")
    return change


def numbers(address: str) -> list[int]:
    """The lines of the log in a feed, in its order."""
    ids = (re.search(r"/(?:changes|modifications)/(\d+)/?$", e.id) for e in feed(address).entries)
    return [int(found[1]) for found in ids if found]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_with_a_feed_announces_it(path: str) -> None:
    head = Client().get(path).content.decode().split("</head>")[0]
    link = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', head)
    assert link
    found = feed(link[1])
    links = {each.rel: each.href for each in found.feed.links}
    assert links["alternate"] == f"http://testserver{path}"
    assert links["self"] == f"http://testserver{path}feed.atom"
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == len(ids) > 0
    days = [entry.updated for entry in found.entries]
    assert days == sorted(days, reverse=True)
    assert all(entry.link.startswith("http://testserver/en/") for entry in found.entries)


@settings(max_examples=10)
@given(st.sampled_from(LISTS), queries)
def test_the_feed_of_a_search_tells_of_what_was_found_alone(
    name: str, query: tuple[list[str], str]
) -> None:
    filters, sort = query
    asked = f"{known(name, filters)}&sort={sort}"
    chosen = selected(name, asked, ever=True).matches
    assert {row.pk for row in selected(name, asked).matches} <= {row.pk for row in chosen}
    milestones = chosen if name == "milestones" else Milestone.objects.filter(project__in=chosen)
    names = {("milestone", code) for code in milestones.values_list("code", flat=True)}
    if name == "projects":
        names |= {("project", code) for code in chosen.values_list("code", flat=True)}
    lines = [
        change.number for change in Change.objects.all()
        if (change.record_type, change.record) in names
    ]  # fmt: skip
    assert numbers(f"/en/{name}/feed.atom?{asked}") == lines


def test_a_change_reaches_those_who_follow_it_and_no_others() -> None:
    lines = [
        told("project", TRAM), told("allocation", TRAM, "amount WAL"),
        told("milestone", f"{TRAM}-2"), told("assessment", f"{TRAM}-2", "status 2023-12"),
        told("verdict", f"{TRAM}-2", "document"),
    ]  # fmt: skip
    new = {line.number for line in lines}
    for path in (
        f"/en/projects/{TRAM}/feed.atom", "/en/projects/feed.atom?q=tram",
        "/en/projects/feed.atom?pillar=3", "/en/pillars/mobility/feed.atom",
        "/en/authorities/WAL/feed.atom", "/en/changes/feed.atom",
    ):  # fmt: skip
        assert set(numbers(path)[:5]) == new, path
    assert set(numbers("/en/milestones/feed.atom?project=" + TRAM)[:3]) == {
        line.number for line in lines[2:]
    }
    for path in (
        "/en/projects/x-5g/feed.atom", "/en/projects/feed.atom?pillar=1",
        "/en/pillars/sustainability/feed.atom", "/en/authorities/DG/feed.atom",
    ):  # fmt: skip
        assert not new & set(numbers(path)), path


def test_that_a_project_left_is_told_to_those_who_follow_its_pillar() -> None:
    Project.objects.filter(code=TRAM).update(left="2023-01-01")
    assert TRAM not in {project.code for project in selected("projects", "pillar=3").matches}
    line = told("project", TRAM, "left", "2023-01-01")
    assert line.number in numbers("/en/pillars/mobility/feed.atom")
    assert line.number in numbers("/en/authorities/WAL/feed.atom")


def test_the_feed_of_a_search_tells_also_what_joins_and_what_leaves_the_plan() -> None:
    """The buses join after the report; the milestones of the tram leave with it."""
    buses = Project.objects.get(code=BUSES)
    milestone = Milestone.objects.filter(project=buses)[0]
    due = f"due={milestone.due.year}"
    assert BUSES not in {project.code for project in selected("projects", "").matches}
    news = [told("project", BUSES, "joined"), told("milestone", milestone.code, "due")]
    for query in ("", "?pillar=3", "?authority=WAL&kind=investment", "?q=bus", f"?{due}"):
        told_there = numbers(f"/en/projects/feed.atom{query}")
        assert {line.number for line in news} <= set(told_there), query
    for query in ("", f"?project={BUSES}", f"?{due}&authority=WAL", "?status=not-reported"):
        assert news[1].number in numbers(f"/en/milestones/feed.atom{query}"), query
    Project.objects.filter(code=TRAM).update(left="2023-01-01")
    left = told("project", TRAM, "left", "2023-01-01")
    for query in ("", "?pillar=3", "?q=tram", "?authority=WAL"):
        assert left.number in numbers(f"/en/projects/feed.atom{query}"), query
    assert told("verdict", f"{TRAM}-2").number in numbers("/en/milestones/feed.atom?pillar=3")


def test_a_record_is_followed_through_a_change_of_its_code() -> None:
    before = told("project", "x-5g"), told("milestone", "157")
    Project.objects.filter(code="x-5g").update(code="I-9.99", former_codes="x-4g;x-5g")
    Milestone.objects.filter(code="157").update(code="200", former_codes="157")
    assert before[0].number in numbers("/en/projects/I-9.99/feed.atom")
    assert before[1].number in numbers("/en/milestones/feed.atom")
    moved = Client().get("/en/projects/x-5g/feed.atom")
    assert (moved.status_code, moved["Location"]) == (301, "/en/projects/I-9.99/feed.atom")


def test_a_line_has_one_id_in_all_feeds_of_a_language() -> None:
    line = told("project", TRAM)
    for language in ("nl", "fr", "de", "en"):
        with override(language):
            addresses = [
                reverse("changes_feed"), reverse("projects_feed"),
                reverse("project_feed", args=[TRAM]), reverse("pillar_feed", args=["mobility"]),
            ]  # fmt: skip
        ids = {feed(address).entries[0].id for address in addresses}
        assert len(ids) == 1, ids
        assert f"/{line.number}" in ids.pop()


def test_the_plan_tells_of_each_report_once() -> None:
    """Also of one whose publication stands in the log."""
    months = list(ProgressReport.objects.published().values_list("month", flat=True))
    told("report", months[-1], "state", "published")
    found = feed("/en/changes/feed.atom").entries
    reports = [e.link.split("/")[-2] for e in found if "is published" in e.title]
    assert sorted(reports) == months
    links = [entry.link for entry in found]
    assert links.count(f"http://testserver/en/progress/{months[-1]}/") == 1
    chosen = feed("/en/changes/feed.atom?record_type=report").entries
    assert [entry.title.split(" ")[0] for entry in chosen] == [months[-1]]


def test_a_feed_has_at_most_a_hundred_entries_the_newest() -> None:
    last = [told("project", TRAM, new=str(n)) for n in range(120)][-1]
    for path in (f"/en/projects/{TRAM}/feed.atom", "/en/changes/feed.atom"):
        found = numbers(path)
        assert (len(found), found[0]) == (100, last.number)


def test_nothing_yet_is_a_feed_too_and_the_same_one_each_time() -> None:
    path = "/en/projects/feed.atom?q=zzzz"
    assert feed(path).entries == []
    answer = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_title_that_was_typed_in_breaks_no_feed() -> None:
    Project.objects.filter(code=TRAM).update(short_title_en="<b>&\x0b]]>", title_en="\ufffe<")
    told("project", TRAM, new="</title><script>\x00"[:-1])
    assert "<b>&" in feed(f"/en/projects/{TRAM}/feed.atom").feed.title
    feed("/en/projects/feed.atom?q=tram")
    Plan.objects.update(name_en="Plan\x0b", tagline_en="A\x0bB")
    feed("/en/changes/feed.atom")


def test_a_comparison_has_an_entry_for_every_change() -> None:
    rows = Client().get(f"{COMPARISON}export.json").json()["items"]
    found = feed(f"{COMPARISON}feed.atom").entries
    assert [entry.link.split("/")[-2] for entry in found] == [row["code"] for row in rows]
    assert all(row["change_name"] in e.title for row, e in zip(rows, found, strict=True))


@pytest.mark.parametrize("path", PAGES)
def test_a_feed_names_what_it_does_not_understand(path: str) -> None:
    answer = Client().get(f"{path}feed.atom?colour=red")
    assert answer.status_code == 400
    assert answer.json()["parameters"] == ["colour"]


@pytest.mark.parametrize("path", ["projects/x-none", "pillars/none", "authorities/XYZ"])
def test_what_is_not_there_has_no_feed(path: str) -> None:
    assert Client().get(f"/en/{path}/feed.atom").status_code == 404
