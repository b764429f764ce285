"""How far a milestone has come: declared, claimed, assessed by the Commission, and after.

What its authority says and what the Commission found are two sides, and stay two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from milestones.models import Assessment, Claim, Milestone, ProgressReport, Verdict

LATER = (Verdict.Outcome.SUSPENDED, Verdict.Outcome.REVERSED)


@dataclass(frozen=True)
class Declared:
    """What its authority says now, and the report that said so first without a break.

    `document` is the evidence that the authority names, if it names any.
    """

    words: Assessment
    report: ProgressReport
    day: date | None
    document: str


@dataclass(frozen=True)
class Claimed:
    """A payment request that lists it; `document` says where that was found, with remarks."""

    claim: Claim
    number: int
    day: date
    document: str


@dataclass(frozen=True)
class Found:
    """A verdict of the Commission; `later` where it suspends or reverses what was there."""

    verdict: Verdict
    day: date
    document: str
    later: bool


@dataclass(frozen=True)
class Ladder:
    """The rungs of one milestone, each side from the first to the newest."""

    declared: Declared | None = None
    claimed: list[Claimed] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    @property
    def newest(self) -> Found | None:
        """The verdict in force."""
        return self.found[-1] if self.found else None


def ladder(milestone: Milestone, assessments: Sequence[Assessment]) -> Ladder:
    """The ladder of a milestone; no query where its claims and verdicts are prefetched.

    `assessments` are those of published reports, newest report and version first, each with its
    report and what corrects it.
    """
    words = [said for said in assessments if getattr(said, "corrected_by", None) is None]
    return Ladder(
        _declared(words) if words else None,
        [
            Claimed(claim, claim.request.number, claim.request.submitted_on, claim.request.source)
            for claim in sorted(milestone.claims.all(), key=lambda each: each.request.number)
        ],
        [
            Found(verdict, verdict.decided_on, verdict.document, verdict.verdict in LATER)
            for verdict in sorted(
                milestone.verdicts.all(), key=lambda each: (each.decided_on, each.pk)
            )
        ],
    )


def _declared(words: list[Assessment]) -> Declared:
    now = words[0]
    *_later, first = takewhile(lambda said: said.status == now.status, words)
    return Declared(now, first.report, first.report.published_on, now.evidence)
