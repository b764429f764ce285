"""A package may come from anybody: what could harm is refused unread, in a sentence."""

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package.edits import faults_of, raw

type Pack = Callable[[zipfile.ZipFile, Path], None]


def zipped(package: Path, more: Pack = lambda _archive, _package: None) -> Path:
    """The package as a zip, and whatever else `more` puts there."""
    path = package.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(package.iterdir()):
            archive.write(file, file.name)
        more(archive, package)
    return path


def named(name: str, data: str = "x") -> Pack:
    return lambda archive, _package: archive.writestr(name, data)


def link(archive: zipfile.ZipFile, _package: Path) -> None:
    entry = zipfile.ZipInfo("LICENSE")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def bomb(archive: zipfile.ZipFile, _package: Path) -> None:
    archive.writestr("LICENSE", b"\0" * 40_000_000)


def rare(archive: zipfile.ZipFile, _package: Path) -> None:
    archive.writestr("LICENSE", "x", compress_type=zipfile.ZIP_LZMA)


OUT = "has a name that leads out of the zip: put the file at its top"
FOLDER = "is a folder or in one: put the files themselves at the top"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (named("../evil.csv"), f"../evil.csv: {OUT}"),
        (named("a/../../evil.csv"), f"a/../../evil.csv: {OUT}"),
        (named("..\\evil.csv"), f"..\\evil.csv: {OUT}"),
        (named("/etc/evil"), "/etc/evil: has an absolute name: put the file at the top of the zip"),
        (named("C:evil"), "C:evil: has an absolute name: put the file at the top of the zip"),
        (named("sub/plan.csv"), f"sub/plan.csv: {FOLDER}"),
        (named("setup.exe"), "setup.exe: is no file of a package: remove it"),
        (named("\x1b[31m"), "\\x1b[31m: is no file of a package: remove it"),
        (link, "LICENSE: is a link: put the file itself there"),
        (bomb, "LICENSE: grows more than 200 times when unpacked: no plan does"),
        (rare, "LICENSE: is compressed in a rare way: make the zip with the usual one, deflate"),
    ],
)
def test_what_a_zip_may_not_hold_is_named(lorvania: Path, more: Pack, told: str) -> None:
    assert faults_of(zipped(lorvania, more)) == [told]


def test_a_zip_is_read_like_a_folder(lorvania: Path) -> None:
    assert faults_of(zipped(lorvania)) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_twice_in_a_zip_is_named(lorvania: Path) -> None:
    assert "README.md: is twice in the zip: put it there once" in faults_of(
        zipped(lorvania, named("README.md"))
    )


def test_a_folder_in_a_zip_is_told_once_a_file(lorvania: Path, tmp_path: Path) -> None:
    path = tmp_path / "folder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in lorvania.iterdir():
            archive.write(file, f"lorvania/{file.name}")
    told = faults_of(path)
    assert len(told) == len(list(lorvania.iterdir()))
    assert f"lorvania/plan.csv: {FOLDER}" in told


def test_an_encrypted_zip_is_refused(lorvania: Path) -> None:
    path = zipped(lorvania)
    data = bytearray(path.read_bytes())
    for place in range(len(data) - 10):
        if data[place : place + 4] == b"PK\x01\x02":
            (flags,) = struct.unpack_from("<H", data, place + 8)
            struct.pack_into("<H", data, place + 8, flags | 1)
    path.write_bytes(data)
    assert "plan.csv: is encrypted: make the zip without a password" in faults_of(path)


def test_a_zip_that_lists_files_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", b"")
    data = path.read_bytes()
    entry, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = data[entry:end] * 400_000
    last = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(listed), entry, 0)
    path.write_bytes(data[:entry] + listed + last)
    assert faults_of(path) == ["many.zip: holds 400000 files: a package holds 16"]
    path.write_bytes(data[:entry] + listed * 2 + last)
    assert faults_of(path) == ["many.zip: is larger than 20 MB: a package is smaller"]


