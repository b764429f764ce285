"""`manage.py sbom`: what the site is made of, as a CycloneDX file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from nextgen.supply import bill


class Command(BaseCommand):
    help = "Prints the software bill of materials: CycloneDX 1.6, the same bytes each time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="write it there")

    def handle(self, **options: Any) -> None:
        if file := options["output"]:
            file.write_text(bill())
        else:
            self.stdout.write(bill(), ending="")
