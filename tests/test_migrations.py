"""A migration locks no reader out: what takes PostgreSQL long under ACCESS EXCLUSIVE is refused.

Own rules over `sqlmigrate` rather than django-migration-linter: that looks for what an older
version of the code cannot read, knows no table that stays small, and supports no Django 6.1 yet.
An index is let through: building it keeps writers waiting, and readers not.
"""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# Sites have had these already.
BASELINE = {"milestones": 5, "projects": 4}
# However large the plan is: some hundred rows at most.
SMALL = (
    "projects_plan", "projects_text", "projects_pillar", "projects_component", "projects_authority",
    "milestones_user", "milestones_progressreport", "milestones_publishedfigure",
    "milestones_edition", "milestones_paymentrequest",
)  # fmt: skip
RULES = {
    r"ALTER COLUMN \S+ (SET DATA )?TYPE": "may write the whole table anew: add a column, fill it in"
    " steps, then take the old one away",
    r"ADD COLUMN .* DEFAULT \(?\w+\(": "computes a value a row: add it without, then fill it",
    r"ADD COLUMN .* STORED": "writes the whole table anew: fill a plain column in steps",
    r"ADD CONSTRAINT .* CHECK(?!.* NOT VALID)": "reads the whole table: AddConstraintNotValid, then"
    " ValidateConstraint, of django.contrib.postgres.operations",
    r"ADD CONSTRAINT .* (UNIQUE|PRIMARY KEY|EXCLUDE)(?!.* USING INDEX)": "builds its index while"
    " nobody can read: a unique index first",
    r"ALTER COLUMN \S+ SET NOT NULL": "reads the whole table: a check constraint first",
    r"^(LOCK|CLUSTER|VACUUM FULL|TRUNCATE|REINDEX (?!.*CONCURRENTLY))": "keeps readers out",
}


def refused(sql: str) -> list[str]:
    """The statements that keep readers out of a table which may be large, and why."""
    statements = [line.strip() for line in sql.splitlines() if not line.startswith("--")]
    made = {match[1] for line in statements if (match := re.match(r'CREATE TABLE "(\w+)"', line))}
    return [
        f"{line}\n  {why}"
        for line in statements
        for pattern, why in RULES.items()
        if re.search(pattern, line)
        and not ((on := re.search(r'TABLE "(\w+)"', line)) and on[1] in made.union(SMALL))
    ]


@pytest.mark.django_db
def test_no_migration_keeps_readers_out() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite's readers read on, whatever is written: it is in WAL mode
    for app, name in MigrationLoader(None).disk_migrations:
        if app in BASELINE and int(name[:4]) > BASELINE[app]:
            out = StringIO()
            call_command("sqlmigrate", app, name, stdout=out, no_color=True)
            assert not refused(out.getvalue()), f"{app}.{name}"


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "projects_project" ALTER COLUMN "code" TYPE varchar(9) USING "code"::varchar;',
        'ALTER TABLE "milestones_change" ADD CONSTRAINT "x" CHECK ("number" > 0);',
        'ALTER TABLE "milestones_change" ADD CONSTRAINT "x" UNIQUE ("record");',
        'ALTER TABLE "projects_project" ALTER COLUMN "budget" SET NOT NULL;',
        'ALTER TABLE "projects_project" ADD COLUMN "x" uuid DEFAULT gen_random_uuid() NOT NULL;',
    ],
)
def test_what_keeps_readers_out_is_known(sql: str) -> None:
    assert refused(sql)
    assert not refused(re.sub(r'TABLE "\w+"', 'TABLE "projects_plan"', sql))


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "projects_project" ADD COLUMN "x" text DEFAULT \'\' NOT NULL;',
        'CREATE INDEX "x" ON "projects_project" ("code");',
        'CREATE TABLE "new" ("id" bigint);\nALTER TABLE "new" ADD CONSTRAINT "x" UNIQUE ("id");',
        'ALTER TABLE "milestones_change" ADD CONSTRAINT "x" CHECK ("number" > 0) NOT VALID;',
    ],
)
def test_what_is_done_in_an_instant_is_let_through(sql: str) -> None:
    assert not refused(sql)
