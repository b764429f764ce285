"""Returning from a backup, after it was looked at to its last byte."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, OperationalError
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from nextgen.backup.account import Account, damaged, differences, figures, flat, package, rows
from nextgen.backup.database import elsewhere, means, settings_of
from nextgen.backup.fault import BackupError
from nextgen.backup.making import MANIFEST, PACKAGE, SUMS, sha256
from projects.models import NaturalRecipient

Settings = dict[str, Any]
IN_USE = ("projects_plan", "milestones_user")


def read(backup: Path) -> Account:
    """What a backup says it holds. Raises BackupError, which names the file that is not as it was.

    Also for one of another kind of database, or made by a newer site than this one.
    """
    by = means()
    try:
        lines = (backup / SUMS).read_text().splitlines()
        sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    except (OSError, ValueError) as error:
        raise BackupError(f"{backup} is no backup: {SUMS} cannot be read.") from error
    for name in {*sums, by.FILE, PACKAGE, MANIFEST}:
        file = backup / name
        if not file.is_file():
            kind = " It is of another kind of database." if name not in sums else ""
            raise BackupError(f"{file} is missing: this backup is not whole.{kind}")
        if sha256(file) != sums.get(name):
            raise BackupError(f"{file} is not what was written: this backup is damaged.")
    told: Account = json.loads((backup / MANIFEST).read_text())
    if newer := sorted(set(told["migrations"]) - _known()):
        raise BackupError(f"{backup} was made by a newer site: this one lacks {newer[0]}.")
    return told


def verify(backup: Path, into: str | None = None) -> Account:
    """Restores a backup where it harms nobody, and looks at all of it. Raises BackupError.

    `into` is the address of an empty database, for a role that may not create one; it is left as
    restored.
    """
    told, by = read(backup), means()
    with TemporaryDirectory() as folder:
        if into:
            settings = settings_of(into)
            _refuse_what_is_used(settings)
            _load_and_look(backup, settings, told, rights=False)
        else:
            with by.scratch(settings_of(None), Path(folder)) as settings:
                _load_and_look(backup, settings, told, rights=False)
    return told


def restore(backup: Path, into: str | None = None, *, replace: bool = False) -> Account:
    """Makes a database what it was when the backup was made, brought up to this site's version.

    `into` is its address, else the site's own. Natural persons whose time has passed meanwhile do
    not come back. Raises BackupError; without `replace`, also for a database that is in use.
    """
    told, settings = read(backup), settings_of(into)
    if not replace:
        _refuse_what_is_used(settings)
    _load_and_look(backup, settings, told)
    with elsewhere(settings):
        NaturalRecipient.objects.past(timezone.localdate()).delete()
    return told


def _refuse_what_is_used(settings: Settings) -> None:
    """Raises BackupError for a database that holds a plan, or people.

    SQLite's file may be destroyed: what is no database is not in use, and is kept beside it.
    """
    with elsewhere(settings):
        try:
            held = rows()
        except OperationalError:
            raise
        except DatabaseError:
            return
    for table in IN_USE:
        if held.get(table):
            raise BackupError(
                f"The database {settings['NAME']} is in use, {table} has rows: --replace destroys"
                " all that it holds and puts the backup in its place."
            )


def _load_and_look(backup: Path, settings: Settings, told: Account, *, rights: bool = True) -> None:
    by = means()
    by.load(backup / by.FILE, settings, rights=rights)
    with elsewhere(settings):
        _refuse(backup, differences(told["rows"], rows()))
        older = _known() > set(told["migrations"])
        if older:
            call_command("migrate", verbosity=0, interactive=False)
        _refuse(backup, damaged())
        _refuse(backup, differences(flat(told), flat(figures())))
        if not older and hashlib.sha256(package()).hexdigest() != sha256(backup / PACKAGE):
            _refuse(backup, ["its plan is not the one of plan.zip"])


def _known() -> set[str]:
    """The migrations that this site has, by the names of `account.migrations`."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _refuse(backup: Path, wrong: Iterable[str]) -> None:
    if faults := list(wrong):
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BackupError(f"{backup} does not give back what it was made of: {faults[0]}{more}.")
