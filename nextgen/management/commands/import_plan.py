"""`manage.py import_plan DIR`: make the database say what a data package says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milestones.models import Change
from nextgen.package.actions import UnexplainedError, compare, import_plan
from nextgen.package.fault import FaultsError
from nextgen.package.package import Package
from nextgen.package.reading import read
from projects.models import Plan


class Command(BaseCommand):
    help = "Imports a plan from a data package: a folder or a .zip. All or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, metavar="DIR", help="folder or .zip")
        parser.add_argument("--dry-run", action="store_true", help="show what would change")
        parser.add_argument("--if-empty", action="store_true", help="only where no plan is yet")
        parser.add_argument("--why", default="", help="the reason that the public log tells")
        parser.add_argument("--kind", choices=Change.Kind.values, default=Change.Kind.CORRECTION)
        parser.add_argument("--role", default="administrator", help="who, as the log tells it")
        parser.add_argument("--document", default="", help="address of the decision")

    def handle(self, **options: Any) -> None:
        if options["if_empty"] and Plan.objects.exists():
            self.stdout.write("A plan is there already: nothing was imported.")
            return
        try:
            package = read(options["package"])
            if options["dry_run"]:
                self.show(package)
                return
            told = ("why", "kind", "role", "document")
            found = import_plan(package, **{name: options[name] for name in told})
        except FaultsError as error:
            for fault in error.faults:
                self.stderr.write(str(fault), self.style.NOTICE)
            count = len(error.faults)
            raise CommandError(
                f"{count} fault{'s' * (count > 1)}: nothing was imported."
            ) from error
        except UnexplainedError as error:
            raise CommandError(f"{error} with --why; nothing was imported.") from error
        self.stdout.write(f"Imported {options['package']}: {found.summary}.")

    def show(self, package: Package) -> None:
        """Prints what the package would change, and that nothing was."""
        found, told = compare(package)
        for line in found.lines():
            self.stdout.write(line)
        asked = f" It would ask --why for {len(told)} public values." if told else ""
        self.stdout.write(f"Nothing was written.{asked}")
