"""`manage.py messages`: brings the catalogues up to date with the code and says what is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from nextgen import messages


class Command(BaseCommand):
    help = "Takes the interface's messages from code and templates into locale/*.po."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for language in messages.languages():
            untranslated = messages.missing(messages.update(language))
            self.stdout.write(f"{language}: {len(untranslated)} untranslated")
            for message in untranslated:
                self.stdout.write(f"  {message}")
