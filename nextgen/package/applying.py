"""Doing to the database what a difference says: a few statements a table, however many rows."""

from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from milestones.models import Claim
from nextgen.package.column import LANGUAGES
from nextgen.package.difference import Difference
from nextgen.package.notation import read
from nextgen.package.sheet import Row
from nextgen.package.stored import MODELS, path
from nextgen.package.tables import TABLES
from projects.models import Authority, Pillar, Plan, Project, Recipient
from projects.search import SearchField

Key = tuple[int | str, ...]


class Writer:
    """Writes the rows of a package; knows the primary keys of all rows by their own keys."""

    def __init__(self) -> None:
        self.pks: dict[str, dict[Key, int]] = {}

    def apply(self, found: Difference) -> None:
        """Codes first, then added and changed rows from plan to recipients, removals backwards."""
        for table, codes in found.renamed.items():
            rename(MODELS[table], codes)
        make_room(found)
        for table in TABLES:
            self.pks[table] = known_keys(table)
            changes = [*found.changed, *found.translations]
            changed = {id(each.row): each.row for each in changes if each.table == table}
            self.save(table, [*found.added[table], *changed.values()])
        for table in reversed(TABLES):
            self.remove(table, found.removed[table])

    def save(self, table: str, rows: list[Row]) -> None:
        """Inserts these rows, or updates those whose key is there."""
        if not rows:
            return
        model, key = MODELS[table], TABLES[table].key
        if table == "plan":
            Plan.objects.update_or_create(pk=1, defaults=self.values(table, rows[0]))
            return
        ours = TABLES[table].by_name(list(LANGUAGES))
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if field.name not in key and (field.name in ours or isinstance(field, SearchField))
        ]
        # A corrected assessment must be there before the version that corrects it.
        by_version = groupby(sorted(rows, key=version_of), version_of)
        for _version, each in by_version:
            group = list(each)
            saved = model._default_manager.bulk_create(
                [model(**self.values(table, row)) for row in group],
                update_conflicts=True, unique_fields=key, update_fields=fields,
            )  # fmt: skip
            for row, record in zip(group, saved, strict=True):
                self.pks[table][TABLES[table].order(row.cells)] = record.pk
        if table == "projects":
            self.link_successors(rows)
        if table in LISTS:
            self.save_lists(table, rows)

    def values(self, table: str, row: Row) -> dict[str, Any]:
        """What a row says of its record; languages that the plan has not are empty."""
        values: dict[str, Any] = {}
        for name, column in TABLES[table].by_name(list(LANGUAGES)).items():
            if column.name == "corrects":
                values["corrects_id"] = self.pk(
                    table, row.cells | {"version": row[name]}, row[name]
                )
            elif column.to and not column.many:
                target, key = column.to.split(".")
                values[f"{name}_id"] = self.pk(target, {key: row[name]}, row[name])
            elif column.to and table in LISTS:
                continue
            else:
                values[name] = read(column, row[name])
        return values

    def pk(self, table: str, cells: dict[str, str], given: str) -> int | None:
        """The primary key of the row with this key; None if none is given or not yet written."""
        return self.pks[table].get(TABLES[table].order(cells)) if given else None

    def link_successors(self, rows: list[Row]) -> None:
        """Once all projects are written: a successor may come after the project it follows."""
        linked = [
            Project(pk=self.pks["projects"][(row["code"],)],
                    successor_id=self.pks["projects"][(row["successor"],)])
            for row in rows if row["successor"]
        ]  # fmt: skip
        Project.objects.bulk_update(linked, ["successor"])

    def save_lists(self, table: str, rows: list[Row]) -> None:
        """Writes anew what these requests claim, or what these recipients were paid for."""
        model, owner, target = LISTS[table]
        of = [(self.pks[table][TABLES[table].order(row.cells)], row) for row in rows]
        model._default_manager.filter(**{f"{owner}_id__in": [pk for pk, _row in of]}).delete()
        column = f"{target}s"
        records = []
        for pk, row in of:
            for code in row.many(column):
                record = model(**{f"{owner}_id": pk, f"{target}_id": self.pks[column][(code,)]})
                if isinstance(record, Claim):
                    record.sourced = code not in row.many("unsourced_milestones")
                records.append(record)
        model._default_manager.bulk_create(records)

    def remove(self, table: str, rows: list[Row]) -> None:
        """Deletes these rows. Raises ProtectedError where other records still need one."""
        records = MODELS[table]._default_manager
        if table == "projects" and rows:
            gone = [self.pks[table][TABLES[table].order(row.cells)] for row in rows]
            Project.objects.filter(pk__in=gone).update(successor=None)
        for _version, each in groupby(sorted(rows, key=version_of, reverse=True), version_of):
            pks = [self.pks[table][TABLES[table].order(row.cells)] for row in each]
            records.filter(pk__in=pks).delete()


LISTS: dict[str, tuple[type[models.Model], str, str]] = {
    "payment_requests": (Claim, "request", "milestone"),
    "recipients": (Recipient.projects.through, "recipient", "project"),
}


def version_of(row: Row) -> int:
    """The version of an assessment; 0 for all other rows."""
    return int(row["version"] or 0)


def known_keys(table: str) -> dict[Key, int]:
    """The primary keys of a table by the key that the package uses."""
    columns = {column.name: column for column in TABLES[table].columns}
    key = TABLES[table].key
    lookups = [path(columns[name], name) for name in key]
    rows = MODELS[table]._default_manager.order_by().values_list("pk", *lookups)
    return {
        TABLES[table].order(dict(zip(key, map(str, values), strict=True))): pk
        for pk, *values in rows
    }


def rename(model: type[models.Model], codes: dict[str, str]) -> None:
    """Gives each record its new code, by the former one."""
    records = list(model._default_manager.filter(code__in=codes)) if codes else []
    for record in records:
        setattr(record, "code", codes[getattr(record, "code")])  # noqa: B009, B010 - two models
    model._default_manager.bulk_update(records, ["code"])


def make_room(found: Difference) -> None:
    """Moves positions and slugs that change out of the way, so that two may be exchanged."""
    moved = {
        (table, row[TABLES[table].key[0]])
        for table, column in (("authorities", "position"), ("pillars", "slug"))
        for row in [
            *found.removed[table],
            *(c.row for c in found.changed if (c.table, c.column) == (table, column)),
        ]
    }
    codes = [key for table, key in moved if table == "authorities"]
    numbers = [int(key) for table, key in moved if table == "pillars"]
    if codes:
        Authority.objects.filter(code__in=codes).update(position=F("position") + 10_000)
    if numbers:
        aside = Concat(Value("moved-"), Cast("number", CharField()))
        Pillar.objects.filter(number__in=numbers).update(slug=aside)
