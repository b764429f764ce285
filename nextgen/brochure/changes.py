"""The half-year's changes as blocks: what became of the milestones since the report before."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milestones.comparison import LISTS, Comparison, Moved
from milestones.models import Assessment, Milestone, Status
from nextgen import formats, told
from nextgen.brochure.parts import Block, table
from nextgen.brochure.source import Source
from nextgen.brochure.words import Inline, link
from projects.models import Project

# The first report of a milestone is counted, not listed: it says nothing of how it moved.
COUNTED = "first_reported"


def changes(source: Source) -> list[Block]:
    """Counts of all that changed, then each list in full; nothing for the first report."""
    found = source.comparison
    if found is None:
        return []
    months = {
        "a": formats.month(found.earlier.as_of),
        "b": formats.month(found.later.as_of),
    }
    address = reverse("comparison", args=[found.earlier.month, found.later.month])
    counts = [(str(LISTS[name]), getattr(found, name)) for name in LISTS]
    counts += [(_("Joined the plan"), found.joined), (_("Left the plan"), found.left)]
    counts += [(_("Due dates moved"), found.moved_dates), (_("Reworded"), found.reworded)]
    same = ngettext(
        "What the two reports say, as published. Of %(shown)s milestone both say the same.",
        "What the two reports say, as published. Of %(shown)s milestones both say the same.",
        found.unchanged,
    ) % {"shown": formats.number(found.unchanged)}
    several = _(
        "A milestone may be in more than one of these lists: their counts may add up to more than"
        " the number of milestones."
    )
    return [
        {"kind": "text", "body": same},
        {
            "kind": "counts",
            "items": [{"name": name, "value": formats.number(len(each))} for name, each in counts],
        },
        {"kind": "text", "body": several},
        {"kind": "text", "body": link(address, _("From %(a)s to %(b)s") % months)},
        *(
            block
            for name in LISTS
            if name != COUNTED and getattr(found, name)
            for block in _moves(str(LISTS[name]), getattr(found, name))
        ),
        *_projects(_("Joined the plan"), found.joined),
        *_projects(_("Left the plan"), found.left),
        *_dates(found),
    ]


def _moves(title: str, moves: Sequence[Moved]) -> list[Block]:
    rows: list[list[Inline]] = [
        [
            link(reverse("milestone", args=[moved.milestone.code]), moved.milestone.title),
            moved.milestone.project.short_title,
            [_status(moved.before), " ", {"arrow": _("became")}, " ", _status(moved.after)],
            _quarters(moved.quarters),
        ]
        for moved in moves
    ]
    titles = [_("Milestone"), _("Project"), _("Status"), _("Expected")]
    counted = f"{title} ({formats.number(len(moves))})"
    return [
        {"kind": "heading", "text": counted},
        table(titles, rows, numbers=4, widths=[2, 1.7, 2, 0]),
    ]


def _status(said: Assessment | None) -> Inline:
    status = Status(said.status) if said else Status.NOT_REPORTED
    return {"status": status, "text": str(status.label)}


def _quarters(moved: int) -> str:
    if moved == 0:
        return "–"
    if moved > 0:
        return ngettext("one quarter later", "%(n)s quarters later", moved) % {"n": moved}
    return ngettext("one quarter earlier", "%(n)s quarters earlier", -moved) % {"n": -moved}


def _projects(title: str, projects: Sequence[Project]) -> list[Block]:
    if not projects:
        return []
    rows = [
        {"name": link(reverse("project", args=[p.code]), p.short_title), "value": p.lead.short_name}
        for p in projects
    ]
    return [{"kind": "ruled", "title": title, "rows": rows}]


def _dates(found: Comparison) -> list[Block]:
    if not found.moved_dates:
        return []
    codes = {change.record for change in found.moved_dates}
    moved = Milestone.objects.filter(code__in=codes).for_rows()
    names = {each.code: (each.title, each.project.short_title) for each in moved}
    rows: list[list[Inline]] = [
        [
            link(told.page_of(change), title),
            project,
            [
                told.value_of(change, change.old), " ", {"arrow": _("became")}, " ",
                told.value_of(change, change.new),
            ],
            change.reason,
        ]
        for change in found.moved_dates
        # The log outlives what it tells of.
        for title, project in [names.get(change.record, (change.record, "–"))]
    ]  # fmt: skip
    titles = [_("Milestone"), _("Project"), _("Due"), _("Why")]
    return [
        {"kind": "heading", "text": _("Due dates moved")},
        table(titles, rows, numbers=4, widths=[1.6, 1.5, 1.1, 1.7]),
    ]
