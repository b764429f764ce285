"""A spreadsheet as a coordinator handles it: taken out, filled in, brought back, confirmed."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from milestones.models import Assessment, ProgressReport
from milestones.sheet.columns import EVERY, flat, keys_by_heading

Cells = Mapping[str, Mapping[str, Any]]
"""What somebody fills in: values by column, by the code of the row."""


def taken(client: Client, kind: str = "xlsx") -> bytes:
    answer = client.get(reverse("admin:sheet_download", args=[kind]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def key_of(heading: Any) -> str:
    return keys_by_heading(EVERY).get(flat(str(heading)), str(heading))


def fill(data: bytes, cells: Cells) -> bytes:
    """The workbook with these cells filled in, and only these rows."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    places = {key_of(cell.value): cell.column for cell in sheet[1]}
    for row in range(sheet.max_row, 1, -1):
        wanted = cells.get(str(sheet.cell(row, places["code"]).value))
        if wanted is None:
            sheet.delete_rows(row)
            continue
        for key, value in wanted.items():
            cell = sheet.cell(row, places[key])
            cell.value = value
            if isinstance(value, str) and key.startswith("note"):
                cell.data_type = "s"
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def records(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV that was taken out, by the keys of their columns."""
    heading, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [dict(zip(map(key_of, heading), row, strict=True)) for row in rows]


def table(*rows: Mapping[str, str], separator: str = ",") -> bytes:
    """A CSV of one's own, with the keys of the columns as headings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def back(client: Client, data: bytes, name: str = "sheet") -> Any:
    """The page that answers when this file is brought back."""
    return client.post(reverse("admin:sheet"), {"file": SimpleUploadedFile(name, data)})


def confirm(client: Client, shown: Any, *mine: str) -> Any:
    """What answers when the preview is confirmed, with these rows taken from the file."""
    sent = {"confirmed": shown.context["packed"], "mine": mine}
    return client.post(reverse("admin:sheet"), sent)


def faults(answer: Any) -> list[str]:
    """The faults that the preview, or the page of the form, shows."""
    if "preview" in answer.context:
        return [str(fault) for fault in answer.context["preview"].faults]
    return [told for all_of in answer.context["form"].errors.values() for told in all_of]


def steps(answer: Any) -> dict[str, list[tuple[str, str, str]]]:
    """What the preview shows: (heading, from, to) by the code of the milestone."""
    return {
        each.milestone.code: [(step.heading, step.old, step.new) for step in each.steps]
        for each in answer.context["preview"].proposals
    }


def said(report: ProgressReport, code: str) -> Assessment | None:
    return Assessment.objects.filter(report=report, milestone__code=code).first()
