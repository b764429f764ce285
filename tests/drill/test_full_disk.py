"""The disk is full: a sentence says so, nothing is lost or half written, and with room it works."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from nextgen.backup.postgresql import program
from tests.drill import writes
from tests.drill.copies import ON_POSTGRESQL, Copy, manage, one_more
from tests.drill.disks import Disk, small_disk

pytestmark = pytest.mark.django_db


class Cluster:
    """A PostgreSQL of its own on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.url = f"postgres://postgres@/postgres?host={quote(str(folder), safe='')}"
        self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--wal-segsize=1"
        )
        self.start()

    def start(self) -> None:
        """As systemd does where it is to be restarted; one that runs is left alone."""
        self.stop()
        here = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        options = f"{here} -c max_wal_size=4MB -c min_wal_size=2MB"
        self._run(
            "pg_ctl", "--silent", f"--log={self.folder / 'log'}", f"--options={options}", "start"
        )

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "--silent", "--mode=immediate", "stop", check=False)

    def _run(self, name: str, *options: str, check: bool = True) -> None:
        command = ["runuser", "-u", "postgres", "--", program(name), f"--pgdata={self.data}"]
        subprocess.run([*command, *options], cwd="/", stdout=subprocess.DEVNULL, check=check)


@contextmanager
def site_on(disk: Disk, site: Copy, folder: Path, worker: str) -> Iterator[Copy]:
    """A copy of the site whose database is on this disk."""
    if not ON_POSTGRESQL:
        with one_more(site, disk.folder, worker) as copy:
            yield copy
        return
    cluster = Cluster(disk.folder)
    copy = Copy(cluster.url)
    (made,) = writes.run(partial(writes.back_up, folder), copy=site)
    writes.run(partial(writes.restore, Path(made.done or ""), replace=True), copy=copy)
    free, disk.free = disk.free, lambda: (free(), cluster.start())[0]  # type: ignore[method-assign]
    yield copy
    cluster.stop()


@pytest.fixture
def disk() -> Iterator[Disk]:
    with small_disk(200, owner="postgres" if ON_POSTGRESQL else "root") as disk:
        assert disk.mounted or not ON_POSTGRESQL, "This test needs a root who may mount a disk."
        yield disk


@pytest.fixture
def copy(disk: Disk, site_in_use: Copy, tmp_path: Path, worker_id: str) -> Iterator[Copy]:
    with site_on(disk, site_in_use, tmp_path, worker_id) as copy:
        yield copy


def test_an_import_and_a_publication_wait_for_room(disk: Disk, copy: Copy, tmp_path: Path) -> None:
    package = tmp_path / "package.zip"
    writes.run(partial(writes.write_changes, package), copy=copy)
    importing = ("import_plan", package, "--why", "Decided.")
    before = copy.contents()

    disk.fill()
    told = manage(copy, *importing, prefix=disk.prefix)
    assert told.returncode == 1
    assert told.stderr.startswith("Not done: ")
    assert told.stderr.count("\n") == 1
    disk.free()
    assert copy.contents() == before
    assert copy.is_whole()

    disk.fill()
    (refused,) = writes.run(disk.on(writes.publish_at_the_desk), copy=copy)
    assert (refused.done or "").startswith("The report was not published: ")
    disk.free()
    published = "milestones_edition", "milestones_change", "milestones_progressreport"
    after = copy.contents()
    assert [after[table] for table in published] == [before[table] for table in published]

    assert manage(copy, *importing).returncode == 0
    (done,) = writes.run(writes.publish, copy=copy)
    assert done.done == writes.DRAFT


def test_a_backup_waits_for_room(site_in_use: Copy, tmp_path: Path, worker_id: str) -> None:
    with small_disk(30) as disk, one_more(site_in_use, tmp_path, worker_id) as copy:
        folder = disk.folder / "backups"
        disk.fill()
        told = manage(copy, "backup", folder, prefix=disk.prefix)
        assert told.returncode == 1
        assert told.stderr.startswith("CommandError: ")
        assert told.stderr.endswith("No backup was made.\n")
        assert told.stderr.count("\n") == 1
        assert list(folder.iterdir()) == []
        disk.free()
        assert manage(copy, "backup", folder).returncode == 0
        (backup,) = folder.iterdir()
        assert manage(copy, "restore", backup, "--verify").returncode == 0
