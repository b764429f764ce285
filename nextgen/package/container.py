"""The files of a package, from a folder or a zip that nobody needs to trust.

Sizes are checked before anything is read, names before anything is opened, and nothing is ever
unpacked to disk.
"""

import stat
import struct
import zipfile
import zlib
from pathlib import Path

from nextgen.package.fault import ORDER, Fault, FaultsError
from nextgen.package.schema import DESCRIPTOR

MAX_FILE = 50_000_000  # bytes
MAX_TOTAL = 200_000_000  # bytes, of all files
MAX_ZIP = 20_000_000  # bytes: even its list of contents takes time to read
MAX_RATIO = 200  # text of a plan shrinks some five times, a bomb a thousand times
MAX_ENTRIES = 100
WANTED = (*ORDER, DESCRIPTOR)
TOLERATED = ("README.md", "LICENSE")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError
)  # fmt: skip


def contents(path: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """The wanted files by name, and a fault for each that is missing, unknown or unsafe.

    Raises FaultsError where the folder or the zip as a whole is refused.
    """
    if path.is_dir():
        files, faults = _of_folder(path)
    elif path.is_file():
        files, faults = _of_zip(path)
    else:
        raise FaultsError([Fault(path.name, 0, "", "is not there: name a folder or a .zip file")])
    named = {fault.file.rsplit("/", 1)[-1] for fault in faults}
    faults += [
        Fault(name, 0, "", "is missing: a package holds it even when it has no rows")
        for name in WANTED
        if name not in files and name not in named
    ]
    return files, faults


def _of_folder(path: Path) -> tuple[dict[str, bytes], list[Fault]]:
    files: dict[str, bytes] = {}
    faults = []
    total = 0
    for entry in sorted(path.iterdir()):
        about = entry.lstat()
        total += about.st_size if entry.name in WANTED and about.st_size <= MAX_FILE else 0
        if wrong := _of_kind(entry.name, about.st_mode) or _of_size(about.st_size, total):
            faults.append(Fault(entry.name, 0, "", wrong))
        elif entry.name in WANTED:
            files[entry.name] = entry.read_bytes()
    return files, faults


def _of_zip(path: Path) -> tuple[dict[str, bytes], list[Fault]]:
    def refuse(sentence: str) -> FaultsError:
        return FaultsError([Fault(path.name, 0, "", sentence)])

    if path.stat().st_size > MAX_ZIP:
        raise refuse(f"is larger than {MAX_ZIP // 10**6} MB: a package is smaller")
    files: dict[str, bytes] = {}
    faults = []
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise refuse(f"holds {len(entries)} files: a package holds {len(WANTED)}")
            names = [entry.filename for entry in entries]
            for entry in entries:
                total += entry.file_size if entry.file_size <= MAX_FILE else 0
                wrong = _of_entry(entry, names) or _of_size(entry.file_size, total)
                if wrong:
                    faults.append(Fault(entry.filename, 0, "", wrong))
                elif entry.filename in WANTED:
                    files[entry.filename] = archive.read(entry)
    except _BROKEN as error:
        broken = zipfile.is_zipfile(path)
        what = "is a broken zip: make it anew" if broken else "is neither a folder nor a zip"
        raise refuse(what) from error
    return files, faults


def _of_entry(entry: zipfile.ZipInfo, names: list[str]) -> str:
    """Why a file of a zip is refused, or ''."""
    name = entry.filename
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return "has an absolute name: put the file at the top of the zip"
    if ".." in name.replace("\\", "/").split("/"):
        return "has a name that leads out of the zip: put the file at its top"
    if names.count(name) > 1:
        return "is twice in the zip: put it there once"
    if entry.flag_bits & 0x1:
        return "is encrypted: make the zip without a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in a rare way: make the zip with the usual one, deflate"
    if entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * entry.compress_size:
        return f"grows more than {MAX_RATIO} times when unpacked: no plan does"
    return _of_kind(name, entry.external_attr >> 16 or stat.S_IFREG)


def _of_kind(name: str, mode: int) -> str:
    """Why a file with this name and mode is refused, or ''."""
    if stat.S_ISLNK(mode):
        return "is a link: put the file itself there"
    if "/" in name or stat.S_ISDIR(mode):
        return "is a folder or in one: put the files themselves at the top"
    if name not in (*WANTED, *TOLERATED):
        return "is no file of a package: remove it"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is not a regular file: put one there"
    return ""


def _of_size(size: int, total: int) -> str:
    """Why a file of this size, with those before it, is refused, or ''."""
    if size > MAX_FILE:
        return f"is larger than {MAX_FILE // 10**6} MB: shorten it"
    if total > MAX_TOTAL:
        return f"brings the package over {MAX_TOTAL // 10**6} MB: shorten it"
    return ""
