"""A copy of SQLite's file, and back.

By SQLite's online backup on the very connection that reads what else a backup holds: both see one
snapshot, and nobody who writes waits. `VACUUM INTO` may not run inside a transaction, so it could
not share a snapshot with the data package. The copy is vacuumed afterwards instead: what was
deleted, as natural persons past their time, is then in no free page of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from nextgen.backup.fault import BackupError

FILE = "database.sqlite3"
BESIDE = ("", "-wal", "-shm", "-journal")
Settings = dict[str, Any]


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment."""
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            connection.introspection.table_names()  # the first read is where the snapshot begins
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]


def dump(file: Path) -> None:
    """Writes the database of the snapshot. Raises BackupError."""
    try:
        with closing(sqlite3.connect(file, autocommit=True)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("VACUUM")
    except sqlite3.Error as error:
        raise BackupError(f"The database could not be copied to {file}: {error}.") from error


def load(file: Path, settings: Settings, *, rights: bool = True) -> None:
    """Makes the database what the file is, at once for all who have it open. Raises BackupError.

    Whoever has it open goes on with what is restored. What is no database is kept beside it, as
    '….damaged'.
    """
    target = Path(settings["NAME"])
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            set_aside_if_damaged(target)
            with closing(sqlite3.connect(target, timeout=20)) as restored:
                source.backup(restored)
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"{target} could not be written: {error}.") from error


def set_aside_if_damaged(target: Path) -> None:
    """Moves a file that SQLite cannot read out of the way, with those that belong to it."""
    try:
        with closing(sqlite3.connect(target)) as there:
            whole = there.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        raise  # in use, or out of reach: not damaged
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        for suffix in BESIDE:
            part = target.with_name(target.name + suffix)
            if part.exists():
                part.replace(target.with_name(f"{target.name}.damaged{suffix}"))


@contextmanager
def scratch(settings: Settings, folder: Path) -> Iterator[Settings]:
    """A database for a while."""
    yield {**settings, "NAME": str(folder / "scratch.sqlite3")}
