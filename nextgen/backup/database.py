"""Which database is meant, and by which means it is copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import ConnectionHandler

from nextgen import settings as site
from nextgen.backup import postgresql, sqlite
from nextgen.backup.fault import BackupError

MEANS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def means() -> ModuleType:
    """How the database of the site is copied: `sqlite` or `postgresql`."""
    return MEANS[connections[DEFAULT_DB_ALIAS].vendor]


def settings_of(url: str | None) -> dict[str, Any]:
    """The settings of the database at this address; of the site's own where there is none.

    Raises BackupError for one of another kind than the site's: a dump fits no other.
    """
    own = connections[DEFAULT_DB_ALIAS]
    given = site.database(url) if url else own.settings_dict
    other = ConnectionHandler({DEFAULT_DB_ALIAS: {**given}})[DEFAULT_DB_ALIAS]
    if other.vendor != own.vendor:
        raise BackupError(
            f"--into names a database of {other.vendor}, DATABASE_URL one of {own.vendor}."
        )
    # A pool belongs to a name: that of the site's own database would be taken.
    options = {k: v for k, v in other.settings_dict["OPTIONS"].items() if k != "pool"}
    return {**other.settings_dict, "OPTIONS": options}


@contextmanager
def elsewhere(settings: dict[str, Any]) -> Iterator[None]:
    """All code of the site speaks to this database for a while."""
    own = connections[DEFAULT_DB_ALIAS]
    other = ConnectionHandler({DEFAULT_DB_ALIAS: settings})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = own
