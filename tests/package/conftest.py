"""The small plan of Lorvania, and a database without a plan."""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from tests.package.edits import FIXTURES


@pytest.fixture
def lorvania(tmp_path: Path) -> Path:
    """A copy of the package that a test may edit."""
    return Path(shutil.copytree(FIXTURES / "minimal", tmp_path / "lorvania"))


@pytest.fixture
def no_plan(db: None) -> None:
    """An empty database: all rows, and what guards them, are gone until the test rolls back."""
    from nextgen.package.stored import MODELS  # noqa: PLC0415 - models are not ready before

    tables = [model._meta.db_table for model in MODELS.values()]
    tables += ["milestones_claim", "projects_recipient_projects"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        else:
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for table in reversed(tables):
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our tables
