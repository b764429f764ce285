"""What is taken away is what is seen: the same rows and values as CSV, XLSX and JSON."""

import csv
import io
import json
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from milestones.comparison import compare
from milestones.models import Milestone, ProgressReport
from nextgen.package.tables import TABLES
from projects.models import Project
from tests.selections import LISTS, known, queries, rows_of, selected

pytestmark = pytest.mark.django_db
FORMS = ("csv", "xlsx", "json")
LANGUAGES = ("nl", "fr", "de", "en")
COMPARISON = "/en/progress/2022-10/2023-12/"
HOSTILE = [
    '=HYPERLINK("http://evil")', "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "#REF!",
    "5G\x0bb", "a_x0041_b", "2024-01-01", "007", "1e5", "<b>&", 'a "b", c\nd', " ",
]  # fmt: skip
Table = list[dict[str, Any]]


def got(address: str) -> Any:
    response = Client().get(address)
    assert response.status_code == 200, response.content
    return response


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def read_xlsx(content: bytes) -> Any:
    book = load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def cells(value: Any) -> str:
    """A value of a workbook or of JSON as the CSV writes it, were nothing defused."""
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else str(value)


def in_three_forms(path: str, query: str = "") -> tuple[list[list[str]], ...]:
    """The rows of an export, heading first, as each of the forms has them."""
    table, sheet, told = (got(f"{path}export.{form}?{query}").content for form in FORMS)
    data = json.loads(told)
    assert data["count"] == len(data["items"])
    assert all(list(item) == data["columns"] for item in data["items"])
    return (
        read_csv(table),
        [[cells(cell) for cell in row] for row in read_xlsx(sheet).iter_rows(values_only=True)],
        [data["columns"], *([cells(cell) for cell in item.values()] for item in data["items"])],
    )


def codes_of_the_pages(name: str, query: str) -> list[str]:
    pages = selected(name, query).page.paginator.page_range
    addresses = (f"/en/{name}/?{query}&page={number}" for number in pages)
    return [code for at in addresses for code in rows_of(got(at).content.decode(), name)]


@settings(max_examples=6)
@given(st.sampled_from(LISTS), queries)
def test_every_form_holds_the_rows_of_all_pages_in_their_order(
    name: str, query: tuple[list[str], str]
) -> None:
    filters, sort = query
    asked = f"{known(name, filters)}&sort={sort}"
    shown = codes_of_the_pages(name, asked)
    table, sheet, told = in_three_forms(f"/en/{name}/", f"{asked}&page=2")
    assert table == sheet == told
    assert table[0][0] == "code"
    assert [row[0] for row in table[1:]] == shown
    assert {row[-1] for row in table[1:]} <= {selected(name, asked).listing.report.month}


@pytest.mark.parametrize("path", ["/en/changes/", COMPARISON])
def test_so_do_the_log_and_a_comparison(path: str) -> None:
    table, sheet, told = in_three_forms(path)
    assert table == sheet == told
    assert len(table) > 10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["projects", "milestones", "changes"])
def test_a_file_has_the_columns_of_the_package_with_texts_of_the_language_of_the_page(
    name: str, language: str
) -> None:
    with override(language):
        address = reverse(f"{name}_export", args=["json"])
    assert address.startswith(f"/{language}/")
    data = got(address).json()
    packaged = list(TABLES[name].by_name([language]))
    assert data["columns"][: len(packaged)] == packaged
    if name != "changes":
        model: Any = Project if name == "projects" else Milestone
        titles = dict(model.objects.values_list("code", f"title_{language}"))
        assert all(item[f"title_{language}"] == titles[item["code"]] for item in data["items"])
        assert data["report"] == "2023-12"


