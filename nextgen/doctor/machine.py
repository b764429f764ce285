"""Whether this machine has room, and yesterday's backup."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import time

from django.conf import settings
from django.db import connection

from nextgen.doctor.finding import Problem, check, fault, warning

ENOUGH, LITTLE = 1 << 30, 200 << 20
"""Bytes free: below the first somebody has to see to it, below the second writes will soon fail."""
A_DAY = 26 * 3600
"""Seconds: a backup that runs daily may start a little later than the one before."""


def folders() -> dict[str, Path]:
    """The folders that the site writes to, by what they are for."""
    found = {
        "PAGE_CACHE_DIR": settings.PAGE_CACHE_DIR,
        "BACKUP_DIR": settings.BACKUP_DIR,
        "PROMETHEUS_MULTIPROC_DIR": os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""),
        "temporary files": tempfile.gettempdir(),
    }
    if connection.vendor == "sqlite":
        found["the database"] = str(Path(str(connection.settings_dict["NAME"])).resolve().parent)
    return {name: Path(folder) for name, folder in found.items() if folder}


@check("disk")
def disk() -> Iterator[Problem]:
    """There is room where the site writes."""
    for name, folder in folders().items():
        if not folder.is_dir():
            yield fault(f"The folder of {name} is not there: {folder}.", "Make it.")
            continue
        free = shutil.disk_usage(folder).free
        if free < ENOUGH:
            made = fault if free < LITTLE else warning
            yield made(
                f"{free >> 20} MiB are left for {name} in {folder}.",
                "Make room: every write fails on a full disk.",
            )


@check("backups")
def backups() -> Iterator[Problem]:
    """The newest backup is of today or yesterday."""
    if not settings.BACKUP_DIR:
        yield warning("Nobody says where backups are.", "Set BACKUP_DIR to where they are kept.")
        return
    folder = Path(settings.BACKUP_DIR)
    try:
        made = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except FileNotFoundError:
        made = []
    except PermissionError:  # it is not the site's; but when it last changed can be seen
        made = [folder]
    if not made:
        yield fault(f"There is no backup in {folder}.", "Make one now, and every night.")
        return
    written = [entry.stat().st_mtime for entry in made]
    hours = (time() - max(written)) / 3600
    if hours * 3600 > A_DAY:
        yield fault(
            f"The newest backup in {folder} is {hours:.0f} hours old.",
            "Look why the nightly one did not run, and make one now.",
        )
