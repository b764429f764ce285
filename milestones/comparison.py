"""Two reports compared: what became of each milestone between them, as published."""

from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Comparison:
    """What changed from one published report to a later one."""

    earlier: ProgressReport
    later: ProgressReport
    finished: list[Moved] = field(default_factory=list)
    newly_delayed: list[Moved] = field(default_factory=list)
    back_on_track: list[Moved] = field(default_factory=list)
    slipped: list[Moved] = field(default_factory=list)
    brought_forward: list[Moved] = field(default_factory=list)
    no_longer_done: list[Moved] = field(default_factory=list)
    first_reported: list[Moved] = field(default_factory=list)
    no_longer_reported: list[Moved] = field(default_factory=list)
    unchanged: int = 0
    joined: list[Project] = field(default_factory=list)
    left: list[Project] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

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
    comparison = Comparison(
        earlier,
        later,
        joined=list(
            Project.objects.in_plan(later.as_of)
            .filter(joined__gt=earlier.as_of)
            .select_related("lead")
        ),
        left=list(
            Project.objects.in_plan(earlier.as_of)
            .filter(left__lte=later.as_of)
            .select_related("lead")
        ),
        changes=list(
            Change.objects.filter(made_on__gt=earlier.as_of, made_on__lte=later.as_of).order_by(
                "number"
            )
        ),
    )
    words: dict[int, dict[int, Assessment]] = {earlier.pk: {}, later.pk: {}}
    for said in Assessment.objects.as_published().filter(report__in=[earlier, later]):
        words[said.report_id][said.milestone_id] = said
    milestones = Milestone.objects.filter(pk__in=[*words[earlier.pk], *words[later.pk]])
    unchanged = 0
    for milestone in milestones.for_rows().order_by("project__code", "baseline_due", "code"):
        moved = Moved(
            milestone,
            words[earlier.pk].get(milestone.pk),
            words[later.pk].get(milestone.pk),
        )
        kinds = _kinds(comparison, moved)
        for kind in kinds:
            kind.append(moved)
        unchanged += not kinds
    return Comparison(**{**comparison.__dict__, "unchanged": unchanged})


def _kinds(lists: Comparison, moved: Moved) -> list[list[Moved]]:
    """The lists of a comparison that this milestone belongs in."""
    before = moved.before.status if moved.before else Status.NOT_REPORTED
    after = moved.after.status if moved.after else Status.NOT_REPORTED
    kinds = []
    if before != after:
        match after:
            case Status.DONE:
                kinds.append(lists.finished)
            case Status.DELAYED:
                kinds.append(lists.newly_delayed)
            case Status.ON_TRACK if before == Status.DELAYED:
                kinds.append(lists.back_on_track)
            case Status.NOT_REPORTED:
                kinds.append(lists.no_longer_reported)
        if before == Status.NOT_REPORTED and after != Status.DONE:
            kinds.append(lists.first_reported)
        if before == Status.DONE:
            kinds.append(lists.no_longer_done)
    if after in (Status.ON_TRACK, Status.DELAYED) and moved.quarters > 0:
        kinds.append(lists.slipped)
    if after in (Status.ON_TRACK, Status.DELAYED) and moved.quarters < 0:
        kinds.append(lists.brought_forward)
    return kinds
