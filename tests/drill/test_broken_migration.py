"""A migration that fails halfway changes nothing: the site serves on, guarded as before."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.conftest import ROOT
from tests.drill import writes
from tests.drill.copies import Copy, manage

pytestmark = pytest.mark.django_db
# On SQLite the second operation remakes the table that most of the guards speak of.
MIGRATION = """
from django.db import migrations, models

def fail(apps, schema_editor):
    {fail}

class Migration(migrations.Migration):
    dependencies = [("milestones", {last!r})]
    operations = [
        migrations.AddField("edition", "first", models.TextField(default="")),
        migrations.AlterField("edition", "sha256", models.CharField(max_length=99)),
        migrations.RunPython(fail),
        migrations.AddField("change", "second", models.TextField(default="")),
    ]
"""
SETTINGS = """
from nextgen.settings import *
MIGRATION_MODULES = {"milestones": "broken"}
"""
WAYS = {
    "an error": "raise RuntimeError('It fails halfway.')",
    "a kill": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.fixture
def migrate(copy: Copy, tmp_path: Path) -> Callable[[str], int]:
    """Runs `migrate` with one more migration, which does this in its middle."""
    package = tmp_path / "broken"
    package.mkdir()
    for file in (ROOT / "milestones/migrations").glob("*.py"):
        (package / file.name).symlink_to(file)
    (tmp_path / "with_one_more.py").write_text(SETTINGS)
    (last,) = (name for app, name in MigrationLoader(None).graph.leaf_nodes("milestones"))

    def migrate(fail: str) -> int:
        (package / "9999_broken.py").write_text(MIGRATION.format(fail=fail, last=last))
        return manage(
            copy, "migrate", "-v0", PYTHONPATH=str(tmp_path),
            DJANGO_SETTINGS_MODULE="with_one_more", PYTHONDONTWRITEBYTECODE="1",
        ).returncode  # fmt: skip

    return migrate


@pytest.mark.parametrize("way", WAYS)
def test_a_migration_that_ends_halfway_changes_nothing_and_is_run_again(
    copy: Copy, migrate: Callable[[str], int], way: str
) -> None:
    before, guards = copy.contents(), copy.guards()
    assert guards
    assert migrate(WAYS[way]) != 0
    assert (copy.contents(), copy.guards()) == (before, guards)
    with pytest.raises(Exception, match="an edition never changes"):
        copy.rows("UPDATE milestones_edition SET sha256 = '0'")
    assert writes.run(writes.assess, copy=copy)[0].done

    assert migrate("pass") == 0
    assert copy.guards() == guards
    assert copy.rows("SELECT DISTINCT first FROM milestones_edition") == [("",)]
    with pytest.raises(Exception, match="an edition never changes"):
        copy.rows("UPDATE milestones_edition SET sha256 = '0'")


def test_what_a_migration_writes_is_found_by_the_search(
    copy: Copy, migrate: Callable[[str], int]
) -> None:
    """On SQLite the triggers that keep the index are away meanwhile."""
    write = "UPDATE projects_project SET search = ' ^zebra' WHERE code = 'I-2.09'"
    assert migrate(f"schema_editor.execute({write!r})") == 0
    look = "from projects.models import Project; print(*Project.objects.matching('zebra'))"
    assert "I-2.09" in manage(copy, "shell", "-v0", "-c", look).stdout
