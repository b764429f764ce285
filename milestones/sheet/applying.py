"""Writes what a preview showed: every row of it, or none."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from milestones import actions
from milestones.models import ProgressReport, User
from milestones.sheet.filled import Filled
from milestones.sheet.preview import Preview, preview


@dataclass(frozen=True)
class Written:
    """How many milestones were assessed, and how many signed as unchanged."""

    assessed: int
    signed: int


class ChangedError(Exception):
    """Something changed since the preview was shown; `preview` is that of now."""

    def __init__(self, now: Preview) -> None:
        self.preview = now
        super().__init__("changed since the preview")


@transaction.atomic
def apply(
    *, file: Filled, report: ProgressReport, shown: str, chosen: Collection[str], by: User
) -> Written:
    """Writes a file whose preview had the state `shown`.

    Rows that others edited since the file was made are written where their code is `chosen`.
    Raises ChangedError where anything is not as it was shown, and what the actions raise.
    """
    report = ProgressReport.objects.select_for_update().get(pk=report.pk)
    now = preview(file, report, by)
    if now.faults or now.state != shown:
        raise ChangedError(now)
    wanted = [each for each in now.proposals if not each.edits or each.milestone.code in chosen]
    assessed = [each for each in wanted if not each.sign]
    for each in assessed:
        actions.assess(
            milestone=each.milestone,
            report=report,
            words=each.words,
            by=by,
            seen=each.mark,
            action="spreadsheet",
        )
    signed = actions.sign_unchanged(
        milestones=[each.milestone for each in wanted if each.sign], report=report, by=by
    )
    return Written(len(assessed), len(signed))
