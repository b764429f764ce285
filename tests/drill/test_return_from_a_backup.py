"""A site that is destroyed comes back from its backup as it was; a damaged backup says so."""

import json
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.drill import writes
from tests.drill.copies import ON_POSTGRESQL, Copy, manage, one_more

pytestmark = pytest.mark.django_db
DUMP = "database.pgdump" if ON_POSTGRESQL else "database.sqlite3"


@pytest.fixture(scope="module")
def busy_site(
    site_in_use: Copy, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Copy, Path]]:
    """A site with all that must come back, and its backup."""
    folder = tmp_path_factory.mktemp("busy")
    with one_more(site_in_use, folder, worker_id) as site:
        for write in (writes.correct, writes.make_brochures, writes.assess, writes.pay_somebody):
            writes.run(write, copy=site)
        yield site, backed_up(site, folder / "backups")


@pytest.fixture
def busy(busy_site: tuple[Copy, Path], tmp_path: Path, worker_id: str) -> Iterator[Copy]:
    with one_more(busy_site[0], tmp_path, worker_id) as copy:
        yield copy


@pytest.fixture
def backup(busy_site: tuple[Copy, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(busy_site[1], tmp_path / busy_site[1].name))


def backed_up(copy: Copy, folder: Path) -> Path:
    (outcome,) = writes.run(partial(writes.back_up, folder), copy=copy)
    assert outcome.done, outcome.refused
    return Path(outcome.done)


def restored(copy: Copy, backup: Path, *, replace: bool = False) -> str | None:
    """Why it was not, if it was not."""
    (outcome,) = writes.run(partial(writes.restore, backup, replace), copy=copy)
    return outcome.refused


def test_a_destroyed_site_comes_back_as_it_was(busy: Copy, backup: Path) -> None:
    before = busy.contents()
    assert {t for t, told in before.items() if not told.startswith("0 ")} > {
        "milestones_user", "auditlog_logentry", "milestones_edition", "milestones_brochure",
        "milestones_change", "projects_naturalrecipient",
    }  # fmt: skip
    guards = busy.guards()
    busy.destroy()
    busy.put_back_empty()
    assert restored(busy, backup) is None
    assert (busy.contents(), busy.guards()) == (before, guards)
    assert writes.run(writes.publish, copy=busy)[0].done == writes.DRAFT


def test_the_command_says_what_it_found(busy: Copy, backup: Path) -> None:
    before = busy.contents()
    done = manage(busy, "restore", backup, "--verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{backup} is whole: ")
    assert busy.contents() == before


def test_a_backup_holds_the_draft_that_nobody_else_may_read_yet(backup: Path) -> None:
    shutil.unpack_archive(backup / "plan.zip", backup.parent / "plan")
    rows = (backup.parent / "plan/assessments.csv").read_text(encoding="utf-8")
    assert "2024-06,157,1," in rows


def test_nobody_else_can_read_it_and_anybody_can_check_it(backup: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in backup.iterdir()}
    assert modes == dict.fromkeys([DUMP, "plan.zip", "manifest.json", "SHA256SUMS"], 0o600)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=backup, check=True)


def test_it_says_what_it_was_made_of(busy: Copy, backup: Path) -> None:
    told = json.loads((backup / "manifest.json").read_text())
    assert told["rows"]["milestones_user"] == busy.counts()["milestones_user"] == 2
    assert told["report"] == "2023-12"
    assert told["figures"][""]["milestones"] == "410"
    assert "milestones.0001_initial" in told["migrations"]


def test_names_whose_time_has_passed_do_not_come_back(busy: Copy, tmp_path: Path) -> None:
    writes.run(partial(writes.pay_somebody, 1999), copy=busy)
    backup = backed_up(busy, tmp_path / "backups")
    assert restored(busy, backup, replace=True) is None
    assert busy.rows("SELECT name FROM projects_naturalrecipient") == [("Jo Zwijger",)]


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


@pytest.mark.parametrize("harm", [flip, truncate, Path.unlink])
@pytest.mark.parametrize("name", [DUMP, "plan.zip", "manifest.json", "SHA256SUMS"])
def test_a_damaged_backup_is_refused_by_the_name_of_the_file(
    busy: Copy, backup: Path, harm: Callable[[Path], None], name: str
) -> None:
    harm(backup / name)
    before = busy.contents()
    told = restored(busy, backup, replace=True)
    assert told
    # A flipped byte of the sums is a wrong sum of one of the others.
    assert str(backup / name) in told or name == "SHA256SUMS"
    assert busy.contents() == before


def test_a_site_in_use_is_not_overwritten_by_accident(busy: Copy, backup: Path) -> None:
    writes.run(writes.sign, copy=busy)
    after = busy.contents()
    assert "--replace" in (restored(busy, backup) or "")
    assert busy.contents() == after
    assert restored(busy, backup, replace=True) is None
    assert busy.contents() != after


def test_the_oldest_backups_go_whatever_the_clock_says(busy: Copy, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for year in (2026, 2031, 2027):
        writes.run(partial(writes.back_up, folder, keep=2, year=year), copy=busy)
    assert [path.name[:18] for path in sorted(folder.iterdir())] == [
        "backup-000002-2031", "backup-000003-2027",
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(1, 8))
def test_a_killed_backup_is_never_taken_for_a_whole_one(
    copy: Copy, tmp_path: Path, at: int
) -> None:
    folder = tmp_path / "backups"
    before = copy.contents()
    (outcome,) = writes.run(partial(writes.back_up, folder, dies=at), copy=copy)
    whole = [path for path in folder.iterdir() if not path.name.startswith(".")]
    assert outcome.killed
    # Six times something is brought to the disk and renamed; then it is there.
    assert len(whole) == (at > 6)
    again = backed_up(copy, folder)
    assert sorted(folder.iterdir()) == sorted([*whole, again])
    assert copy.contents() == before


def test_a_backup_is_of_one_moment_while_people_write(copy: Copy, tmp_path: Path) -> None:
    """The import writes all titles, each of them a line of the log: all are in it, or none."""
    folder = tmp_path / "backups"
    made, wrote = writes.run(partial(writes.back_up, folder), writes.import_changes, copy=copy)
    assert wrote.done
    assert made.done
    assert restored(copy, Path(made.done), replace=True) is None
    lines = copy.rows("SELECT COUNT(*) FROM milestones_change WHERE new LIKE '%revised'")
    titles = copy.rows("SELECT COUNT(*) FROM projects_project WHERE title_en LIKE '%revised'")
    assert lines == titles
