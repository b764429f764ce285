"""`manage.py forget_recipients`: removes the natural persons whose time has passed; run it daily.

Pages do not show them anyway; this takes them out of the database too.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from projects.models import NaturalRecipient


class Command(BaseCommand):
    help = "Removes natural persons two years after the end of the year in which they were paid."

    def handle(self, **options: Any) -> None:
        _rows, removed = NaturalRecipient.objects.past(timezone.localdate()).delete()
        count = removed.get(NaturalRecipient._meta.label, 0)
        self.stdout.write(f"Removed {count} natural person{'s' * (count != 1)}.")
