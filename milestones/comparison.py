"""Two reports compared: what became of each milestone between them, as published.

Comparisons compose: `compare(a, b).then(compare(b, c)) == compare(a, c)`. All that a comparison
tells of milestones is derived from its moves, so that nothing is told twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones.models import Assessment, Change, Milestone, ProgressReport, Status
from projects.models import Project


@dataclass(frozen=True)
class Moved:
    """A milestone and what the two reports said of it; None where a report is silent."""

    milestone: Milestone
    before: Assessment | None
    after: Assessment | None

    @property
    def quarters(self) -> int:
        """By how many quarters the expected date has moved; 0 where a report gives none."""
        before = self.before and (self.before.done_quarter or self.before.expected)
        after = self.after and (self.after.done_quarter or self.after.expected)
        return after - before if before and after else 0

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The lists of a comparison that it belongs in; none where both reports say the same."""
        before = self.before.status if self.before else Status.NOT_REPORTED
        after = self.after.status if self.after else Status.NOT_REPORTED
        kinds = set()
        if before != after:
            match after:
                case Status.DONE:
                    kinds.add("finished")
                case Status.DELAYED:
                    kinds.add("newly delayed")
                case Status.ON_TRACK if before == Status.DELAYED:
                    kinds.add("back on track")
                case Status.NOT_REPORTED:
                    kinds.add("no longer reported")
            if before == Status.NOT_REPORTED and after != Status.DONE:
                kinds.add("first reported")
            if before == Status.DONE:
                kinds.add("no longer done")
        if after in (Status.ON_TRACK, Status.DELAYED) and self.quarters:
            kinds.add("slipped" if self.quarters > 0 else "brought forward")
        return frozenset(kinds)

    @property
    def titles(self) -> dict[str, str | Promise]:
        """The same lists in the order in which they are shown, with their titles."""
        found = {name.replace("_", " "): title for name, title in LISTS.items()}
        return {kind: title for kind, title in found.items() if kind in self.kinds}


LISTS = {
    "finished": _("Finished"),
    "slipped": _("Expected later than before"),
    "newly_delayed": _("Newly delayed"),
    "back_on_track": _("Back on track"),
    "brought_forward": _("Expected earlier than before"),
    "no_longer_done": _("Done before, and no longer"),
    "first_reported": _("Reported for the first time"),
    "no_longer_reported": _("No longer reported"),
}


@dataclass(frozen=True)
class Comparison:
    """What changed from one report to a later one; the later may still be a draft.

    `moves` has every milestone that either report speaks of, `joined` and `left` the projects
    that came and went, `changes` the lines of the log between the two as-of dates. Two are equal
    where they tell the same of the same records, in the same order.
    """

    earlier: ProgressReport
    later: ProgressReport
    moves: list[Moved]
    joined: list[Project]
    left: list[Project]
    changes: list[Change]

    def then(self, following: "Comparison") -> "Comparison":
        """What changed from this one's earlier report to the later one of the comparison after."""
        if self.later != following.earlier:
            raise ValueError(f"{following.earlier} does not follow {self.later}")
        before = {moved.milestone: moved.before for moved in self.moves}
        after = {moved.milestone: moved.after for moved in following.moves}
        moves = [
            Moved(milestone, before.get(milestone), after.get(milestone))
            for milestone in {**before, **after}
        ]
        gone, new = set(following.left), set(self.joined)
        return Comparison(
            self.earlier,
            following.later,
            # Of what only the report between spoke of, the two have nothing to say.
            _in_order(moved for moved in moves if moved.before or moved.after),
            _by_code([*(each for each in self.joined if each not in gone), *following.joined]),
            _by_code([*self.left, *(each for each in following.left if each not in new)]),
            sorted([*self.changes, *following.changes], key=lambda change: change.number),
        )

    @property
    def lists(self) -> list[tuple[str | Promise, list[Moved]]]:
        """Every list of moves with its title, in the order in which they are shown."""
        return [(title, getattr(self, name)) for name, title in LISTS.items()]

    def _of(self, kind: str) -> list[Moved]:
        return [moved for moved in self.moves if kind in moved.kinds]

    @property
    def finished(self) -> list[Moved]:
        return self._of("finished")

    @property
    def newly_delayed(self) -> list[Moved]:
        return self._of("newly delayed")

    @property
    def back_on_track(self) -> list[Moved]:
        return self._of("back on track")

    @property
    def slipped(self) -> list[Moved]:
        return self._of("slipped")

    @property
    def brought_forward(self) -> list[Moved]:
        return self._of("brought forward")

    @property
    def no_longer_done(self) -> list[Moved]:
        return self._of("no longer done")

    @property
    def first_reported(self) -> list[Moved]:
        return self._of("first reported")

    @property
    def no_longer_reported(self) -> list[Moved]:
        return self._of("no longer reported")

    @property
    def unchanged(self) -> int:
        """Of how many milestones both reports say the same."""
        return sum(not moved.kinds for moved in self.moves)

    @property
    def reworded(self) -> list[Change]:
        """Changes of titles and descriptions that the log holds for the time between."""
        return [
            change
            for change in self.changes
            if change.field.startswith(("title", "short_title", "description", "summary"))
        ]

    @property
    def moved_dates(self) -> list[Change]:
        """Changes of the due quarter in force that the log holds for the time between."""
        return [change for change in self.changes if change.field == "due"]


def compare(earlier: ProgressReport, later: ProgressReport) -> Comparison:
    """What changed from `earlier` to `later`; a constant number of queries."""
    words: dict[int, dict[int, Assessment]] = {earlier.pk: {}, later.pk: {}}
    for said in Assessment.objects.as_published().filter(report__in=[earlier, later]):
        words[said.report_id][said.milestone_id] = said
    before, after = words[earlier.pk], words[later.pk]
    spoken_of = Milestone.objects.filter(pk__in=[*before, *after]).for_rows()
    return Comparison(
        earlier,
        later,
        _in_order(Moved(each, before.get(each.pk), after.get(each.pk)) for each in spoken_of),
        _by_code(
            Project.objects.in_plan(later.as_of)
            .filter(joined__gt=earlier.as_of)
            .select_related("lead")
        ),
        _by_code(
            Project.objects.in_plan(earlier.as_of)
            .filter(left__lte=later.as_of)
            .select_related("lead")
        ),
        list(
            Change.objects.filter(made_on__gt=earlier.as_of, made_on__lte=later.as_of).order_by(
                "number"
            )
        ),
    )


# Ordered here and not by the database, whose collations differ: a composition has the same order.
def _in_order(moves: Iterable[Moved]) -> list[Moved]:
    return sorted(moves, key=_place)


def _place(moved: Moved) -> Any:
    milestone = moved.milestone
    return milestone.project.code, milestone.baseline_due, milestone.code


def _by_code(projects: Iterable[Project]) -> list[Project]:
    return sorted(projects, key=lambda project: project.code)
