"""`manage.py backup DIR`: everything that the site holds, of one moment, while people write."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nextgen.backup.fault import BackupError
from nextgen.backup.making import back_up


def several(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("must be 1 or more")
    return int(text)


class Command(BaseCommand):
    help = (
        "Adds a backup to a folder: a dump of the database, the plan as a data package, and their"
        " checksums. It holds accounts and the names of natural persons: keep it as safe as the"
        " database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where backups are kept")
        parser.add_argument(
            "--keep", type=several, metavar="N", help="keep no more than the last N"
        )

    def handle(self, **options: Any) -> None:
        try:
            made = back_up(options["folder"], keep=options["keep"])
        except BackupError as error:
            raise CommandError(f"{error} No backup was made.") from error
        size = sum(file.stat().st_size for file in made.iterdir())
        self.stdout.write(f"Made {made} ({size / 1e6:.1f} MB).")
