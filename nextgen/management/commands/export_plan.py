"""`manage.py export_plan DIR`: write the plan as a data package, the same bytes each time."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nextgen.package.stored import stored
from nextgen.package.writing import write


class Command(BaseCommand):
    help = "Exports the plan as a data package, into a folder or a .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, metavar="DIR", help="folder or FILE.zip")

    def handle(self, **options: Any) -> None:
        package = stored()
        if package is None:
            raise CommandError("There is no plan yet: import one with import_plan.")
        try:
            write(package, options["package"])
        except OSError as error:
            raise CommandError(str(error)) from error
        rows = sum(map(len, package.tables.values()))
        self.stdout.write(f"Exported {rows} rows to {options['package']}.")
