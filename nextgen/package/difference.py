"""What a package would change: rows added, values changed from → to, rows removed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nextgen.package.package import Package
from nextgen.package.sheet import Row
from nextgen.package.tables import TABLES


@dataclass(frozen=True)
class Changed:
    """One value of one row; `row` is the row as it will be."""

    table: str
    row: Row
    column: str
    old: str
    new: str

    def __str__(self) -> str:
        shown = [value if len(value) <= 60 else f"{value[:57]}…" for value in (self.old, self.new)]
        old, new = (repr(value) if "\n" in value else value or "(empty)" for value in shown)
        return f"{self.table} {name_of(self.table, self.row)} {self.column}: {old} → {new}"


@dataclass(frozen=True)
class Difference:
    """Per table the rows added and removed, and every value changed, in the package's order.

    `renamed` gives, per table, the new code of each row whose former one is gone; `translations`
    the values that differ because the plan gains or gives up a language: no change of its data.
    """

    added: dict[str, list[Row]] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    removed: dict[str, list[Row]] = field(default_factory=dict)
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    translations: list[Changed] = field(default_factory=list)

    def __bool__(self) -> bool:
        rows = [*self.added.values(), *self.removed.values()]
        return bool(self.changed or self.translations or any(rows))

    def lines(self) -> Iterator[str]:
        """The difference as a person reads it, and a line that sums it up."""
        for name in TABLES:
            yield from (f"+ {name} {name_of(name, row)}" for row in self.added.get(name, []))
            changed = [*self.changed, *self.translations]
            yield from (str(change) for change in changed if change.table == name)
            yield from (f"- {name} {name_of(name, row)}" for row in self.removed.get(name, []))
        yield self.summary

    @property
    def summary(self) -> str:
        added, removed = (sum(map(len, rows.values())) for rows in (self.added, self.removed))
        changed = len(self.changed) + len(self.translations)
        return f"{added} rows added, {changed} values changed, {removed} rows removed"


def name_of(table: str, row: Row) -> str:
    """The key of a row as a person reads it: '2023-12 157 1'."""
    return " ".join(row[column] for column in TABLES[table].key)


def difference(before: Package | None, after: Package) -> Difference:
    """What must be done so that the plan `before` becomes `after`.

    A row whose former codes hold a code that is gone is that row, with a new code. Lines of the
    log stay when the package lacks them.
    """
    found = Difference()
    languages = before.languages if before else after.languages
    tables = before.tables if before else {name: [] for name in TABLES}
    for name in ("projects", "milestones"):
        found.renamed[name] = _renamed(tables[name], after.tables[name])
    for name, table in TABLES.items():
        old = {table.order(row.cells): row for row in _under_new_codes(name, tables, found.renamed)}
        new = {table.order(row.cells): row for row in after.tables[name]}
        here, there = table.by_name(after.languages), table.by_name(languages)
        found.added[name] = [row for key, row in new.items() if key not in old]
        found.removed[name] = [
            row for key, row in old.items() if key not in new and name != "changes"
        ]
        former = {code: gone for gone, code in found.renamed.get(name, {}).items()}
        for key, row in new.items():
            if row["code"] in former:
                found.changed.append(Changed(name, row, "code", former[row["code"]], row["code"]))
            if key in old:
                for column in {**here, **there}:
                    change = Changed(name, row, column, old[key][column], row[column])
                    if change.old != change.new:
                        both = column in here and column in there
                        (found.changed if both else found.translations).append(change)
    return found


def _renamed(before: list[Row], after: list[Row]) -> dict[str, str]:
    """New codes by the codes they replace: those gone that a new row names as former."""
    present = {row["code"] for row in after}
    gone = {row["code"] for row in before} - present
    known = {row["code"] for row in before}
    return {
        code: row["code"]
        for row in after
        if row["code"] not in known
        for code in row.many("former_codes")
        if code in gone
    }


def _under_new_codes(
    table: str, tables: dict[str, list[Row]], renamed: dict[str, dict[str, str]]
) -> Iterator[Row]:
    """The rows of the database with every code that a package has renamed put in its place."""
    codes = {
        column.name: (renamed[target], column.many)
        for column in TABLES[table].columns
        for target in [table if column.name == "code" else column.to.partition(".")[0]]
        if renamed.get(target)
    }
    for row in tables[table]:
        cells = {
            name: ";".join(sorted(new.get(each, each) for each in row.many(name)))
            if many
            else new.get(row[name], row[name])
            for name, (new, many) in codes.items()
        }
        yield replace(row, cells=row.cells | cells) if codes else row
