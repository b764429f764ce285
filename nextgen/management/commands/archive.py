"""`manage.py archive DIR`: the whole site as files, the same bytes each time."""

import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from milestones.models import Edition
from nextgen.archive import manifest
from nextgen.archive.places import ROOT
from nextgen.archive.writing import BrokenError, write
from nextgen.brochure.making import missing
from nextgen.brochure.source import Source
from nextgen.whole.plan import WholePlan


class Command(BaseCommand):
    help = (
        "Writes the whole site, all editions and languages, as static files into DIR, which is"
        " new, empty or an earlier archive. Set SITE_URL to where the live site is or was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--key", type=Path, metavar="FILE",
            help="sign the manifest: a key made by `openssl genpkey -algorithm ed25519`",
        )  # fmt: skip

    def handle(self, **options: Any) -> None:
        folder, key = options["folder"].resolve(), options["key"]
        whole = WholePlan.now()
        if whole is None:
            raise CommandError("There is no plan yet: import one with import_plan.")
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        if folder.exists() and any(folder.iterdir()) and not manifest.is_archive(folder):
            raise CommandError(f"{folder} is not empty and holds more than an archive.")
        self._warn()
        new = None
        try:
            if key:
                manifest.public(key)
            folder.parent.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            writer = write(new, whole, key)
            new.chmod(0o755)
            self._told(new, len(writer.written), writer.moment.revision)
            _put(new, folder)
        except (BrokenError, manifest.KeyProblemError, OSError) as error:
            raise CommandError(f"No archive was written. {error}") from error
        finally:
            if new:
                shutil.rmtree(new, ignore_errors=True)
        self.stdout.write(f"Wrote it to {folder}.")
        if not key:
            self.stdout.write("It is not signed: give --key FILE to sign its manifest.")

    def _warn(self) -> None:
        if not settings.SITE_URL:
            self.stderr.write(
                f"SITE_URL is not set: addresses in citations and feeds begin with {ROOT}."
            )
        edition = Edition.objects.published().light().last()
        if edition and (lacking := sum(map(len, missing(Source(edition)).values()))):
            self.stderr.write(f"{lacking} brochures are missing: `manage.py brochures` makes them.")

    def _told(self, new: Path, answers: int, revision: str) -> None:
        size = sum((new / name).stat().st_size for name in manifest.files(new))
        self.stdout.write(f"{answers} files, {size / 10**6:,.1f} MB, of revision {revision}.")


def _put(new: Path, folder: Path) -> None:
    """Put the new folder in the place of the one that may be there, which is moved away first."""
    earlier = None
    if folder.exists():
        earlier = Path(tempfile.mkdtemp(prefix=f".{folder.name}-earlier-", dir=folder.parent))
        folder.rename(earlier / folder.name)
    try:
        new.rename(folder)
    except OSError:
        if earlier:
            (earlier / folder.name).rename(folder)
        raise
    finally:
        if earlier:
            shutil.rmtree(earlier, ignore_errors=True)
