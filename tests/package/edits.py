"""Edits of a package, each one small, and what reading says of the result."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from nextgen.package.fault import FaultsError
from nextgen.package.reading import read

type Edit = Callable[[Path], None]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

KEYS = {
    "texts": ["page", "language"],
    "pillars": ["number"],
    "allocations": ["project", "authority"],
    "reports": ["month"],
    "assessments": ["report", "milestone", "version"],
    "published_figures": ["report", "figure"],
    "payment_requests": ["number"],
    "verdicts": ["request", "milestone", "decided_on"],
    "changes": ["number"],
    "recipients": ["identifier"],
}


def cell(table: str, key: str, column: str, value: str) -> Edit:
    """Writes a value into the cell of the row whose key columns, joined by a blank, are `key`."""

    def edit(package: Path) -> None:
        path = package / f"{table}.csv"
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8", newline=""), newline="")))
        keys = KEYS.get(table, ["code"])
        places = [rows[0].index(each) for each in keys]
        (row,) = [row for row in rows[1:] if " ".join(row[place] for place in places) == key]
        row[rows[0].index(column)] = value
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        path.write_text(text.getvalue(), "utf-8", newline="")

    return edit


def text(file: str, old: str, new: str) -> Edit:
    """Replaces a text that occurs once in a file."""

    def edit(package: Path) -> None:
        path = package / file
        before = path.read_text("utf-8", newline="")
        assert before.count(old) == 1, f"{old!r} occurs {before.count(old)} times in {file}"
        path.write_text(before.replace(old, new), "utf-8", newline="")

    return edit


def line(file: str, start: str, new: str) -> Edit:
    """Replaces the one line that starts so; '' removes it."""

    def edit(package: Path) -> None:
        path = package / file
        lines = path.read_bytes().decode().split("\r\n")
        (place,) = [i for i, each in enumerate(lines) if each.startswith(start)]
        lines[place : place + 1] = [new] if new else []
        path.write_bytes("\r\n".join(lines).encode())

    return edit


def append(file: str, row: str) -> Edit:
    """Adds a row at the end of a file."""

    def edit(package: Path) -> None:
        with (package / file).open("a", encoding="utf-8", newline="") as out:
            out.write(row + "\r\n")

    return edit


def raw(file: str, change: Callable[[bytes], bytes]) -> Edit:
    """Changes the bytes of a file."""

    def edit(package: Path) -> None:
        (package / file).write_bytes(change((package / file).read_bytes()))

    return edit


def faults_of(package: Path) -> list[str]:
    """What reading says of a package, one line a fault; nothing where it is right."""
    try:
        read(package)
    except FaultsError as error:
        return [str(fault) for fault in error.faults]
    return []
