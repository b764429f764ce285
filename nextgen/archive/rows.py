"""A list as an archive keeps it: what `static/js/archive.js` filters, searches and sorts.

The database answers here for every value of every facet and every order, so that a script which
only intersects sets and follows orders finds the same rows as the live site.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.utils.html import strip_tags
from django.utils.translation import ngettext

from milestones.kept import kept
from nextgen import formats
from projects.listing import Facet, Listing
from projects.selection import TRACKING, Selection
from projects.summary import keys, sets

# The records in whose words a search looks besides those of the row.
ALSO = {"milestones": "project", "recipients": "projects"}
NO_WORD = "z" * 60


def told(selection: Selection) -> dict[str, Any]:
    """The whole list of a selection in which nothing is chosen, its rows by their place in it."""
    listing = selection.listing
    places = {pk: place for place, pk in enumerate(selection.rows.values_list("pk", flat=True))}
    return {
        "name": listing.name,
        "count": len(places),
        "facets": [
            {
                "name": facet.name,
                "label": str(facet.label),
                "pattern": facet.pattern,
                "values": {value: str(facet.label_of(value)) for value in rows},
                "rows": {value: [places[pk] for pk in pks] for value, pks in rows.items()},
            }
            for facet in listing.facets
            for rows in [_members(facet, listing)]
        ],
        "sorts": {
            sort.name: [
                [places[pk] for pk in _order(listing, sort.order(reverse))]
                for reverse in (False, True)
            ]
            for sort in listing.sorts
        },
        "default": listing.default_sort,
        "relevance": [
            places[pk] for pk in listing.rows().by_relevance(NO_WORD).values_list("pk", flat=True)
        ],
        "words": _words(listing, places),
        "budgets": _budgets(listing, places) if listing.budgets else None,
        "state": {
            "name": listing.state,
            "here": listing.report.month,
            "current": listing.current.month,
            "known": list(listing.reports),
        },
        "tracking": TRACKING.pattern,
        "money": formats.money_in_full(1000),
        "found": _found(listing.name),
    }


def _members(facet: Facet, listing: Listing) -> dict[str, list[int]]:
    """The rows of each value: of those that can be named, and of those that rows have.

    They are the same in every language, and so are asked for once.
    """

    def find() -> dict[str, list[int]]:
        having = {value: keys(rows) for value, rows in sets(facet.pairs(listing.rows())).items()}
        return {
            value: having.get(value, [])
            for value in dict.fromkeys([*facet.values(), *sorted(having)])
            if facet.label_of(value) is not None
        }

    return kept(("members", listing.name, listing.report.month, facet.name), find)


def _order(listing: Listing, order: Sequence[Any]) -> Iterable[int]:
    found: Iterable[int] = listing.rows().order_by(*order).values_list("pk", flat=True)
    return found


def _words(listing: Listing, places: dict[int, int]) -> dict[str, Any]:
    """The search column of each row, and of the other records that it is found by."""
    own = [""] * len(places)
    for pk, search in listing.rows().order_by().values_list("pk", "search"):
        own[places[pk]] = search
    also = ALSO.get(listing.name)
    if not also:
        return {"own": own, "others": [], "of": []}
    others: dict[int, str] = {}
    of: list[list[int]] = [[] for _place in places]
    named = listing.rows().order_by().values_list("pk", f"{also}__pk", f"{also}__search")
    for pk, other, search in named:
        if other is not None:
            others[other] = search
            of[places[pk]].append(other)
    numbers = {other: number for number, other in enumerate(sorted(others))}
    return {
        "own": own,
        "others": [others[other] for other in numbers],
        "of": [sorted(numbers[other] for other in its) for its in of],
    }


def _budgets(listing: Listing, places: dict[int, int]) -> list[int | None]:
    budgets: list[int | None] = [None] * len(places)
    for pk, budget in listing.rows().order_by().values_list("pk", "budget"):
        budgets[places[pk]] = None if budget is None else int(budget)
    return budgets


def told_lines(page: Page[Any], offered: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The same for the lines of the public log, in the order in which they stand."""
    lines = list(page)
    return {
        "name": "changes",
        "count": len(lines),
        "facets": [
            {"name": name, "label": "", "pattern": "", "values": dict.fromkeys(rows, ""),
             "rows": rows}
            for name, values in offered.items()
            for rows in [_by_value(lines, name, values)]
        ],
        "sorts": {},
        "default": "",
        "words": None,
        "budgets": None,
        "state": None,
        "tracking": TRACKING.pattern,
        "money": formats.money_in_full(1000),
        "found": _found("changes"),
    }  # fmt: skip


def _by_value(lines: Sequence[Any], name: str, values: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {value: [] for value in values}
    for place, line in enumerate(lines):
        rows[getattr(line, name)].append(place)
    return rows


def _found(name: str) -> dict[str, list[str]]:
    """How many rows there are, for none, one and several, with '#' for the number."""
    shown: dict[str, Any] = {"shown": "#", "n": 0}

    def forms(one: str, many: str) -> list[str]:
        return [ngettext(one, many, n) % shown for n in (0, 1, 2)]

    match name:
        case "projects":
            heading = forms("%(shown)s project", "%(shown)s projects")
            told = forms("%(shown)s project found", "%(shown)s projects found")
        case "milestones":
            heading = forms("%(shown)s milestone", "%(shown)s milestones")
            told = forms("%(shown)s milestone found", "%(shown)s milestones found")
        case "recipients":
            heading = forms("%(shown)s final recipient", "%(shown)s final recipients")
            told = forms("%(shown)s final recipient found", "%(shown)s final recipients found")
        case _:
            line = '<data data-results value="%(n)s">%(shown)s</data> line'
            heading = told = list(map(strip_tags, forms(line, f"{line}s")))
    ways = [ngettext("gives one result", "gives %(n)s results", n) % {"n": "#"} for n in (1, 1, 2)]
    return {"heading": heading, "announcement": told, "way": ways}
