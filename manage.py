#!/usr/bin/env python
"""Run one of Django's or the project's own commands."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """A disk that is full, a database that is away: one sentence, and what to do."""
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, OSError) as error:
        if "--traceback" in sys.argv:
            raise
        why = (str(error).strip() or repr(error)).splitlines()[0].rstrip(".")
        sys.exit(f"Not done: {why}. Mend it and try again: the database holds nothing half done.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nextgen.settings")
    main()
