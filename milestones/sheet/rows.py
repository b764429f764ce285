"""What stands in the sheet: the milestones that a person may assess, and what is said of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from milestones.actions import WORDS, allow, before
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.sheet.cells import stored
from projects import history


@dataclass(frozen=True)
class Row:
    """A milestone, what the draft and the report before say of it, and how far its history went."""

    milestone: Milestone
    said: Assessment | None
    before: Assessment | None
    mark: int

    @property
    def words(self) -> dict[str, str]:
        """What the draft says, as the sheet writes it."""
        return {name: stored(getattr(self.said, name)) if self.said else "" for name in WORDS}


def rows(report: ProgressReport, by: User) -> list[Row]:
    """The rows of a draft for this person, project by project; a constant number of queries.

    Raises PermissionDenied for those who assess nothing.
    """
    allow(by, "milestones.change_assessment")
    said = Assessment.objects.as_corrected()
    earlier = before(report)
    in_plan = Milestone.objects.in_plan(report)
    if by.authority_id is not None:
        in_plan = in_plan.filter(project__lead=by.authority_id)
    milestones = [
        milestone
        for milestone in in_plan.for_rows()
        .with_assessment(report)
        .prefetch_related(Prefetch("assessments", said.filter(report=earlier), to_attr="earlier"))
        .order_by("project__code", "baseline_due", "code")
        if by.has_perm("milestones.change_assessment", milestone)
    ]
    marks = history.seen_all([word for milestone in milestones for word in _said(milestone)])
    found = []
    for milestone in milestones:
        word = next(iter(_said(milestone)), None)
        last: list[Assessment] = milestone.earlier  # type: ignore[attr-defined]
        mark = marks[word.pk] if word else 0
        found.append(Row(milestone, word, last[0] if last else None, mark))
    return found


def _said(milestone: Milestone) -> list[Any]:
    found: list[Any] = milestone.said  # type: ignore[attr-defined]
    return found


def name_of(report: ProgressReport, by: User) -> str:
    """What the file of this person is called, without its ending: 'nextgen-2024-06-FLA'."""
    return "-".join(["nextgen", report.month, *([by.authority.code] if by.authority else [])])
