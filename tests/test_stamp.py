"""Every public change renews the stamp in its own transaction, whoever makes it and how."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction

from milestones import stamping
from milestones.actions import open_report
from milestones.models import (
    Assessment,
    Brochure,
    Edition,
    Milestone,
    ProgressReport,
    Stamp,
    User,
    Verdict,
)
from projects.models import NaturalRecipient, Project, Recipient
from tests.thaw import thawed

pytestmark = pytest.mark.django_db


def stamped() -> str:
    """The stamp as it would be once the transaction of the test had ended."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("UPDATE milestones_stamp SET renewed_by = ''")
    return Stamp.objects.token()


def test_no_public_table_is_forgotten() -> None:
    assert stamping.missing(connection) == set()
    assert len(stamping.tables()) > 15


MODELS: dict[str, type[models.Model]] = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in ("projects", "milestones") and model not in (User, Stamp)
}


TOUCH = "UPDATE {table} SET {column} = {column}"


@pytest.fixture
def no_table_is_empty() -> None:
    """A recipient of either kind and a brochure, which the plan of Belgium has not."""
    project = Project.objects.get(code="I-2.09")
    paid = {"amount": 1, "as_of": "2023-12-31", "name": "Somebody"}
    Recipient.objects.create(**paid, identifier="0123456789").projects.add(project)
    NaturalRecipient.objects.create(**paid, paid_in="2023").projects.add(project)
    edition = Edition.objects.get(report__month="2023-12")
    Brochure.objects.create(edition=edition, language="en", pdf=b"%PDF", sha256="1" * 64)


@pytest.mark.usefixtures("no_table_is_empty")
@pytest.mark.parametrize("table", sorted(MODELS))
def test_a_row_written_past_the_site_renews_it(table: str) -> None:
    """By SQL, where no code of ours sees it."""
    before = stamped()
    column = MODELS[table]._meta.pk.column  # type: ignore[union-attr]
    with thawed(), connection.cursor() as cursor:
        cursor.execute(TOUCH.format(table=table, column=column))
        assert cursor.rowcount
    assert stamped() != before


WRITES: dict[str, Callable[[], object]] = {
    "a row added": lambda: Verdict.objects.create(
        request=Verdict.objects.all()[0].request, milestone=Milestone.objects.get(code="157"),
        decided_on="2025-01-01", verdict="fulfilled",
    ),
    "a row taken away": lambda: Milestone.objects.get(code="157").claims.all().delete(),
    "many rows at once": lambda: Project.objects.update(source="elsewhere"),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_whatever_is_written_renews_it(write: str) -> None:
    before = stamped()
    WRITES[write]()
    assert stamped() != before


def test_what_is_rolled_back_was_no_change() -> None:
    before = stamped()
    with transaction.atomic():
        Project.objects.update(source="elsewhere")
        transaction.set_rollback(True)
    assert stamped() == before


def test_what_a_migration_changes_renews_it() -> None:
    """On SQLite no trigger is there while one runs (projects/migrating.py)."""
    before = stamped()
    call_command("migrate", verbosity=0)
    assert stamped() != before


def test_what_a_draft_says_renews_nothing() -> None:
    """Coordinators save all day long; what they say is public when it is published."""
    open_report(month="2024-06", closes_on=None, by=User.objects.create_user("e", role="editor"))
    draft = ProgressReport.objects.get(month="2024-06")
    before = stamped()
    milestone = Milestone.objects.get(code="157")
    said = Assessment.objects.filter(report=draft, milestone=milestone).first()
    said = said or Assessment(report=draft, milestone=milestone)
    said.status, said.note_en = "on-track", "Soon."
    said.save()
    User.objects.create_user("somebody")
    assert stamped() == before


def test_a_corrected_assessment_of_a_published_report_renews_it() -> None:
    said = Assessment.objects.filter(report__month="2023-12", version=1).first()
    assert said
    before = stamped()
    said.pk, said.version, said.corrects_id = None, 2, said.pk
    said.save()
    assert stamped() != before
