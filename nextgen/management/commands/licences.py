"""`manage.py licences`: the licence of each thing that the site ships."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nextgen.supply import parts


class Command(BaseCommand):
    help = "Lists what the site ships with its licence; fails where one may not be shipped."

    def handle(self, **_options: Any) -> None:
        shipped = parts()
        for part in shipped:
            self.stdout.write(f"{part.name:32} {part.version:12} {part.licence or 'unknown'}")
        if refused := [part.name for part in shipped if not part.may_be_shipped]:
            raise CommandError(
                f"Not among the licences that may be shipped: {', '.join(refused)}. Read them, then"
                " leave the package out or add the licence to nextgen/supply.py."
            )
