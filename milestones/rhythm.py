"""The promise of a report every so many months, and whether it is kept."""

import calendar
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from milestones.models import ProgressReport
from projects.models import Plan


@dataclass(frozen=True)
class Rhythm:
    """Which reports came, and which are missing on a given day.

    Of a closed plan none is due or missing any more; `never_came` are those it promised in vain.
    """

    current: ProgressReport | None
    on_time: int
    late: int
    next_due: date | None
    missing: tuple[date, ...]
    age_in_days: int
    never_came: tuple[date, ...] = ()

    @property
    def kept(self) -> bool:
        return not self.missing and not self.late


def months_later(day: date, months: int) -> date:
    """The last day of the month that many months after the day's."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def rhythm(plan: Plan, published: list[ProgressReport], today: date) -> Rhythm:
    """Published reports, oldest first, held against the promised interval.

    A report is late when its as-of date lies more than the interval after that of the one before.
    Promised as-of dates run until the month of the plan's end; one that has passed is missing.
    """
    if not published:
        return Rhythm(None, 0, 0, None, (), 0)
    late = sum(
        after.as_of > months_later(before.as_of, plan.report_interval)
        for before, after in pairwise(published)
    )
    current = published[-1]
    last_promise = months_later(plan.end, plan.report_interval - 1)
    promised = []
    due = months_later(current.as_of, plan.report_interval)
    while due <= last_promise:
        promised.append(due)
        due = months_later(due, plan.report_interval)
    return Rhythm(
        current=current,
        on_time=len(published) - late,
        late=late,
        next_due=promised[0] if promised and not plan.closed else None,
        missing=() if plan.closed else tuple(day for day in promised if day < today),
        age_in_days=(today - current.as_of).days,
        never_came=tuple(day for day in promised if day <= plan.end) if plan.closed else (),
    )
