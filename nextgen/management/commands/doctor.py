"""`manage.py doctor`: whether the site is well, a line a thing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from nextgen.doctor import OPTIONS, examine
from nextgen.doctor.finding import FAULT, WARNING


class Command(BaseCommand):
    help = (
        "Looks at settings, database, contents, disk, backups and what is served. A line a thing:"
        " ok, warning or fault, what is so and what to do. Ends with 1 where there is a fault."
    )
    # What is wrong is told by the checks themselves.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same as JSON")
        for option in OPTIONS:
            parser.add_argument(
                f"--{option}", action="store_true", help=f"look at {option} too, on other machines"
            )

    def handle(self, **options: Any) -> None:
        colours = {FAULT: self.style.ERROR, WARNING: self.style.WARNING}
        found = []
        for finding in examine(*(option for option in OPTIONS if options[option])):
            found.append(finding)
            if not options["json"]:
                line = f"{finding.level:8}{finding.check:12}{finding.what} {finding.do}".rstrip()
                self.stdout.write(line, colours.get(finding.level))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in found], ensure_ascii=False))
        if any(each.level == FAULT for each in found):
            raise SystemExit(1)
