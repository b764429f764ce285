"""The plan many times over, in the database: what the measurements of growth run on.

`python -m benchmarks.cloning TIMES` makes an imported plan so many times as large: each project
with its allocations, milestones, assessments, claims, verdicts and lines of the log. A copy has
codes and keys of its own and shares pillars, components, authorities, reports and requests.
"""

import sys
from dataclasses import dataclass

import django
from django.db import connection, transaction


@dataclass(frozen=True)
class Copied:
    """A table: which columns lead to copies, which tell rows apart, and of which rows."""

    table: str
    owners: tuple[tuple[str, str], ...] = ()
    code: str = ""
    number: str = ""
    of: str = "1 = 1"


PROJECT, MILESTONE = "projects_project", "milestones_milestone"
WORDS = "milestones_assessment"
TABLES = [
    Copied(PROJECT, (("successor_id", PROJECT),), "code"),
    Copied("projects_allocation", (("project_id", PROJECT),)),
    Copied(MILESTONE, (("project_id", PROJECT),), "code"),
    Copied(WORDS, (("milestone_id", MILESTONE), ("corrects_id", WORDS))),
    Copied("milestones_claim", (("milestone_id", MILESTONE),)),
    Copied("milestones_verdict", (("milestone_id", MILESTONE),)),
    Copied(
        "milestones_change",
        code="record",
        number="number",
        of="record_type IN ('project', 'allocation', 'milestone', 'assessment', 'verdict')",
    ),
]


def multiply(times: int) -> None:
    """Makes the plan `times` as large, whatever the database guards; all of it or nothing."""
    from milestones import frozen, stamping  # noqa: PLC0415 - only once Django is set up
    from projects import indexing  # noqa: PLC0415

    frozen.remove(connection)
    stamping.remove(connection)
    with connection.cursor() as cursor:
        for table in indexing.TABLES:  # they are made anew, which is faster
            cursor.execute(f"DROP INDEX IF EXISTS {table}_words")
            for event in indexing.TRIGGERS if connection.vendor == "sqlite" else ():
                cursor.execute(f"DROP TRIGGER IF EXISTS words_{table}_{event}")
    with transaction.atomic(), connection.cursor() as cursor:
        last: dict[str, int] = {}
        for each in TABLES:
            cursor.execute(f"SELECT max(id) FROM {each.table}")  # noqa: S608 - names of our own
            last[each.table] = cursor.fetchone()[0] or 0
        for each in TABLES:
            cursor.execute(_statement(each, last, times))
    frozen.install(connection)
    stamping.install(connection)
    indexing.install(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for each in TABLES:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{each.table}', 'id'), max(id))"  # noqa: S608
                    f" FROM {each.table}"
                )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA optimize")


def _statement(copied: Copied, last: dict[str, int], times: int) -> str:
    own = f"copies.n * {last[copied.table]}"
    written = {"id": f"id + {own}"}
    for column, owner in copied.owners:
        written[column] = f"{column} + copies.n * {last[owner]}"
    if copied.code:
        written[copied.code] = f"{copied.code} || '-' || {own}"
    if copied.number:
        written[copied.number] = f"{copied.number} + {own}"
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, copied.table)
    columns = [column.name for column in described]
    if "search" in columns:  # of the rest of the record, as its code is
        written["search"] = f"search || ' .' || {own}"
    values = ", ".join(written.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {copied.table} ({names})"  # noqa: S608 - names of our own
        " WITH RECURSIVE copies(n) AS"
        f" (SELECT 1 WHERE {times} > 1 UNION ALL SELECT n + 1 FROM copies WHERE n + 1 < {times})"
        f" SELECT {values} FROM {copied.table}, copies"
        f" WHERE id <= {last[copied.table]} AND {copied.of}"
    )


if __name__ == "__main__":
    django.setup()
    multiply(int(sys.argv[1]))
