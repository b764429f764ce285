"""What a database holds, told so that its copy can be held to it."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from milestones import frozen
from milestones.editions import figures_of
from milestones.models import Brochure, Edition, ProgressReport
from nextgen.backup.fault import BackupError
from nextgen.package.stored import stored
from nextgen.package.writing import zipped

Account = dict[str, Any]


def package() -> bytes:
    """The plan as a data package, with all reports, drafts too; raises BackupError for no plan."""
    found = stored()
    if found is None:
        raise BackupError("There is no plan yet: there is nothing to back up.")
    return zipped(found)


def account() -> Account:
    """The rows of each table, the migrations done, and every figure of the current report."""
    return {"rows": rows(), "migrations": migrations(), **figures()}


def rows() -> dict[str, int]:
    """How many rows each table holds."""
    counted = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counted[table] = cursor.fetchone()[0]
    return counted


def migrations() -> list[str]:
    """Those that the database says it has had, such as 'projects.0001_initial'."""
    done = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


def figures() -> Account:
    """The current report and its figures, by scope and name."""
    report = ProgressReport.objects.current()
    scopes = figures_of(report) if report else {}
    return {
        "report": report and report.month,
        "figures": {
            scope: {name: str(figure.value) for name, figure in sorted(found.items())}
            for scope, found in sorted(scopes.items())
        },
    }


def damaged() -> Iterator[str]:
    """What is wrong with this database by itself: in sentences, none where it is whole."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (told for (told,) in cursor.fetchall() if told != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            yield from (f"a row of {row[0]} points to none of {row[2]}" for row in cursor)
    if lacking := frozen.missing(connection):
        yield f"what guards published history is not there: {', '.join(sorted(lacking))}"
    for edition in Edition.objects.exclude(sha256="").select_related("report").iterator(1):
        if hashlib.sha256(edition.package or b"").hexdigest() != edition.sha256:
            yield f"the package of the edition {edition} is not the one that was published"
    for brochure in Brochure.objects.select_related("edition__report").iterator(10):
        if hashlib.sha256(brochure.pdf).hexdigest() != brochure.sha256:
            yield f"the brochure {brochure} is not the one that was made"


def differences(told: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Where what was found is not what was told, in words."""
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            yield f"{name} is {found.get(name)}, not {told.get(name)}"


def flat(account: Account) -> dict[str, str | None]:
    """The report and the figures of an account, each under a name of its own."""
    of_scopes = {
        f"the figure {' of '.join(filter(None, (name, scope)))}": value
        for scope, found in account["figures"].items()
        for name, value in found.items()
    }
    return {"the current report": account["report"], **of_scopes}
