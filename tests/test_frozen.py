"""What is published stands: neither the ORM nor SQL of the site's role rewrites or removes it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, models, transaction

from milestones import frozen
from milestones.models import (
    Assessment,
    Brochure,
    Change,
    Edition,
    Milestone,
    ProgressReport,
    PublishedFigure,
    Verdict,
)

pytestmark = pytest.mark.django_db
Row = tuple[type[models.Model], dict[str, Any], str, Any]
MONTH = {"month": "2023-12"}
OF_REPORT = {"report__month": "2023-12"}

# A record, how it is found, and a field with another value that it might be given.
ROWS: dict[str, Row] = {
    "a published assessment": (Assessment, {**OF_REPORT, "milestone__code": "157"}, "note_en", "x"),
    "a published report": (ProgressReport, MONTH, "note_en", "x"),
    "its published figure": (PublishedFigure, {**OF_REPORT, "figure": "projects"}, "value", 1),
    "an edition": (Edition, OF_REPORT, "sha256", "0" * 64),
    "a brochure": (Brochure, {"language": "en"}, "sha256", "0" * 64),
    "a line of the public log": (Change, {"number": 1}, "reason_en", "x"),
    "an entry of the history": (LogEntry, {}, "object_repr", "x"),
    "a verdict": (Verdict, {"milestone__code": "157"}, "decided_on", "2024-07-03"),
    "a first promise": (Milestone, {"code": "157"}, "baseline_due", 8000),
}


@pytest.fixture
def history(db: None) -> LogEntry:
    """One entry, as the desk writes it, and a brochure."""
    milestone = Milestone.objects.get(code="157")
    milestone.description_en = "Changed."
    milestone.save()
    edition = Edition.objects.get(report__month="2023-12")
    Brochure.objects.create(edition=edition, language="en", pdf=b"%PDF", sha256="1" * 64)
    return LogEntry.objects.latest("pk")


@pytest.fixture
def site(history: LogEntry) -> Iterator[None]:
    """The site's own role, with what `manage.py grants` gives it; SQLite has no roles."""
    if connection.vendor != "postgresql":
        yield
        return
    role = f"site_of_tests_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        call_command("grants", role, apply=True)
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def sql(*statement: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement[0], statement[1:] or None)


def found(row: Row) -> models.Model:
    model, which, _field, _value = row
    return model._default_manager.filter(**which).order_by("pk")[0]


def tries(row: Row) -> dict[str, Callable[[], Any]]:
    """Ways to rewrite or remove a record, by the ORM and by SQL."""
    model, _which, field, value = row
    record = found(row)
    table, rows = model._meta.db_table, model._default_manager.filter(pk=record.pk)
    column = model._meta.get_field(field).column

    def save() -> None:
        setattr(record, field, value)
        record.save()

    def bulk_update() -> None:
        setattr(record, field, value)
        model._default_manager.bulk_update([record], [field])

    ways: dict[str, Callable[[], Any]] = {
        "save": save,
        "bulk_update": bulk_update,
        "update": lambda: rows.update(**{field: value}),
        "UPDATE": lambda: sql(
            f"UPDATE {table} SET {column} = %s WHERE id = %s",  # noqa: S608
            value,
            record.pk,
        ),
        "delete": record.delete,
        "delete of many": rows.delete,
        "raw delete": lambda: rows._raw_delete("default"),
        "DELETE": lambda: sql(f"DELETE FROM {table} WHERE id = %s", record.pk),  # noqa: S608
        "DELETE of all": lambda: sql(f"DELETE FROM {table}"),  # noqa: S608
    }
    if connection.vendor == "sqlite":
        names = [f.column for f in model._meta.concrete_fields]
        given = ", ".join("%s" if name == column else name for name in names)
        ways["REPLACE"] = lambda: sql(
            f"REPLACE INTO {table} ({', '.join(names)})"  # noqa: S608
            f" SELECT {given} FROM {table} WHERE id = %s", value, record.pk
        )  # fmt: skip
    else:
        ways |= {
            "TRUNCATE": lambda: sql(f"TRUNCATE {table} CASCADE"),
            "DISABLE TRIGGER": lambda: sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL"),
            "DROP TRIGGER": lambda: sql(f"DROP TRIGGER frozen_{table}_delete ON {table}"),
            "replica": lambda: sql("SET LOCAL session_replication_role = replica"),
            "DROP TABLE": lambda: sql(f"DROP TABLE {table} CASCADE"),
        }
    return ways


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("what", ROWS)
def test_nothing_rewrites_or_removes(what: str) -> None:
    model = ROWS[what][0]
    before = list(model._default_manager.order_by("pk").values())
    for way in tries(ROWS[what]):
        try:
            with transaction.atomic():
                tries(ROWS[what])[way]()  # a fresh record for each
        except (DatabaseError, models.ProtectedError):
            continue
        pytest.fail(f"{way} went through")
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.usefixtures("site")
def test_a_published_report_takes_up_no_new_words() -> None:
    said = Assessment.objects.filter(report__month="2023-12").latest("pk")
    kept = {"report": said.report, "status": "on-track"}
    other = Milestone.objects.exclude(assessments__report=said.report).first() or said.milestone
    with refused():
        Assessment.objects.create(milestone=other, **kept)
    with refused():
        PublishedFigure.objects.create(report=said.report, figure="milestones", value=1, source="x")
    with refused():
        Edition.objects.create(report=said.report, figures=[])
    corrected = Assessment.objects.create(
        milestone=said.milestone, version=2, corrects=said, **kept
    )
    with refused():
        corrected.delete()
    with refused():
        Assessment.objects.filter(pk=corrected.pk).update(status="delayed", expected=8100)


@pytest.mark.usefixtures("history")
def test_words_of_a_draft_do_not_move_into_a_published_report() -> None:
    draft = ProgressReport.objects.create(month="2024-06")
    milestone = Milestone.objects.create(
        code="x-new", kind="milestone", project=Milestone.objects.get(code="157").project,
        baseline_due=8100, due=8100, joined="2024-01-01",
    )  # fmt: skip
    said = Assessment.objects.create(report=draft, milestone=milestone, status="on-track")
    with refused():
        Assessment.objects.filter(pk=said.pk).update(
            report=ProgressReport.objects.get(month="2023-12")
        )
    said.delete()
    milestone.delete()


@pytest.mark.usefixtures("site")
def test_a_table_of_the_same_name_does_not_deceive_the_guards() -> None:
    """A temporary table is found before the real one, unless the guards look for the real one."""
    said = Assessment.objects.filter(report__month="2023-12").first()
    assert said
    with refused():
        sql("CREATE TEMPORARY TABLE milestones_edition (report_id bigint)")
        Assessment.objects.filter(pk=said.pk).update(note_en="x")


@pytest.mark.usefixtures("site")
def test_the_role_of_the_site_can_do_its_work() -> None:
    draft = ProgressReport.objects.create(month="2024-06")
    said = Assessment.objects.create(
        report=draft, milestone=Milestone.objects.get(code="157"), status="delayed", expected=8100
    )
    said.status = "on-track"
    said.save()
    said.delete()
    draft.delete()
    assert frozen.missing(connection) == set()


def test_the_grants_are_those_of_postgresql() -> None:
    out = StringIO()
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="Only PostgreSQL has roles"):
            call_command("grants", "site", stdout=out)
        return
    call_command("grants", 'a "role"', stdout=out)
    assert 'TO "a ""role""";' in out.getvalue()
    assert not {"TRUNCATE", "TRIGGER", "ALL PRIVILEGES", "OWNER"} & set(out.getvalue().split())
