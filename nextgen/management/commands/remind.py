"""`manage.py remind`: once a day, tell coordinators that a report closes in ten days or fewer."""

from typing import Any

from django.core.management.base import BaseCommand

from nextgen.desk import mail


class Command(BaseCommand):
    help = "Reminds coordinators, once a report, ten days before it closes. Run it every day."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{mail.remind()} e-mails sent.")
