"""`manage.py import_natural_recipients FILE`: the natural persons among the recipients."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nextgen.package.fault import FaultsError
from nextgen.package.natural import TABLE, import_persons, read


class Command(BaseCommand):
    help = (
        f"Imports natural persons from a CSV file ({', '.join(TABLE.by_name([]))}), in the place "
        "of all that are kept. All or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a .csv")

    def handle(self, **options: Any) -> None:
        try:
            rows = read(options["file"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except FaultsError as error:
            for fault in error.faults:
                self.stderr.write(str(fault), self.style.NOTICE)
            count = len(error.faults)
            raise CommandError(
                f"{count} fault{'s' * (count > 1)}: nothing was imported."
            ) from error
        import_persons(rows)
        count = len(rows)
        self.stdout.write(f"Imported {count} natural person{'s' * (count != 1)}.")
