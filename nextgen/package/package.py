"""A plan as data without fault."""

from dataclasses import dataclass
from operator import itemgetter

from nextgen.package.sheet import Row
from nextgen.package.tables import TABLES


@dataclass(frozen=True)
class Package:
    """A plan's languages in their order and, by table, its rows in canonical form."""

    languages: list[str]
    tables: dict[str, list[Row]]

    @classmethod
    def of(cls, languages: list[str], tables: dict[str, list[Row]]) -> "Package":
        """The package with these rows, each table sorted by its key."""
        ordered = {}
        for name, table in TABLES.items():
            keyed = [(table.order(row.cells), row) for row in tables[name]]
            ordered[name] = [row for _key, row in sorted(keyed, key=itemgetter(0))]
        return cls(languages, ordered)
