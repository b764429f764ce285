"""`manage.py restore BACKUP`: return from a backup, or only see whether one could."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nextgen.backup.fault import BackupError
from nextgen.backup.returning import restore, verify


class Command(BaseCommand):
    help = (
        "Makes the database what it was when the backup was made. Every checksum is held to, and"
        " every row counted and every figure computed once it is there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, metavar="BACKUP", help="a folder that backup made")
        parser.add_argument(
            "--verify", action="store_true", help="restore it beside the site, look, and forget it"
        )
        parser.add_argument("--into", metavar="URL", help="this database, not that of the site")
        parser.add_argument(
            "--replace", action="store_true", help="even if the database holds a plan: it is lost"
        )

    def handle(self, **options: Any) -> None:
        backup, into = options["backup"], options["into"]
        try:
            if options["verify"]:
                told = verify(backup, into)
            else:
                told = restore(backup, into, replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(told["rows"].values())
        done = "is whole" if options["verify"] else "is restored"
        self.stdout.write(
            f"{backup} {done}: {rows} rows of {told['made_at']},"
            f" the current report is {told['report']}."
        )
