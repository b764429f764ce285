"""What a check is, and what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import Error

OK, WARNING, FAULT = "ok", "warning", "fault"


@dataclass(frozen=True)
class Finding:
    """One line: how bad it is, what is so, and what to do about it ('' where it is well)."""

    check: str
    level: str
    what: str
    do: str = ""


@dataclass(frozen=True)
class Problem:
    """What a check found wrong."""

    level: str
    what: str
    do: str


def fault(what: str, do: str) -> Problem:
    """Something that is broken or unsafe now."""
    return Problem(FAULT, what, do)


def warning(what: str, do: str) -> Problem:
    """Something that somebody has to see to."""
    return Problem(WARNING, what, do)


@dataclass(frozen=True)
class Check:
    """One thing to look at: `look` gives its problems, `sound` is said where there are none."""

    name: str
    look: Callable[[], Iterable[Problem]]
    sound: str
    database: bool = False
    option: str = ""

    def findings(self) -> Iterator[Finding]:
        """Its lines, at least one. What breaks the check itself is a fault."""
        try:
            problems = list(self.look())
        except Exception as error:  # noqa: BLE001 - the other checks still say what they find
            told = str(error).partition("\n")[0]
            what = f"This could not be looked at: {type(error).__name__}: {told}"
            do = "See whether the database answers." if isinstance(error, Error) else "Report it."
            problems = [fault(what, do)]
        for problem in problems:
            yield Finding(self.name, problem.level, problem.what, problem.do)
        if not problems:
            yield Finding(self.name, OK, self.sound)


def check(
    name: str, *, database: bool = False, option: str = ""
) -> Callable[[Callable[[], Iterable[Problem]]], Check]:
    """Makes a check of a function; its docstring is said where it finds nothing.

    `database`: only where that answers. `option`: only when asked for.
    """

    def made(look: Callable[[], Iterable[Problem]]) -> Check:
        return Check(name, look, (look.__doc__ or "").strip(), database, option)

    return made
