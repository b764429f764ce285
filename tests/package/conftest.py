"""The small plan of Lorvania, and a database without a plan."""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from tests.package.edits import FIXTURES
from tests.thaw import thawed


@pytest.fixture
def lorvania(tmp_path: Path) -> Path:
    """A copy of the package that a test may edit."""
    return Path(shutil.copytree(FIXTURES / "minimal", tmp_path / "lorvania"))


@pytest.fixture
def no_plan(db: None) -> None:
    """An empty database, guarded as ever: the plan comes back when the test rolls back."""
    from nextgen.package.stored import MODELS  # noqa: PLC0415 - models are not ready before

    tables = [model._meta.db_table for model in MODELS.values()]
    tables += ["milestones_claim", "projects_recipient_projects", "milestones_edition"]
    with thawed(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in reversed(tables):
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our tables
