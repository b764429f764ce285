"""Making a backup: a folder that is whole, or is not there.

    backup-000012-20261126T004500Z/
      database.sqlite3 or database.pgdump   everything: accounts, history, editions, brochures
      plan.zip        the plan with all its reports, to be read without this site
      manifest.json   what the database held, and by which version of the site
      SHA256SUMS      as `sha256sum --check` reads it

The names of natural persons and the accounts are in the dump: nobody else may read the folder.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from nextgen.backup.account import account, package
from nextgen.backup.database import means
from nextgen.backup.fault import BackupError

NAME = re.compile(r"backup-(\d{6,})-\d{8}T\d{6}Z")
PACKAGE, MANIFEST, SUMS = "plan.zip", "manifest.json", "SHA256SUMS"


def back_up(folder: Path, *, keep: int | None = None) -> Path:
    """Adds a backup to the folder, and takes the oldest away until `keep` are left.

    They are numbered: the machine's clock may have gone back. Raises BackupError, and has then
    added nothing.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            made = _make(folder, _number(found[-1]) + 1 if (found := backups(folder)) else 1)
            for old in backups(folder)[:-keep] if keep else []:
                shutil.rmtree(old.rename(_partial(old)))
    except OSError as error:
        raise BackupError(
            f"{error.filename or folder} cannot be written: {error.strerror}."
        ) from error
    return made


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, in the order in which they were made."""
    return sorted((path for path in folder.iterdir() if NAME.fullmatch(path.name)), key=_number)


def sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _number(backup: Path) -> int:
    match = NAME.fullmatch(backup.name)
    return int(match[1]) if match else 0


def _partial(backup: Path) -> Path:
    """What a backup is called while it is not yet, or no longer, whole."""
    return backup.with_name(f".{backup.name}.partial")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two who make backups here at once would number them alike. The lock dies with its process."""
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being made in {folder}.") from error
        for left in folder.glob(".backup-*.partial"):  # of one that was killed
            shutil.rmtree(left)
        yield
    finally:
        os.close(held)


def _make(folder: Path, number: int) -> Path:
    backup = folder / f"backup-{number:06}-{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    partial = _partial(backup)
    partial.mkdir(mode=0o700)
    try:
        _fill(partial)
        for path in [*partial.iterdir(), partial]:
            path.chmod(0o700 if path.is_dir() else 0o600)
            _to_disk(path)
        partial.rename(backup)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    _to_disk(folder)
    return backup


def _fill(partial: Path) -> None:
    by = means()
    with by.snapshot():
        by.dump(partial / by.FILE)
        (partial / PACKAGE).write_bytes(package())
        told = account()
    manifest = {
        "made_at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "site": tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"][
            "version"
        ],
        "django": django.__version__,
        "database": connection.vendor,
        **told,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    sums = [f"{sha256(file)}  {file.name}\n" for file in sorted(partial.iterdir())]
    (partial / SUMS).write_text("".join(sums))


def _to_disk(path: Path) -> None:
    """Only what the disk itself has is there after the power fails."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
