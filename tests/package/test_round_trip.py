"""Whatever text, number or date a plan holds comes back as it went in."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones.quarter import Quarter
from nextgen.package.actions import import_plan
from nextgen.package.notation import misreading, read, written
from nextgen.package.package import Package
from nextgen.package.reading import read as read_package
from nextgen.package.sheet import parse
from nextgen.package.stored import stored
from nextgen.package.tables import TABLES
from nextgen.package.writing import files, write
from tests.package.edits import FIXTURES

LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\"',;")
TEXTS = st.text(LETTERS, max_size=60).map(str.strip)
TITLES = TEXTS.filter(bool)
AMOUNTS = st.integers(0, 999_999_999_999_999)
NUMBERS = st.decimals("-9999999999999.99", "9999999999999.99", places=2)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
QUARTERS = st.builds(Quarter, st.integers(1000, 2999), st.integers(1, 4))


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3).filter(any), min_size=1))
def test_any_cell_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["a", "b", "c"], *rows])
    sheet = parse("x.csv", text.getvalue())
    assert not sheet.faults
    assert [list(row.cells.values()) for row in sheet.rows] == rows


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3).filter(any), min_size=1), st.data())
def test_a_line_is_always_the_one_an_editor_shows(
    rows: list[list[str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 2))
    rows[place][column] = "here-it-is"
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["a", "b", "c"], *rows])
    row = parse("x.csv", text.getvalue()).rows[place]
    lines = text.getvalue().replace("\r\n", "\n").split("\n")
    assert "here-it-is" in lines[row.line_of("abc"[column]) - 1]


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    """Faults it may have, but it is read to its end or refused in a sentence."""
    sheet = parse("x.csv", text)
    assert all(str(fault).startswith("x.csv") for fault in sheet.faults)


@given(NUMBERS, AMOUNTS, DAYS, QUARTERS)
def test_any_value_has_one_notation(number: Decimal, amount: int, day: date, due: Quarter) -> None:
    columns = TABLES["projects"].by_name([]) | TABLES["milestones"].by_name([])
    for name, value in {
        "goal_value": number,
        "budget": amount,
        "joined": day,
        "due": due,
    }.items():
        text = written(columns[name], value)
        assert misreading(columns[name], text) == ""
        assert read(columns[name], text) == value
        assert written(columns[name], read(columns[name], text)) == text


@given(st.text(max_size=40), st.sampled_from(sorted(TABLES["projects"].by_name(["en"]))))
def test_every_other_notation_gets_a_sentence(text: str, name: str) -> None:
    """Never an error: either the cell can be read, or it is said what is wrong."""
    column = TABLES["projects"].by_name(["en"])[name]
    if misreading(column, text) == "":
        written(column, read(column, text))


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TITLES, TEXTS, TEXTS, AMOUNTS, NUMBERS, st.sets(st.integers(1, 17)))
def test_any_plan_comes_back_from_the_database(
    tmp_path: Path,
    title: str,
    summary: str,
    story: str,
    amount: int,
    goal: Decimal,
    sdgs: set[int],
) -> None:
    """Imported over one another, so that new and changed rows are both tried."""
    package = read_package(FIXTURES / "minimal")
    values = {
        "title_fr": title,
        "title_en": title,
        "summary_fr": summary,
        "summary_en": summary,
        "description_fr": story,
        "description_en": story,
        "budget": str(amount),
        "goal_value": written(TABLES["projects"].by_name([])["goal_value"], goal),
        "sdgs": ";".join(map(str, sorted(sdgs))),
    }
    changed = with_cells(package, "projects", ("I-2.01",), values)
    changed = with_cells(changed, "allocations", ("I-2.01", "STA"), {"amount": str(amount)})
    write(changed, tmp_path / "plan.zip")
    import_plan(read_package(tmp_path / "plan.zip"), why="Hypothesis said so.")
    again = stored()
    assert again is not None
    assert files(again) | {"changes.csv": b""} == files(changed) | {"changes.csv": b""}


def with_cells(
    package: Package, table: str, key: tuple[str, ...], values: dict[str, str]
) -> Package:
    """The package with other values in the row with this key."""
    rows = [
        replace(row, cells=row.cells | values) if TABLES[table].order(row.cells) == key else row
        for row in package.tables[table]
    ]
    return Package.of(package.languages, package.tables | {table: rows})
