"""What the database itself refuses, whoever asks: history and promises are not rewritten.

Triggers, not constraints: they look at what a row was. They are put in place after every
migration, as this version has them; `projects.migrating` keeps those that are there meanwhile.
On PostgreSQL the application's role must not own the tables (`manage.py grants`), or it could
drop them. On SQLite a REPLACE fires them only with `recursive_triggers`, which the settings turn
on.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

OF_THIS_REPORT = "SELECT 1 FROM milestones_edition e WHERE e.report_id = {row}.{column}"


@dataclass(frozen=True)
class Guard:
    """Refuses an event on the rows of a table that meet a condition, with a sentence."""

    table: str
    event: str
    condition: str
    sentence: str

    @property
    def name(self) -> str:
        return f"frozen_{self.table}_{self.event.split()[0].lower()}"


def _published(row: str, column: str = "report_id") -> str:
    return f"EXISTS ({OF_THIS_REPORT.format(row=row, column=column)})"


# A correction corrects the version before it, of the same report and milestone, and no other.
EARLIER = (
    "SELECT 1 FROM milestones_assessment a WHERE a.id = NEW.corrects_id"
    " AND a.report_id = NEW.report_id AND a.milestone_id = NEW.milestone_id"
    " AND a.version = NEW.version - 1"
)
EITHER = f"{_published('OLD')} OR {_published('NEW')}"

SAID = "what a published report says never changes: append a correction"
FIGURE = "what was published for a report stands as it was when the report appeared"
REPORT = "a published report never changes"
EDITION = "an edition never changes"
BROCHURE = "a brochure never changes"
LINE = "the public log is only added to"
HISTORY = "the history is only added to"
VERDICT = "a verdict stays: add a later one"
KEPT = "what a published report speaks of stays: withdraw it"
PROMISE = "the first promise never changes: move the date in force"

GUARDS = [
    Guard(
        "milestones_assessment",
        "INSERT",
        f"(NEW.version = 1 AND {_published('NEW')})"
        f" OR (NEW.version > 1 AND NOT EXISTS ({EARLIER}))",
        SAID,
    ),
    Guard("milestones_assessment", "UPDATE", EITHER, SAID),
    Guard("milestones_assessment", "DELETE", _published("OLD"), SAID),
    Guard("milestones_publishedfigure", "INSERT", _published("NEW"), FIGURE),
    Guard(
        "milestones_publishedfigure",
        "UPDATE",
        f"{_published('OLD')} OR {_published('NEW')}",
        FIGURE,
    ),
    Guard("milestones_publishedfigure", "DELETE", _published("OLD"), FIGURE),
    Guard("milestones_progressreport", "UPDATE", _published("OLD", "id"), REPORT),
    Guard("milestones_progressreport", "DELETE", _published("OLD", "id"), REPORT),
    Guard("milestones_edition", "UPDATE", "1 = 1", EDITION),
    Guard("milestones_edition", "DELETE", "1 = 1", EDITION),
    Guard("milestones_brochure", "UPDATE", "1 = 1", BROCHURE),
    Guard("milestones_brochure", "DELETE", "1 = 1", BROCHURE),
    Guard("milestones_change", "UPDATE", "1 = 1", LINE),
    Guard("milestones_change", "DELETE", "1 = 1", LINE),
    Guard("auditlog_logentry", "UPDATE", "1 = 1", HISTORY),
    Guard("auditlog_logentry", "DELETE", "1 = 1", HISTORY),
    Guard("milestones_verdict", "DELETE", "1 = 1", VERDICT),
    Guard(
        "milestones_verdict",
        "UPDATE OF request_id, milestone_id, decided_on",
        "OLD.request_id <> NEW.request_id OR OLD.milestone_id <> NEW.milestone_id"
        " OR OLD.decided_on <> NEW.decided_on",
        VERDICT,
    ),
    Guard(
        "milestones_milestone",
        "UPDATE OF baseline_due",
        "OLD.baseline_due <> NEW.baseline_due",
        PROMISE,
    ),
    # Or it could come back, with the same key and another promise.
    Guard(
        "milestones_milestone",
        "DELETE",
        "EXISTS (SELECT 1 FROM milestones_assessment a"
        " JOIN milestones_edition e ON e.report_id = a.report_id WHERE a.milestone_id = OLD.id)",
        KEPT,
    ),
]
TABLES = sorted({guard.table for guard in GUARDS})


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every guard in place; those that are there are written anew."""
    on_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        schema = "" if on_sqlite else _schema(cursor)
        for guard in GUARDS:
            words = {**asdict(guard), "name": guard.name, "schema": schema}
            if on_sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            cursor.execute((ON_SQLITE if on_sqlite else ON_POSTGRESQL).format(**words))
        for table in [] if on_sqlite else TABLES:
            cursor.execute(AGAINST_TRUNCATE.format(table=table))


def _schema(cursor: Any) -> str:
    cursor.execute("SELECT quote_ident(current_schema())")
    (schema,) = cursor.fetchone()
    return str(schema)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes every guard away: for tests that empty tables, and for nothing else."""
    with connection.cursor() as cursor:
        for guard in GUARDS:
            where = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{where}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the guards that the database lacks."""
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        return {guard.name for guard in GUARDS} - {name for (name,) in cursor.fetchall()}


ON_SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
# On PostgreSQL a WHEN may not look into other tables, so the function does; by a path of its own,
# or it would look into a temporary table of the same name first.
ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SET search_path = {schema}, pg_temp AS $$ BEGIN
IF {condition} THEN
RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""
AGAINST_TRUNCATE = """
CREATE OR REPLACE FUNCTION frozen_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'what is published is never emptied'
USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE TRIGGER frozen_{table}_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION frozen_truncate()
"""


def after_migration(*, using: str, **_signal: Any) -> None:
    """Only once all tables are there: `migrate` may have gone to an earlier state."""
    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        install(connection)
