"""What an archive holds still: while one is written, no page asks the clock."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Moment:
    """The plan as archived: the day of its data, the hash of its public tables.

    `site` is where the live site was, '' where nobody said so. `kept` is what was found out once
    and serves again.
    """

    day: date
    revision: str
    site: str
    kept: dict[Any, Any] = field(default_factory=dict, compare=False)

    @property
    def short(self) -> str:
        """Enough of the hash to tell revisions apart."""
        return self.revision[:12]


# Set while an archive is written: its pages hold whole lists, and nothing that needs a server.
archived: ContextVar[Moment | None] = ContextVar("archived", default=None)


def once[Found](key: Any, find: Callable[[], Found]) -> Found:
    """What `find` gives; while an archive is written, found once, since nothing changes."""
    moment = archived.get()
    if moment is None:
        return find()
    if key not in moment.kept:
        moment.kept[key] = find()
    found: Found = moment.kept[key]
    return found
