"""The facets of a plan that is closed: what came of it, and what was last declared."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from milestones import outcomes
from milestones.facets import Over
from projects.listing import Facet, Text
from projects.summary import pairs_of


class OutcomeFacet(Over, Facet):
    """What came of a milestone, or of a project by its milestones, in a plan that is closed.

    As of an earlier report it is understood, but not offered: a list then tells what that said.
    """

    name = "outcome"
    label = _("Outcome")

    def __init__(self, *args: Any, offered: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = offered

    def _known(self) -> dict[str, Text]:
        known = outcomes.OF_PROJECTS if self.of_projects else outcomes.OF_MILESTONES
        return {outcome.value: capfirst(outcome.label) for outcome in known}

    def choices(self) -> Iterable[tuple[str, Text]]:
        return self._known().items() if self.offered else ()

    def values(self) -> list[str]:
        return list(self._known())

    def label_of(self, value: str) -> Text | None:
        return self._known().get(value)

    def _judged(self, rows: Any) -> Any:
        return outcomes.with_outcome(rows, self.report) if self.of_projects else rows.with_outcome()

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(self._judged(rows), "outcome")


class Declared(Facet):
    """What the last report said, in a plan that is closed: links may ask for it still.

    It is not offered, and its values say whose word they are.
    """

    def __init__(self, facet: Facet) -> None:
        self.facet, self.name, self.pattern = facet, facet.name, facet.pattern
        self.label = _("Declared by the authority in the last report")

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def values(self) -> list[str]:
        return self.facet.values()

    def label_of(self, value: str) -> Text | None:
        label = self.facet.label_of(value)
        return label and _("In the last report: {said}").format(said=label)

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return self.facet.pairs(rows)
