"""Recipients of both kinds: legal persons, who are exported, and natural persons, who are not."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists

from projects.models import NaturalRecipient, Project, Recipient
from projects.querysets import NaturalRecipientQuerySet, RecipientQuerySet
from projects.selection import Selection


def days(on: date) -> list[date]:
    """The days of which a list of recipients is known and may be shown on this day, earliest first.

    They are those of the legal persons; only where none is listed, those of the natural ones.
    """
    alone = NaturalRecipient.objects.shown(on).filter(~Exists(Recipient.objects.all()))
    natural = alone.order_by().values_list("as_of", flat=True)
    legal = Recipient.objects.order_by().values_list("as_of", flat=True)
    return list(legal.union(natural).order_by("as_of"))


def natural_persons(selection: Selection, on: date) -> NaturalRecipientQuerySet:
    """The natural persons that a selection of recipients would hold, were they in the list."""
    listing = selection.listing
    as_listed = NaturalRecipient.objects.shown(on).newest(listing.report.as_of).for_rows()
    of_persons = replace(selection, listing=replace(listing, rows=lambda: as_listed))
    found: NaturalRecipientQuerySet = of_persons.rows
    return found


@dataclass(frozen=True)
class Paid:
    """Who was paid for a project as of a day: legal persons, and how many natural ones."""

    as_of: date
    legal: RecipientQuerySet
    persons: int


def paid_for(project: Project, on: date) -> Paid | None:
    """The recipients of a project in the newest list; None where that names none of it.

    Natural persons are counted, not named: their names stand on the page of the list alone.
    """
    known = days(on)
    if not known:
        return None
    legal = Recipient.objects.of(known[-1]).filter(projects=project).defer("search")
    natural = NaturalRecipient.objects.shown(on).newest(known[-1])
    persons = natural.filter(projects=project).count()
    return Paid(known[-1], legal, persons) if persons or legal else None
