"""What an archive holds still: while one is written, no page asks the clock."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Moment:
    """The plan as archived: the day of its data, the hash of its public tables.

    `site` is where the live site was, '' where nobody said so.
    """

    day: date
    revision: str
    site: str

    @property
    def short(self) -> str:
        """Enough of the hash to tell revisions apart."""
        return self.revision[:12]


# Set while an archive is written: its pages hold whole lists, and nothing that needs a server.
archived: ContextVar[Moment | None] = ContextVar("archived", default=None)
