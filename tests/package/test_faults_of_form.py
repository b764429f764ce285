"""Whatever an editor or a spreadsheet does to a file is named, with what would be right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package.edits import Edit, append, faults_of, line, raw, text

COMPONENTS, PROJECTS = "components.csv", "projects.csv"


def encoded(encoding: str) -> Callable[[bytes], bytes]:
    return lambda data: data.decode().encode(encoding)


def removed(name: str) -> Edit:
    return lambda package: (package / name).unlink()


FAULTS: dict[str, tuple[Edit, list[str]]] = {
    "Latin letters of Windows": (
        raw(PROJECTS, lambda data: data.replace("é".encode(), b"\xe9", 1)),
        ["projects.csv:3: is not UTF-8: byte 32 of the line is 0xE9; save as UTF-8"],
    ),
    "UTF-16": (
        raw(PROJECTS, encoded("utf-16")),
        ["projects.csv:1: is written in UTF-16: save it as UTF-8"],
    ),
    "UTF-16 without a mark": (
        raw(PROJECTS, encoded("utf-16-le")),
        ["projects.csv:1: is written in UTF-16: save it as UTF-8"],
    ),
    "a byte order mark": (
        raw(PROJECTS, encoded("utf-8-sig")),
        ["projects.csv:1: starts with a byte order mark: save it without"],
    ),
    "a NUL byte": (
        raw(COMPONENTS, lambda data: data.replace(b"1.2", b"1\x00.2")),
        ["components.csv:4: holds a NUL byte: remove it"],
    ),
    "semicolons": (
        raw(COMPONENTS, lambda data: data.replace(b",", b";")),
        ["components.csv:1: is separated by semicolons: separate the cells by commas"],
    ),
    "tabs": (
        raw(COMPONENTS, lambda data: data.replace(b",", b"\t")),
        ["components.csv:1: is separated by tabs: separate the cells by commas"],
    ),
    "an empty file": (
        raw(COMPONENTS, lambda _data: b""),
        ["components.csv:1: is empty: write at least the heading"],
    ),
    "a blank line": (
        raw(COMPONENTS, lambda data: data.replace(b"\r\n1.2", b"\r\n\r\n1.2")),
        ["components.csv:4: is blank: remove the line"],
    ),
    "a row of empty cells": (
        append(COMPONENTS, ",,,"),
        ["components.csv:7: has empty cells only: remove the row"],
    ),
    "a cell too many": (
        text(COMPONENTS, ",Renovation", ",Renovation, and more"),
        [
            (
                "components.csv:3: has 5 cells where the heading has 4: too many; "
                "quote a cell that holds a comma"
            )
        ],
    ),
    "a cell too few": (
        text(COMPONENTS, "1.1,1,", "1.1,"),
        ["components.csv:3: has 3 cells where the heading has 4: too few"],
    ),
    "a quote that is not closed": (
        text(COMPONENTS, "Transversal", '"Transversal'),
        ["components.csv:2:name_fr: opens a quote that is never closed: close it"],
    ),
    "a quote that closes too early": (
        text(PROJECTS, '"Insulating 12,000 homes"', '"Insulating 12,000" homes'),
        [
            (
                "projects.csv:3:title_en: opens a quote that closes in the middle of a cell "
                "on line 3: close it at the end, and double quotes inside"
            )
        ],
    ),
    "a quote in a cell without quotes": (
        text(PROJECTS, "A wind farm off", 'A "wind farm" off'),
        [
            (
                "projects.csv:12:title_en: has a quote inside: "
                "quote the whole cell and double the one inside"
            )
        ],
    ),
    "swapped columns": (
        text(COMPONENTS, "name_fr,name_en", "name_en,name_fr"),
        [
            (
                "components.csv:1:name_en: stands where name_fr belongs: "
                "keep the order of datapackage.json"
            )
        ],
    ),
    "a misspelt column": (
        text(COMPONENTS, "code,pillar", "code,piller"),
        [
            "components.csv:1:piller: is no column of this file: did you mean pillar?",
            "components.csv:1:pillar: is missing in the heading: add the column after code",
        ],
    ),
    "a missing column": (
        line("recipients.csv", "name,", "name,identifier,amount,as_of,projects"),
        [
            "recipients.csv:1:source: is missing in the heading: add the column after projects",
            (
                "recipients.csv:2: has 6 cells where the heading has 5: too many; "
                "quote a cell that holds a comma"
            ),
        ],
    ),
    "an unknown column": (
        raw("components.csv", lambda data: data.replace(b"\r\n", b",note\r\n")),
        ["components.csv:1:note: is no column of this file: remove it"],
    ),
    "a column of another language": (
        raw("components.csv", lambda data: data.replace(b"\r\n", b",name_de\r\n")),
        [
            "components.csv:1:name_de: is of a language that the plan (fr;en) has not: remove it",
        ],
    ),
    "a column twice": (
        text(COMPONENTS, "name_fr,name_en", "name_fr,name_fr"),
        [
            "components.csv:1:name_fr: stands twice in the heading: keep one",
            "components.csv:1:name_en: is missing in the heading: add the column after name_fr",
        ],
    ),
    "a missing file": (
        removed("verdicts.csv"),
        ["verdicts.csv: is missing: a package holds it even when it has no rows"],
    ),
    "an unknown file": (
        lambda package: (package / "notes.txt").touch(),
        ["notes.txt: is no file of a package: remove it"],
    ),
    "no descriptor": (
        removed("datapackage.json"),
        ["datapackage.json: is missing: a package holds it even when it has no rows"],
    ),
    "a descriptor that is not JSON": (
        raw("datapackage.json", lambda data: data[:-3]),
        ["datapackage.json:1892: is not JSON: write it anew with export_plan"],
    ),
    "a descriptor of something else": (
        raw("datapackage.json", lambda data: data.replace(b'"minimum": 0', b'"minimum": 1', 1)),
        [
            (
                "datapackage.json:resources.0.schema.fields.14.constraints.minimum: "
                "differs from the schema: write it with export_plan"
            )
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_form_is_named_with_what_would_be_right(lorvania: Path, fault: str) -> None:
    edit, told = FAULTS[fault]
    edit(lorvania)
    assert faults_of(lorvania) == told


def test_the_small_plan_has_no_fault(lorvania: Path) -> None:
    assert faults_of(lorvania) == []


def test_other_line_breaks_and_more_quotes_are_no_fault(lorvania: Path) -> None:
    raw(PROJECTS, lambda data: data.replace(b"\r\n", b"\n"))(lorvania)
    text(COMPONENTS, "Transversal", '"Transversal"')(lorvania)
    assert faults_of(lorvania) == []


def test_a_line_is_counted_as_an_editor_shows_it(lorvania: Path) -> None:
    """The third row of projects begins on line 3 and ends on line 11: a story spans lines."""
    text(PROJECTS, ",120000000,", ",a lot,")(lorvania)
    shown = (lorvania / PROJECTS).read_text("utf-8").splitlines()
    assert "a lot" in shown[10]
    assert [fault.split(": ")[0] for fault in faults_of(lorvania)] == ["projects.csv:11:budget"]


def test_a_broken_row_hides_no_fault_of_another_file(lorvania: Path) -> None:
    text(PROJECTS, "x-audit,,reform,", "x-audit,reform,")(lorvania)
    line("milestones.csv", "1,", "")(lorvania)
    told = faults_of(lorvania)
    assert told[0].startswith("projects.csv:17: has 36 cells where the heading has 37")
    assert told[1].startswith("assessments.csv:2:milestone: '1' is not in milestones.csv")
    assert not any("x-audit" in each for each in told)
