"""The indexes of the search: a word is found by its first letters without reading every row.

Both hold the words of a search column as they stand there, so that all databases find the same:
on PostgreSQL an index of the column, on SQLite a table of FTS5 beside it, which triggers keep.
They are put in place after every migration: SQLite drops triggers when Django remakes a table.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ["projects_project", "milestones_milestone"]
AS_VECTOR = "array_to_tsvector(string_to_array(btrim({column}), ' '))"
ON_POSTGRESQL = "CREATE INDEX IF NOT EXISTS {table}_words ON {table} USING gin ({vector})"
ON_SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS {table}_words USING fts5 (
  search, content='{table}', content_rowid='id', detail=none, columnsize=0,
  tokenize="unicode61 remove_diacritics 0 tokenchars '^~.'"
)
"""
FORGET = (
    "INSERT INTO {table}_words ({table}_words, rowid, search) VALUES ('delete', OLD.id, OLD.search)"
)
LEARN = "INSERT INTO {table}_words (rowid, search) VALUES (NEW.id, NEW.search)"
TRIGGERS = {
    "insert": f"CREATE TRIGGER {{name}} AFTER INSERT ON {{table}} BEGIN {LEARN}; END",
    "delete": f"CREATE TRIGGER {{name}} AFTER DELETE ON {{table}} BEGIN {FORGET}; END",
    "update": (
        "CREATE TRIGGER {name} AFTER UPDATE OF id, search ON {table}"
        f" WHEN OLD.id <> NEW.id OR OLD.search <> NEW.search BEGIN {FORGET}; {LEARN}; END"
    ),
}


def install(connection: BaseDatabaseWrapper, *, anew: bool = False) -> None:
    """Puts every index in place; one that was not kept up to date is made anew, or with `anew`."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                vector = AS_VECTOR.format(column="search")
                cursor.execute(ON_POSTGRESQL.format(table=table, vector=vector))
            else:
                _on_sqlite(cursor, table, anew=anew)


def _on_sqlite(cursor: Any, table: str, *, anew: bool) -> None:
    cursor.execute(ON_SQLITE.format(table=table))
    names = {event: f"words_{table}_{event}" for event in TRIGGERS}
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    if not anew and set(names.values()) <= {name for (name,) in cursor.fetchall()}:
        return
    for event, name in names.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(TRIGGERS[event].format(table=table, name=name))
    cursor.execute(f"INSERT INTO {table}_words ({table}_words) VALUES ('rebuild')")  # noqa: S608


def after_migration(*, using: str, plan: Sequence[Any] = (), **_signal: Any) -> None:
    """Only once all tables are there: `migrate` may have gone to an earlier state.

    What a migration wrote on SQLite no trigger has seen (projects/migrating.py).
    """
    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        install(connection, anew=bool(plan))
