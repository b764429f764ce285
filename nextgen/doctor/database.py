"""Whether the database is guarded, of this code, and in agreement with itself."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from milestones import frozen, stamping
from nextgen.doctor.finding import Problem, check, fault
from nextgen.publishing import pack
from projects.models import Plan
from projects.search import SearchField


@check("database")
def answers() -> Iterator[Problem]:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if cursor.fetchone() != (1,):
            yield fault("The database answers wrongly.", "Look at its own log.")


TABLES = (
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND "
)
TOO_MUCH = {
    "owns": "pg_has_role(current_user, c.relowner, 'USAGE')",
    "may empty": "has_table_privilege(current_user, c.oid, 'TRUNCATE')",
    "may put triggers on": "has_table_privilege(current_user, c.oid, 'TRIGGER')",
}
TOO_LITTLE = "NOT has_table_privilege(current_user, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"


@check("role", database=True)
def role() -> Iterator[Problem]:
    """The site's own role can read and write rows, and not take the guards of history away."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        if file.is_file() and file.stat().st_mode & 0o007:
            what = f"Every user of this machine can read {file.name}, names and hashes included."
            yield fault(what, "chmod o= it and its folder.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            yield fault(
                "The site is a superuser of its database and can undo every guard.",
                "Make it a role of its own: manage.py grants ROLE.",
            )
            return
        for may, condition in TOO_MUCH.items():
            cursor.execute(f"SELECT c.relname{TABLES}{condition} ORDER BY 1")
            if tables := [name for (name,) in cursor.fetchall()]:
                yield fault(
                    f"The site's role {may} {len(tables)} tables, such as {tables[0]}.",
                    "Let another role own them, and give this one manage.py grants ROLE.",
                )
        cursor.execute(f"SELECT c.relname{TABLES}{TOO_LITTLE} ORDER BY 1")
        if tables := [name for (name,) in cursor.fetchall()]:
            yield fault(
                f"The site's role lacks rights on {len(tables)} tables, such as {tables[0]}.",
                "Run what manage.py grants ROLE prints, as the owner.",
            )


@check("guards", database=True)
def guards() -> Iterator[Problem]:
    """The database refuses that published history be rewritten."""
    if lacking := sorted(frozen.missing(connection)):
        yield fault(
            f"{len(lacking)} guards are not there, such as {lacking[0]}.",
            "Run manage.py migrate as the owner, then ask the history who did what.",
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers")
            if cursor.fetchone() != (1,):
                yield fault("A REPLACE goes round the guards.", "Leave the options of DATABASES.")


@check("stamp", database=True)
def stamp() -> Iterator[Problem]:
    """Every public change tells the caches that their pages are old."""
    if lacking := sorted(stamping.missing(connection)):
        yield fault(
            f"Changes of {len(lacking)} tables go unnoticed, such as {lacking[0]}.",
            "Run manage.py migrate as the owner: until then readers may be sent old pages.",
        )


@check("migrations", database=True)
def migrations() -> Iterator[Problem]:
    """The database is of this code."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    if waiting := executor.migration_plan(loader.graph.leaf_nodes()):
        first = waiting[0][0]
        yield fault(
            f"{len(waiting)} migrations are not applied, the first {first}.",
            "Run manage.py migrate as the owner.",
        )
    unknown = sorted(
        key for key in loader.applied_migrations if key[0] in loader.migrated_apps
        and key not in loader.disk_migrations and key not in loader.replacements
    )  # fmt: skip
    if unknown:
        what = f"The database is ahead of this code: it knows {'.'.join(unknown[0])}."
        yield fault(what, "Start the newer code.")


@check("search", database=True)
def search() -> Iterator[Problem]:
    """The search finds what the records say."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, SearchField):
                continue
            behind = 0
            for record in model._base_manager.iterator(chunk_size=500):
                kept = getattr(record, field.attname)
                behind += field.pre_save(record, add=False) != kept
            if behind:
                yield fault(
                    f"The search knows old words of {behind} {model._meta.verbose_name_plural}.",
                    "They were written past the site: save them again.",
                )


@check("package", database=True)
def package() -> Iterator[Problem]:
    """The plan breaks no rule of its data package: budgets, allocations and history agree."""
    if not Plan.objects.exists():
        yield fault("There is no plan.", "Run manage.py import_plan DIR.")
        return
    try:
        pack()
    except ValidationError as error:
        for told in error.messages[:5]:
            yield fault(f"{told}.", "Correct it at the desk or by an import.")
