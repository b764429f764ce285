"""Databases that a test may fill, kill and destroy: copies of the one that all tests share."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests.conftest import DATABASE_URL, ROOT

ON_POSTGRESQL = bool(DATABASE_URL)
numbers = count(1)


@dataclass(frozen=True)
class Copy:
    """A database by its address."""

    url: str

    @property
    def name(self) -> str:
        """Of its file, or in its cluster."""
        return (
            self.url.removeprefix("sqlite:///")
            if not ON_POSTGRESQL
            else urlsplit(self.url).path[1:]
        )

    @contextmanager
    def connect(self) -> Iterator[Any]:
        """A connection that Django knows nothing of."""
        with (
            psycopg.connect(self.url, autocommit=True)
            if ON_POSTGRESQL
            else closing(sqlite3.connect(self.name, timeout=20)) as connection
        ):
            yield connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return found

    def contents(self) -> dict[str, str]:
        """A hash of all rows of each table: the same as long as nothing at all is written."""
        names = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if ON_POSTGRESQL
            else "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        found = {}
        for (table,) in self.rows(names):
            rows = sorted(map(repr, self.rows(f'SELECT * FROM "{table}"')))  # noqa: S608
            found[table] = f"{len(rows)} {hashlib.sha256(''.join(rows).encode()).hexdigest()}"
        return found

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table: int(told.split()[0]) for table, told in self.contents().items()}

    def is_whole(self) -> bool:
        return ON_POSTGRESQL or self.rows("PRAGMA integrity_check") == [("ok",)]

    def guards(self) -> int:
        """How many triggers guard what is published."""
        table = "pg_trigger" if ON_POSTGRESQL else "sqlite_master"
        column = "tgname" if ON_POSTGRESQL else "name"
        return len(self.rows(f"SELECT 1 FROM {table} WHERE {column} LIKE 'frozen_%'"))  # noqa: S608

    def destroy(self) -> None:
        """As a broken disk does, or somebody in the wrong window."""
        if ON_POSTGRESQL:
            with owner() as server:
                server.execute(
                    SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(self.name))
                )
        else:
            Path(self.name).write_bytes(b"\x00 this is no database any more" * 1000)
            Path(f"{self.name}-wal").unlink(missing_ok=True)

    def put_back_empty(self) -> None:
        """What whoever returns from a backup does first: `createdb`. SQLite needs nothing."""
        if ON_POSTGRESQL:
            with owner() as server:
                server.execute(SQL("CREATE DATABASE {}").format(Identifier(self.name)))


def owner() -> Any:
    return psycopg.connect(DATABASE_URL, autocommit=True)


@contextmanager
def one_more(source: Copy, folder: Path, worker: str) -> Iterator[Copy]:
    """A copy of a database that nobody has open, for a while."""
    name = f"drill_{worker}_{next(numbers)}"
    if not ON_POSTGRESQL:
        copy = Copy(f"sqlite:///{folder / name}.sqlite3")
        with (
            closing(sqlite3.connect(source.name)) as old,
            closing(sqlite3.connect(copy.name)) as new,
        ):
            old.backup(new)
        yield copy
        return
    copy = Copy(urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl())
    with owner() as server:
        made = SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(made.format(Identifier(name), Identifier(source.name)))
    yield copy
    copy.destroy()


def manage(
    copy: Copy, *command: object, prefix: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """A command as an operator gives it; all that it says, and how it ended."""
    return subprocess.run(
        [*prefix, sys.executable, "manage.py", *map(str, command)],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": copy.url} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
