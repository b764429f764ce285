"""The columns of the sheet: their headings in every language, and what may be filled in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from projects.models import Plan
from projects.search import words
from projects.translated import columns as in_languages


@dataclass(frozen=True)
class Column:
    """One column; `width` in characters. One that is not `fill` only informs."""

    key: str
    label: str | Promise
    width: int
    fill: bool = False
    hidden: bool = False

    @property
    def heading(self) -> str:
        """The heading in the language in force."""
        return str(self.label) % {"language": self.key[-2:]}


INFORMING = [
    Column("code", _("Code"), 16),
    Column("project", _("Project"), 28),
    Column("milestone", _("Milestone"), 44),
    Column("kind", _("Kind"), 11),
    Column("unit", _("Unit"), 16),
    Column("goal", _("Goal"), 12),
    Column("baseline_due", _("First promise"), 11),
    Column("due", _("Due now"), 11),
    Column("before", _("The report before"), 22),
]
SAYING = [
    Column("status", _("Status"), 14, fill=True),
    Column("done_quarter", _("Done in"), 11, fill=True),
    Column("expected", _("Expected in"), 11, fill=True),
    Column("achieved_value", _("Value achieved"), 14, fill=True),
    *(Column(key, _("Note (%(language)s)"), 40, fill=True) for key in in_languages("note")),
    Column("evidence", _("Evidence (a link)"), 36, fill=True),
]
SIGNING = Column("unchanged", _("Unchanged this round"), 14, fill=True)
MARKING = [
    Column("report", _("Report"), 20, hidden=True),
    Column("mark", _("Row mark (do not change)"), 14, hidden=True),
]
EVERY = [*INFORMING, *SAYING, SIGNING, *MARKING]


def columns_of(plan: Plan) -> list[Column]:
    """The columns in their order, with a note in each language of the plan."""
    return [
        column
        for column in EVERY
        if not column.key.startswith("note_") or column.key[-2:] in plan.language_codes
    ]


def flat(text: str) -> str:
    """A heading or a word as it is compared: without case, accents and punctuation."""
    return " ".join(words(text))


def in_every_language(text: str | Promise) -> Iterator[str]:
    """A message of the interface in each of its languages."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield str(text)


def keys_by_heading(columns: list[Column]) -> dict[str, str]:
    """The key of a column by its flat heading in any language, or by its name."""
    found = {
        flat(label % {"language": column.key[-2:]}): column.key
        for column in columns
        for label in in_every_language(column.label)
    }
    return found | {flat(column.key): column.key for column in columns}