def test_a_zip_that_lies_about_its_sizes_is_refused(lorvania: Path) -> None:
    path = zipped(lorvania)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"plan.csv") - 46
    struct.pack_into("<I", data, entry + 24, 10)
    path.write_bytes(data)
    assert faults_of(path) == ["lorvania.zip: is a broken zip: make it anew"]


@pytest.mark.parametrize("keep", [30, 500, -30])
def test_a_broken_zip_is_refused(lorvania: Path, keep: int) -> None:
    path = zipped(lorvania)
    path.write_bytes(path.read_bytes()[:keep])
    (told,) = faults_of(path)
    assert told in (
        "lorvania.zip: is neither a folder nor a zip",
        "lorvania.zip: is a broken zip: make it anew",
    )


def test_what_is_no_package_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("a plan")
    assert faults_of(tmp_path / "plan.txt") == ["plan.txt: is neither a folder nor a zip"]
    assert faults_of(tmp_path / "nothing") == [
        "nothing: is not there: name a folder or a .zip file"
    ]
    (tmp_path / "empty").mkdir()
    assert len(faults_of(tmp_path / "empty")) == 16


def test_a_file_of_a_gigabyte_is_refused_unread(lorvania: Path) -> None:
    os.truncate(lorvania / "projects.csv", 1_000_000_000)
    assert faults_of(lorvania) == ["projects.csv: is larger than 50 MB: shorten it"]


def test_a_package_of_a_gigabyte_is_refused_unread(lorvania: Path) -> None:
    for name in ("plan", "texts", "pillars", "components", "projects", "reports"):
        os.truncate(lorvania / f"{name}.csv", 45_000_000)
    assert "texts.csv: brings the package over 200 MB: shorten it" in faults_of(lorvania)


def test_a_cell_of_a_megabyte_is_refused(lorvania: Path) -> None:
    raw("texts.csv", lambda data: data + b"extra,fr,T," + b"x" * 1_000_001 + b"\r\n")(lorvania)
    assert faults_of(lorvania)[0] == (
        "texts.csv:32: has a cell of more than 1,000,000 characters: shorten it"
    )


def test_a_row_of_a_million_cells_is_refused(lorvania: Path) -> None:
    raw("texts.csv", lambda data: data + b"," * 1_000_000)(lorvania)
    assert faults_of(lorvania) == ["texts.csv:32:page: has more than 1000 cells in this row"]


def test_a_million_broken_rows_end_the_reading(lorvania: Path) -> None:
    raw("texts.csv", lambda data: data + b"x\r\n" * 1_000_000)(lorvania)
    told = faults_of(lorvania)
    assert len(told) == 1_002
    assert told[-1] == "texts.csv:1032: is the fault number 1,000: the rest was not read"


def test_a_link_in_a_folder_is_not_followed(lorvania: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (lorvania / "LICENSE").symlink_to(tmp_path / "secret")
    (lorvania / "plan.csv").rename(tmp_path / "plan.csv")
    (lorvania / "plan.csv").symlink_to(tmp_path / "plan.csv")
    told = "is a link: put the file itself there"
    assert faults_of(lorvania) == [f"plan.csv: {told}", f"LICENSE: {told}"]


def test_a_pipe_in_a_folder_is_not_waited_for(lorvania: Path) -> None:
    (lorvania / "plan.csv").unlink()
    os.mkfifo(lorvania / "plan.csv")
    assert faults_of(lorvania) == ["plan.csv: is not a regular file: put one there"]


def test_a_descriptor_nested_without_end_is_refused(lorvania: Path) -> None:
    raw("datapackage.json", lambda _data: b"[" * 1_000_000)(lorvania)
    assert faults_of(lorvania) == ["datapackage.json: is not JSON: write it anew with export_plan"]


def test_no_name_or_cell_reaches_the_terminal_as_it_is(lorvania: Path) -> None:
    raw("recipients.csv", lambda data: data.replace(b"identifier", b"\x1b[2Jid\r", 1))(lorvania)
    assert not any("\x1b" in told or "\r" in told for told in faults_of(lorvania))