def test_rows_have_codes_and_names() -> None:
    found = got("/en/projects/export.json?q=tram").json()["items"]
    row = next(each for each in found if each["code"] == "x-wal-tram-liege")
    assert (row["pillar"], row["pillar_name"]) == (3, "Mobility")
    assert (row["lead"], row["lead_name"]) == ("WAL", "Wallonia")
    assert row["budget"] == 105_000_000
    assert row["milestones"] == sum(
        row[status] for status in ("done", "on-track", "delayed", "not-reported")
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_no_text_is_ever_a_formula(title: str) -> None:
    Project.objects.filter(code="x-5g").update(title_en=title)
    sheet = read_xlsx(got("/en/projects/export.xlsx").content)
    heading = [cell.value for cell in sheet[1]]
    column = heading.index("title_en")
    cell = next(row[column] for row in sheet.iter_rows(min_row=2) if row[0].value == "x-5g")
    assert cell.data_type == "s"
    assert unescape(cell.value) == title.replace("\x0b", " ")
    kinds = {each.data_type for row in sheet.iter_rows(min_row=2) for each in row}
    assert kinds <= {"s", "n", "d"}
    table = read_csv(got("/en/projects/export.csv").content)
    told = next(row[column] for row in table if row[0] == "x-5g")
    assert told.lstrip("'") == title.lstrip("'")
    assert not told.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_a_workbook_has_numbers_and_dates_and_is_ready_to_filter() -> None:
    answer = got("/fr/projets/export.xlsx?pillar=1")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.properties.title == "Projets"
    (sheet,) = book.worksheets
    assert sheet.title == "projects"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert all(cell.font.bold for cell in sheet[1])
    row = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert isinstance(row["budget"].value, int)
    assert row["joined"].is_date
    assert isinstance(row["joined"].value, datetime)


@pytest.mark.parametrize("path", ["/en/projects/", "/en/changes/", "/en/recipients/", COMPARISON])
def test_the_same_selection_is_the_same_file_and_is_sent_once(path: str) -> None:
    for form in FORMS:
        answer = got(f"{path}export.{form}")
        assert got(f"{path}export.{form}").content == answer.content
        again = Client().get(f"{path}export.{form}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        head = Client().head(f"{path}export.{form}")
        assert (head.status_code, head.content) == (200, b"")
    with ZipFile(io.BytesIO(got(f"{path}export.xlsx").content)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        # Nor does it say when it was written: a list without a day has that of its zip.
        assert str(localdate()) not in book.read("docProps/core.xml").decode()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/fr/projets/export.csv", "projects-2023-12-fr.csv"),
        ("/nl/mijlpalen/export.xlsx?report=2022-04", "milestones-2022-04-nl.xlsx"),
        ("/de/aenderungen/export.json", "changes-de.json"),
        ("/en/progress/2022-10/2023-12/export.csv", "comparison-2022-10-2023-12-en.csv"),
    ],
)
def test_a_file_is_named_after_its_list_report_and_language(address: str, name: str) -> None:
    answer = got(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/en/projects/", "/en/milestones/", "/en/changes/", COMPARISON])
@pytest.mark.parametrize("file", [*(f"export.{form}" for form in FORMS), "feed.atom"])
def test_what_is_not_understood_is_refused_by_name(path: str, file: str) -> None:
    answer = Client().get(f"{path}{file}?colour=red")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["parameters"] == ["colour"]
    assert got(f"{path}{file}?utm_source=x")


@pytest.mark.parametrize("path", ["/en/projects/", "/en/milestones/", "/en/changes/", COMPARISON])
@pytest.mark.parametrize("file", ["export.pdf", "export.", "export", "feed.rss"])
def test_there_is_no_other_form(path: str, file: str) -> None:
    assert Client().get(path + file, follow=True).status_code == 404


def test_a_project_may_be_called_export() -> None:
    Project.objects.filter(code="x-5g").update(code="export.csv")
    assert "export.csv" in got("/en/projects/export.csv/").content.decode()
    assert got("/en/projects/export.csv")["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("fragment", [{}, {"HX-Request": "true"}])
def test_a_page_offers_its_selection_in_every_form(name: str, fragment: dict[str, str]) -> None:
    answer = Client().get(f"/en/{name}/?pillar=1&sort=title&page=2", headers=fragment)
    links = [f"export.{form}" for form in FORMS] + ["feed.atom"]
    for link in links:
        assert f'href="/en/{name}/{link}?pillar=1&amp;sort=title"' in answer.content.decode()


def test_a_comparison_tells_each_change_once() -> None:
    reports = [ProgressReport.objects.get(month=month) for month in ("2022-10", "2023-12")]
    found = compare(*reports)
    rows = got(f"{COMPARISON}export.json").json()["items"]
    assert len({(row["record_type"], row["code"]) for row in rows}) == len(rows)
    listed = {row["code"]: row["change"].split(";") for row in rows}
    for kind, moves in (
        ("finished", found.finished), ("slipped", found.slipped),
        ("newly-delayed", found.newly_delayed), ("first-reported", found.first_reported),
    ):  # fmt: skip
        assert {moved.milestone.code for moved in moves} == {
            code for code, kinds in listed.items() if kind in kinds
        }
    assert [row["code"] for row in rows if row["change"] == "joined"] == [
        project.code for project in found.joined
    ]
    moved = next(row for row in rows if row["quarters"])
    before, after = (
        moved[f"done_quarter_{side}"] or moved[f"expected_{side}"] for side in ("before", "after")
    )
    assert (before < after) == (moved["quarters"] > 0)
    assert (moved["report_before"], moved["report"]) == ("2022-10", "2023-12")


@pytest.mark.parametrize("pair", ["2023-12/2022-10", "2023-12/2023-12", "2022-10/2024-12"])
def test_only_what_follows_is_compared(pair: str) -> None:
    for file in ("export.csv", "feed.atom"):
        assert Client().get(f"/en/progress/{pair}/{file}").status_code == 404


def test_any_two_reports_are_chosen_on_the_progress_page(client: Client) -> None:
    page = client.get("/en/progress/").content.decode()
    assert '<select id="from" name="from">' in page
    assert '<select id="to" name="to">' in page
    answer = client.get("/en/progress/?from=2022-04&to=2023-12")
    assert (answer.status_code, answer["Location"]) == (302, "/en/progress/2022-04/2023-12/")
    answer = client.get("/en/progress/?from=2023-12&to=2022-04", follow=True)
    assert answer.request["PATH_INFO"] == "/en/progress/2022-04/2023-12/"


@pytest.mark.parametrize(
    ("query", "named"),
    [("from=2024-06&to=2023-12", "2024-06"), ("from=2022-04&to=%3Cb%3E", "&lt;b&gt;"),
     ("from=2022-04&to=2023-12x", "2023-12x"), ("colour=red", "colour")],
)  # fmt: skip
def test_a_report_that_is_not_there_is_named(client: Client, query: str, named: str) -> None:
    answer = client.get(f"/en/progress/?{query}")
    assert answer.status_code == 200
    assert named in answer.content.decode().split('role="alert"')[1].split("</div>")[0]


def test_an_empty_selection_is_a_heading() -> None:
    table, sheet, told = in_three_forms("/en/projects/", "pillar=1&kind=reform&q=zzzz")
    assert table == sheet == told
    assert len(table) == 1
