"""`manage.py brochures`: make the brochures that the newest edition lacks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milestones.models import Brochure, Edition
from nextgen.brochure.making import TypesettingError, file_name, make_missing, missing
from nextgen.brochure.source import Source
from projects.models import Plan


class Command(BaseCommand):
    help = (
        "Makes the missing brochures of the newest edition, unless the plan has changed since."
        " Their links lead to SITE_URL, which a public site (HTTPS=1) has to set, or else to"
        " http://127.0.0.1:8000."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", metavar="MONTH", help="of this report, e.g. 2023-12")
        parser.add_argument("--output", type=Path, metavar="DIR", help="write them there as files")

    def handle(self, **options: Any) -> None:
        editions = Edition.objects.published().light()
        if month := options["edition"]:
            editions = editions.filter(report__month=month)
        edition = editions.last()
        if edition is None and month:
            raise CommandError(f"There is no edition of {month}.")
        if edition is None:
            self.stdout.write("There is no edition yet: no brochure was made.")
            return
        try:
            made = make_missing(edition)
        except TypesettingError as error:
            lacking = sum(len(scopes) for scopes in missing(Source(edition)).values())
            told = f"{lacking} brochures of {edition} were not made: {error}"
            raise CommandError(told) from error
        self.stdout.write(f"Made {len(made)} brochures of {edition}.")
        if folder := options["output"]:
            folder.mkdir(parents=True, exist_ok=True)
            plan = Plan.objects.get()
            for brochure in Brochure.objects.filter(edition=edition).iterator(chunk_size=1):
                (folder / file_name(plan, brochure)).write_bytes(bytes(brochure.pdf))
            self.stdout.write(f"Wrote them to {folder}.")
