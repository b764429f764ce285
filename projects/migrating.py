"""What holds while a migration runs, and when it fails or is killed halfway.

PostgreSQL: no lock is waited for long. An ALTER TABLE that waits for a slow reader keeps all who
read after it waiting too; rather it gives up, nothing changed, and `migrate` is run again.

SQLite refuses to remake a table that the trigger of another one speaks of, and drops the triggers
of the one that it remakes. So each migration takes all triggers away and puts them back in its own
transaction: a database between two migrations, or after one that failed, is guarded as before.
"""

from types import TracebackType
from typing import Any

from django.db import connections
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor

PATIENCE = "5s"


class TriggersStay(DatabaseSchemaEditor):
    """Django's schema editor of SQLite, which keeps the triggers of the tables that it leaves."""

    def __enter__(self) -> "TriggersStay":
        super().__enter__()
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.triggers: list[tuple[str, str, str]] = cursor.fetchall()
            for name, _table, _sql in self.triggers:
                cursor.execute(f"DROP TRIGGER {self.quote_name(name)}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Where it rolls back, they are back by themselves.
        if kind is None or not self.atomic_migration:
            tables = self.connection.introspection.table_names()
            with self.connection.cursor() as cursor:
                for _name, table, sql in self.triggers:
                    if table in tables:
                        cursor.execute(sql)
        super().__exit__(kind, error, trace)


def before_migration(*, using: str, **_signal: Any) -> None:
    connection: Any = connections[using]
    if connection.vendor == "sqlite":
        connection.SchemaEditorClass = TriggersStay
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{PATIENCE}'")


def after_migration(*, using: str, **_signal: Any) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
