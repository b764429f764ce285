"""A file that is broken, or made to do harm, gets a clear sentence and nothing else."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from milestones.models import Assessment, ProgressReport, User
from milestones.sheet.table import MAX_FILE, MAX_ROWS, RefusedError, opened
from tests.desk.sheets import back, faults, saved, taken

pytestmark = pytest.mark.django_db
Parts = dict[str, bytes]


@pytest.fixture
def client(as_person: Callable[[User], Client], coordinator: User, draft: ProgressReport) -> Client:
    return as_person(coordinator)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def small() -> Parts:
    book = Workbook()
    book.worksheets[0].append(["code", "status"])
    return parts_of(saved(book))


def bomb() -> bytes:
    return packed(small() | {"xl/sharedStrings.xml": b" " * 100_000_000})


def entities() -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><sst>&a9;</sst>'
    return packed(small() | {"xl/sharedStrings.xml": text.encode()})


def wide_entities() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><sst>&a;</sst>'
    return packed(small() | {"xl/sharedStrings.xml": text.encode("utf-16")})


def tags() -> bytes:
    cells = b"<row>" + b"<c/>" * 1_000_000 + b"</row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    whole = sheet + b"<sheetData>" + cells + b"</sheetData></worksheet>"
    return packed(small() | {"xl/worksheets/sheet1.xml": whole})


def locked() -> bytes:
    data = bytearray(packed(small()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def without(name: str) -> bytes:
    return packed({key: content for key, content in small().items() if key != name})


HOSTILE: dict[str, tuple[bytes, str]] = {
    "a bomb": (bomb(), "far too large"),
    "entities": (entities(), "no workbook"),
    "entities in UTF-16": (wide_entities(), "no workbook"),
    "a million cells": (tags(), "far too large"),
    "a thousand parts": (packed(dict.fromkeys(map(str, range(1000)), b"")), "far too large"),
    "macros": (packed(small() | {"xl/vbaProject.bin": b"x"}), "macros"),
    "a password": (locked(), "password"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls"),
    "half a workbook": (packed(small())[:2000], "no workbook"),
    "no manifest": (without("[Content_Types].xml"), "no workbook"),
    "no sheet": (without("xl/worksheets/sheet1.xml"), "no workbook"),
    "no workbook part": (without("xl/workbook.xml"), "no workbook"),
    "some other zip": (packed({"a.txt": b"hello"}), "no workbook"),
    "an OpenDocument": (
        packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "no workbook",
    ),
    "broken XML": (packed(small() | {"xl/worksheets/sheet1.xml": b"<worksheet><"}), "no workbook"),
    "only two letters": (b"PK", "no workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither an XLSX nor a CSV"),
    "bytes of no encoding": (b"code,note_en\n1,\x81\x8d\n", "neither an XLSX nor a CSV"),
    "half UTF-8": (b"\xef\xbb\xbfcode,note_en\n1,\xe9\n", "neither an XLSX nor a CSV"),
    "an open quote": (b'code,note_en\n1,"never closed\n', "not closed"),
    "spaces": (b"  \n \n", "first row is empty"),
    "a thousand columns": (b"code" + b",x" * 1000, "too many columns"),
    "a page": (b"<!DOCTYPE html><html>", "codes of the milestones is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name: str, client: Client) -> None:
    data, sentence = HOSTILE[name]
    answer = back(client, data)
    assert answer.status_code == 200
    assert [told for told in faults(answer) if sentence in told], faults(answer)
    assert not Assessment.objects.filter(report__month="2024-06").exists()


def test_a_file_of_more_than_five_megabytes_is_refused(client: Client) -> None:
    assert "5 MB" in faults(back(client, b"x" * (MAX_FILE + 1)))[0]


def test_an_empty_file_is_refused(client: Client) -> None:
    assert faults(back(client, b"")) == ["The submitted file is empty."]


def test_a_file_of_too_many_rows_is_refused(client: Client) -> None:
    rows = b"\n".join([b"code,status", *[b"x,done"] * (MAX_ROWS + 1)])
    assert "more than 5,000 rows" in faults(back(client, rows))[0]


def sheet_with(*rows: str) -> bytes:
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    text = f"{start}<sheetData>{''.join(rows)}</sheetData></worksheet>"
    return packed(small() | {"xl/worksheets/sheet1.xml": text.encode()})


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_row_at_the_end_of_the_sheet_is_found_and_one_beyond_it_is_not_waited_for() -> None:
    head = f'<row r="1">{inline("A1", "code")}</row>'
    far = f'<row r="1048576">{inline("A1048576", "x")}</row>'
    with pytest.raises(RefusedError, match="5,000"):
        opened(sheet_with(head, far))
    beyond = f'<row r="99999999999">{inline("A99999999999", "x")}</row>'
    assert opened(sheet_with(head, beyond)).rows == []


def test_formatted_rows_without_words_are_no_rows() -> None:
    head = f'<row r="1">{inline("A1", "code")}</row>'
    blank = "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(2, 9000))
    assert opened(sheet_with(head, blank)).rows == []


def test_a_cell_far_to_the_right_takes_no_memory() -> None:
    head = f'<row r="1">{inline("A1", "code")}{inline("XFD1", "far")}</row>'
    assert len(opened(sheet_with(head)).heading) == 1


@pytest.mark.filterwarnings("error")
def test_what_a_spreadsheet_adds_of_its_own_does_not_disturb(client: Client) -> None:
    book = load_workbook(io.BytesIO(taken(client)))
    sheet = book.worksheets[0]
    sheet.oddHeader.center.text = "&&&"
    sheet["U1"] = "Due"
    sheet["U2"] = 1e300
    sheet["U2"].number_format = "dd/mm/yyyy"
    sheet["V1"] = "x"
    assert get_column_letter(sheet.max_column) == "V"
    answer: Any = back(client, saved(book))
    assert faults(answer) == []
