"""A dump of PostgreSQL by its own programs, and back.

`pg_dump` reads the snapshot that the transaction of `snapshot` exported, so the dump and all else
that a backup holds are of one moment, and nobody who reads or writes waits.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.sql import SQL, Identifier

from nextgen.backup.fault import BackupError

FILE = "database.pgdump"
Settings = dict[str, Any]

# All that is there goes in the same transaction in which what was dumped comes.
EMPTY = """\
BEGIN;
DO $$ DECLARE found text; BEGIN
FOR found IN SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename)
  FROM pg_tables WHERE schemaname = current_schema()
UNION ALL SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure)
  FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
LOOP EXECUTE found; END LOOP; END $$;
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def dump(file: Path) -> None:
    """Writes the database of the snapshot, in pg_dump's custom format. Raises BackupError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
    where = _where(connection.settings_dict)
    options = ["--format=custom", f"--snapshot={name}", f"--file={file}"]
    told = subprocess.run(  # noqa: S603
        [program("pg_dump"), *options, *where["options"]],
        env=where["env"], stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise BackupError(f"pg_dump could not copy the database to {file}: {_first(told.stderr)}")


def load(file: Path, settings: Settings, *, rights: bool = True) -> None:
    """Makes the database what the dump is, or leaves it as it was. Raises BackupError.

    With `rights`, roles get what they had: they must be there.
    """
    where = _where(settings)
    told = ["--file=-", "--no-owner", *([] if rights else ["--no-privileges"]), str(file)]
    does = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen([program("pg_restore"), *told], stdout=pipe, stderr=pipe) as reading,  # noqa: S603
        subprocess.Popen(  # noqa: S603
            [program("psql"), *does, *where["options"]], env=where["env"], stdin=pipe, stderr=pipe
        ) as writing,
    ):
        faults = _pour(reading, writing)
    if writing.returncode or reading.returncode:
        raise BackupError(f"{file.name} was not restored, nothing changed: {_first(faults)}")


def _pour(reading: Any, writing: Any) -> str:
    """All that pg_restore reads goes to psql in one transaction; what both say of faults."""
    try:
        writing.stdin.write(EMPTY.encode())
        shutil.copyfileobj(reading.stdout, writing.stdin)
        # Only what was read to its end is kept: psql rolls back where its input ends before.
        if reading.wait() == 0:
            writing.stdin.write(b"\nCOMMIT;\n")
        writing.stdin.close()
    except BrokenPipeError:
        reading.stdout.close()  # psql has said why; pg_restore need not go on
    faults: str = (writing.stderr.read() + reading.stderr.read()).decode()
    return faults


@contextmanager
def scratch(settings: Settings, _folder: Path) -> Iterator[Settings]:
    """A database for a while, beside that of these settings. Raises BackupError."""
    name = f"nextgen_verify_{uuid4().hex[:12]}"
    database = Identifier(name)
    with psycopg.connect(**_parameters(settings), autocommit=True) as owner:
        try:
            owner.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                "This role may not create a database to verify the backup in: give it CREATEDB,"
                " or name an empty database with --into."
            ) from error
        try:
            yield {**settings, "NAME": name}
        finally:
            owner.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(database))


def program(name: str) -> str:
    """The newest of Debian's, or that on the path: an older one cannot dump a newer server."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parent.parent.name),
    )
    if path := (str(found[-1]) if found else shutil.which(name)):
        return path
    raise BackupError(f"{name} is missing: install Debian's postgresql-client.")


def _parameters(settings: Settings) -> dict[str, Any]:
    """What psycopg connects with."""
    parameters = DatabaseWrapper(settings, "default").get_connection_params()
    known = {each.keyword.decode() for each in psycopg.pq.Conninfo.get_defaults()}
    return {name: value for name, value in parameters.items() if name in known and value}


def _where(settings: Settings) -> dict[str, Any]:
    """The same for PostgreSQL's programs: the password is not for others to read in `ps`."""
    parameters = _parameters(settings)
    password = {"PGPASSWORD": parameters.pop("password")} if "password" in parameters else {}
    dsn = psycopg.conninfo.make_conninfo(**parameters)
    return {"options": [f"--dbname={dsn}"], "env": os.environ | password}


def _first(told: str) -> str:
    """The first line in which a program says what is wrong."""
    lines = [
        line for line in told.splitlines() if "error" in line.lower() or "fatal" in line.lower()
    ]
    return (lines or told.splitlines() or ["it said nothing"])[0].strip()
