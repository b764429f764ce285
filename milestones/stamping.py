"""The triggers that renew the stamp of the public data, whoever changes it and how.

On PostgreSQL they wait for the end of the transaction: the row of the stamp, which all writers
share, is then locked for a moment only and is the last that is locked, so nobody waits in a circle.
Once a transaction is enough there: a row that one transaction rewrites a thousand times would be
looked for through a thousand versions.
"""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from milestones.models import Assessment, Stamp, User

EVENTS = ("insert", "update", "delete")


def tables() -> list[str]:
    """All tables of the plan and its progress: a new one is public unless it is named here."""
    models = (
        model
        for app in ("projects", "milestones")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )
    return [model._meta.db_table for model in models if model not in (User, Stamp)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place, and renews the stamp: what changed without them was not seen."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not on_sqlite:
            cursor.execute(
                RENEW.format(old=PUBLISHED.format(row="OLD"), new=PUBLISHED.format(row="NEW"))
            )
        for table in tables():
            for event in EVENTS if on_sqlite else ["write"]:
                words = {"name": _name(table, event), "table": table, "event": event, "when": ""}
                if table == Assessment._meta.db_table:
                    words["when"] = f"WHEN {PUBLISHED.format(row=ROW[event])}" if on_sqlite else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_on(connection, table, event)}")
                cursor.execute((ON_SQLITE if on_sqlite else ON_POSTGRESQL).format(**words))
    renew(connection)


def renew(connection: BaseDatabaseWrapper) -> None:
    """Another stamp, whatever has changed; the first one where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(ANOTHER.format(random=RANDOM[connection.vendor]))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes every trigger away: to make a plan much larger at once, and for tests."""
    with connection.cursor() as cursor:
        for table in tables():
            for event in EVENTS if connection.vendor == "sqlite" else ["write"]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_on(connection, table, event)}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables whose changes would go unnoticed."""
    events = EVENTS if connection.vendor == "sqlite" else ["write"]
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return {t for t in tables() if not {_name(t, event) for event in events} <= there}


def _name(table: str, event: str) -> str:
    return f"stamp_{table}_{event}"


def _on(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    where = "" if connection.vendor == "sqlite" else f" ON {table}"
    return f"{_name(table, event)}{where}"


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
}
RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()::text"}
ANOTHER = """
INSERT INTO milestones_stamp (id, token, renewed_by) VALUES (1, {random}, '')
ON CONFLICT (id) DO UPDATE SET token = excluded.token, renewed_by = ''
"""
# What a draft says is not public, and is written all day long while a report is open.
PUBLISHED = "EXISTS (SELECT 1 FROM milestones_edition e WHERE e.report_id = {row}.report_id)"
ROW = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
ON_SQLITE = """
CREATE TRIGGER {name} AFTER {event} ON {table} {when}
BEGIN UPDATE milestones_stamp SET token = lower(hex(randomblob(16))); END
"""
RENEW = """
CREATE OR REPLACE FUNCTION stamp_renew() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$ BEGIN
IF TG_TABLE_NAME = 'milestones_assessment' THEN
IF TG_OP = 'DELETE' THEN
IF NOT {old} THEN RETURN NULL; END IF;
ELSIF NOT {new} THEN RETURN NULL; END IF;
END IF;
UPDATE milestones_stamp
SET token = gen_random_uuid()::text, renewed_by = pg_current_xact_id()::text
WHERE renewed_by <> pg_current_xact_id()::text;
RETURN NULL; END $$
"""
ON_POSTGRESQL = """
CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp_renew()
"""


def after_migration(*, using: str, **_signal: Any) -> None:
    """Only once all tables are there: `migrate` may have gone to an earlier state."""
    connection = connections[using]
    if {*tables(), Stamp._meta.db_table} <= set(connection.introspection.table_names()):
        install(connection)
