"""The whole plan can be taken away as a package, a workbook or a database, and is explained."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import frictionless
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from milestones.actions import assess, open_report
from milestones.models import Milestone, User
from nextgen.downloads import downloads
from nextgen.package.reading import read
from nextgen.package.schema import descriptor_text
from nextgen.package.stored import stored
from nextgen.package.tables import TABLES
from nextgen.package.writing import files
from nextgen.whole.plan import WholePlan
from nextgen.whole.values import rows
from projects.models import Plan, Project, Recipient

pytestmark = pytest.mark.django_db
LANGUAGES = ["nl", "fr", "de", "en"]
PLAN = "/data/nextgen-belgium"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "#REF!", "＝1+1", "a_x0041_b", "<b>&", "'=1"]


def sent(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content


def now() -> WholePlan:
    whole = WholePlan.now()
    assert whole is not None
    return whole


def as_csv(whole: WholePlan, table: str) -> list[list[str]]:
    text = files(whole.package)[f"{table}.csv"].decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def opened(content: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    return database


def sheets(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


@pytest.fixture
def recipient() -> Recipient:
    """A recipient of two projects; the plan of Belgium names none."""
    paid = Recipient.objects.create(
        name="Infrabel", identifier="0869.763.267", amount=1_250_000, as_of=date(2024, 6, 30)
    )
    paid.projects.set(Project.objects.filter(code__in=["I-2.09", "x-5g"]))
    return paid


@pytest.fixture
def draft() -> str:
    """A report that is not published yet, with what a coordinator says in it."""
    editor = User.objects.create_user("ed", role="editor")
    report = open_report(month="2024-06", closes_on=None, by=editor)
    milestone = Milestone.objects.filter(assessments__report__month="2023-12")[0]
    words = {"status": "on-track", "note_en": "Not for the public yet."}
    assess(milestone=milestone, report=report, words=words, by=editor)
    return report.month


def test_the_package_has_no_fault_and_is_the_plan(client: Client, tmp_path: Path) -> None:
    (tmp_path / "plan.zip").write_bytes(sent(client, f"{PLAN}.zip"))
    report = frictionless.Package(str(tmp_path / "plan.zip")).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    found = stored()
    assert found is not None
    assert files(read(tmp_path / "plan.zip")) == files(found)


def test_no_download_tells_what_a_draft_says(client: Client, draft: str) -> None:
    assert "2024-06" in files(stored())["reports.csv"].decode()  # type: ignore[arg-type]
    for name in now().files:
        content = sent(client, f"/data/{name}")
        if name.endswith((".zip", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(map(archive.read, archive.namelist()))
        assert b"Not for the public" not in content, name
    tables = now().package.tables
    assert {row["state"] for row in tables["reports"]} == {"published"}
    assert draft not in {row["report"] for row in tables["assessments"]}


def test_a_workbook_holds_every_row_with_types_of_its_own(
    client: Client, recipient: Recipient
) -> None:
    book = sheets(sent(client, f"{PLAN}.xlsx"))
    assert book.sheetnames == ["About", "Dictionary", *TABLES]
    whole = now()
    for name in TABLES:
        sheet = book[name]
        head, *lines = sheet.iter_rows(values_only=True)
        assert list(head) == as_csv(whole, name)[0]
        for line, row in zip(lines, rows(whole.package, name), strict=True):
            # A date comes back as midnight of its day.
            plain = [value.date() if hasattr(value, "date") else value for value in line]
            assert plain == [float(v) if type(v).__name__ == "Decimal" else v for v in row]
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.auto_filter.ref == sheet.dimensions
    [paid] = book["recipients"].iter_rows(min_row=2)
    assert [cell.data_type for cell in paid[:4]] == ["s", "s", "n", "d"]


def test_a_workbook_says_what_it_is_in_every_language(client: Client) -> None:
    book = sheets(sent(client, f"{PLAN}.xlsx"))
    head, *lines = book["About"].iter_rows(values_only=True)
    assert list(head) == LANGUAGES
    english = "\n".join(str(line[3]) for line in lines)
    for told in ("Recovery and Resilience Plan of Belgium", "December\u00a02023", "CC0"):
        assert told in english
    columns = {line[:2] for line in book["Dictionary"].iter_rows(min_row=2, values_only=True)}
    assert columns == {(n, c) for n, t in TABLES.items() for c in t.by_name(LANGUAGES)}


def test_no_text_is_a_formula(client: Client) -> None:
    projects = Project.objects.order_by("code")[: len(HOSTILE)]
    for project, text in zip(projects, HOSTILE, strict=True):
        setattr(project, "title_en", text)  # noqa: B010 - a column that only Django knows
        setattr(project, "summary_en", f"\x0b{text}")  # noqa: B010
        project.save()
    content = sent(client, f"{PLAN}.xlsx")
    kinds = {cell.data_type for sheet in sheets(content) for row in sheet for cell in row}
    assert kinds == {"s", "n", "d", "b"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if "sheets/" in name]
    assert not [part for part in parts if re.search(r"<f[ >]|t=\"(?:str|e)\"", part)]
    with closing(opened(sent(client, f"{PLAN}.sqlite"))) as database:
        found = [title for (title,) in database.execute("SELECT title_en FROM projects")]
    assert {text.strip() for text in HOSTILE} <= set(found)


def test_the_database_holds_what_the_package_holds(client: Client, recipient: Recipient) -> None:
    whole = now()
    with closing(opened(sent(client, f"{PLAN}.sqlite"))) as database:
        for name in TABLES:
            head, *lines = as_csv(whole, name)
            columns = ", ".join(f'"{column}"' for column in head)
            query = f'SELECT {columns} FROM "{name}" ORDER BY rowid'  # noqa: S608 - our names
            found = database.execute(query).fetchall()
            kinds = list(TABLES[name].by_name(LANGUAGES).values())
            told = [
                [notation(kind.kind, value) for kind, value in zip(kinds, row, strict=True)]
                for row in found
            ]
            assert told == lines, name


def notation(kind: str, value: object) -> str:
    """A value of the database as the package writes it."""
    if kind == "boolean":
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def test_the_database_keeps_its_references(client: Client, recipient: Recipient) -> None:
    with closing(opened(sent(client, f"{PLAN}.sqlite"))) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for table in TABLES.values():
            found = database.execute(f'PRAGMA table_info("{table.name}")').fetchall()
            keys = sorted((place, name) for _n, name, _t, _m, _d, place in found if place)
            assert [name for _place, name in keys] == list(table.key)
            links = database.execute(f'PRAGMA foreign_key_list("{table.name}")').fetchall()
            assert {(link[3], f"{link[2]}.{link[4]}") for link in links} == {
                (column.name, column.to)
                for column in table.columns
                if column.to and not column.many
            }
        listed = "SELECT project FROM recipients_projects WHERE identifier = '0869.763.267'"
        assert sorted(database.execute(listed)) == [("I-2.09",), ("x-5g",)]
        claimed = "SELECT count(*) FROM payment_requests_milestones WHERE payment_request = 1"
        assert database.execute(claimed).fetchone() == (20,)
        lists = [each for table in TABLES.values() for each in table.columns if each.many]
        assert sum(bool(column.to) for column in lists) == 3
        [title] = database.execute("SELECT title FROM milestones WHERE code = '157'").fetchone()
        assert title == Milestone.objects.get(code="157").title_en  # type: ignore[attr-defined]


def test_datasette_is_told_what_everything_is(client: Client) -> None:
    told = json.loads(sent(client, "/data/datasette.json"))
    assert told["license_url"].startswith("https://creativecommons.org/publicdomain/zero/")
    tables = told["databases"]["nextgen-belgium"]["tables"]
    with closing(opened(sent(client, f"{PLAN}.sqlite"))) as database:
        for name, table in tables.items():
            found = database.execute(f'PRAGMA table_xinfo("{name}")')
            columns = {column[1] for column in found}
            assert set(table["columns"]) <= columns
            assert {table.get("label_column", "code")} <= columns | {"code"}
            assert table["description"] == TABLES[name].description
    assert tables["projects"]["label_column"] == "title"
    assert tables["projects"]["columns"]["budget"].endswith("(EUR)")


def test_the_same_plan_gives_the_same_bytes(client: Client) -> None:
    first = {name: make() for name, make in now().files.items()}
    assert {name: make() for name, make in now().files.items()} == first
    assert {name: sent(client, f"/data/{name}") for name in first} == first


def test_a_file_is_made_again_when_the_plan_changes_and_only_then(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    made = []
    monkeypatch.setattr("nextgen.whole.plan.database", lambda _p: made.append(1) or b"database")
    for _time in range(3):
        sent(client, f"{PLAN}.sqlite")
    assert len(made) == 1
    User.objects.create_user("ed", role="editor")
    sent(client, f"{PLAN}.sqlite")
    assert len(made) == 1
    plan = Plan.objects.get()
    plan.end = date(2026, 12, 31)
    plan.save()
    sent(client, f"{PLAN}.sqlite")
    assert len(made) == 2
    cache.clear()


@pytest.mark.usefixtures("as_visitors_read")
def test_as_long_as_nobody_writes_nothing_is_read_again(client: Client) -> None:
    for path in (f"{PLAN}.sqlite", "/en/data/dictionary.csv", "/catalog.ttl"):
        answer = client.get(path)
        with CaptureQueriesContext(connection) as queries:
            again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert len(queries) <= 4, path


def test_a_file_is_not_sent_twice_and_may_be_read_from_anywhere(client: Client) -> None:
    for language in LANGUAGES:
        for download in downloads(language):
            answer = client.get(download.address)
            assert answer["Content-Type"].split(";")[0] == download.media_type
            assert download.name in answer["Content-Disposition"]
            assert "public" in answer["Cache-Control"]
            assert answer["ETag"] == f'"{download.sha256}"'
            assert answer["Access-Control-Allow-Origin"] == "*"
            again = client.get(download.address, headers={"If-None-Match": answer["ETag"]})
            assert again.status_code == 304


def test_an_unknown_file_is_not_found(client: Client) -> None:
    assert client.get("/data/nextgen-belgium.pdf").status_code == 404
    assert client.post(f"{PLAN}.zip").status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dictionary_explains_every_column(client: Client, language: str) -> None:
    with override(language):
        address = reverse("dictionary")
    answer = client.get(address)
    assert answer["Content-Language"] == language
    found = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [(row["table"], row["column"]) for row in found] == [
        (name, column) for name, table in TABLES.items() for column in table.by_name(LANGUAGES)
    ]
    assert all(row["table_description"] and row["description"] and row["type"] for row in found)
    english = {column.description for table in TABLES.values() for column in table.columns}
    english |= {table.description for table in TABLES.values()} - {""}
    told = {re.sub(r" \(..\)$", "", row["description"]) for row in found}
    told |= {row["table_description"] for row in found}
    # 'Text in Markdown' and 'Name' are German too.
    same = {"Text in Markdown", "Name"} if language == "de" else set()
    assert (told & english) - same == (english if language == "en" else set())


def test_translating_the_dictionary_leaves_the_package_in_english() -> None:
    plain = descriptor_text(LANGUAGES)
    for language in LANGUAGES:
        with override(language):
            assert descriptor_text(LANGUAGES) == plain
    assert "Authority that leads it" in plain
