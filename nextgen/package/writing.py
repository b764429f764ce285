"""Writing a package in its canonical form: the same plan gives the same bytes on every machine."""

import csv
import io
import zipfile
from pathlib import Path

from nextgen.package.container import WANTED
from nextgen.package.package import Package
from nextgen.package.schema import DESCRIPTOR, descriptor_text
from nextgen.package.tables import TABLES

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def files(package: Package) -> dict[str, bytes]:
    """The files of a package by name."""
    texts = {
        table.path: comma_separated(
            [list(table.by_name(package.languages)), *_cells(package, name)]
        )
        for name, table in TABLES.items()
    }
    texts[DESCRIPTOR] = descriptor_text(package.languages)
    return {name: text.encode() for name, text in texts.items()}


def _cells(package: Package, table: str) -> list[list[str]]:
    columns = TABLES[table].by_name(package.languages)
    return [[row[name] for name in columns] for row in package.tables[table]]


def comma_separated(rows: list[list[str]]) -> str:
    """RFC 4180 with minimal quoting: a cell is quoted when it must be."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def zipped(package: Package) -> bytes:
    """The package as a zip, the same bytes each time."""
    return archived(files(package))


def archived(contents: dict[str, bytes]) -> bytes:
    """A zip of these files by name, the same bytes each time."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # as on Unix, on every machine
            archive.writestr(entry, content)
    return data.getvalue()


def write(package: Package, path: Path) -> None:
    """Writes a folder, or a zip where the path ends so.

    Raises FileExistsError rather than write into a folder that holds something else.
    """
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zipped(package))
        return
    if path.is_file() or (path.is_dir() and any(path.iterdir()) and not _is_package(path)):
        raise FileExistsError(f"{path} holds something else than a package: name another folder")
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files(package).items():
        (path / name).write_bytes(content)


def _is_package(path: Path) -> bool:
    return (path / DESCRIPTOR).is_file() and (path / WANTED[0]).is_file()
