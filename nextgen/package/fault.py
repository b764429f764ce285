"""A fault of a data package: where it is, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass

from nextgen.package.column import LANGUAGES
from nextgen.package.tables import TABLES

FILES = {table.path: [column.name for column in table.columns] for table in TABLES.values()}
ORDER = list(FILES)


@dataclass(frozen=True)
class Fault:
    """One fault. `line` counts as an editor does, the heading is line 1; 0: the whole file."""

    file: str
    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = [self.file, *([str(self.line)] if self.line else []), self.column]
        told = f"{':'.join(filter(None, place))}: {self.sentence}"
        # One line each, without signs that a terminal would obey.
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in told)

    @property
    def place(self) -> tuple[int, str, int, int, int, str]:
        """Sorts faults by file, line and column, in the order of the package."""
        names = FILES.get(self.file, [])
        plain = not names or self.column in names
        name, language = (self.column, "") if plain else (self.column[:-3], self.column[-2:])
        return (
            ORDER.index(self.file) if names else len(ORDER),
            self.file,
            self.line,
            names.index(name) if name in names else -1,
            LANGUAGES.index(language) if language in LANGUAGES else -1,
            self.column,
        )


class FaultsError(Exception):
    """The package cannot be taken as it is; `faults` names every reason, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda fault: (fault.place, fault.sentence))
        super().__init__("\n".join(map(str, self.faults)))
