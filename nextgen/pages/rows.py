"""The rows of a list as they stand on its page, drawn once as long as the public data stays."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from milestones.figures import splits
from milestones.kept import kept
from milestones.outcomes import outcomes
from projects.selection import Selection

MOST = 2000  # rows that a process keeps of one list

# For the keys of some records, what the template of a row shows of each.
Shown = Callable[[Sequence[int]], Iterable[tuple[int, Mapping[str, Any]]]]


def drawn(keys: Sequence[int], of: Hashable, template: str, shown: Shown) -> SafeString:
    """These rows one after the other.

    A row has to be the same wherever it stands in the list `of`: its template knows nothing of the
    request. `shown` is asked for those alone that are not kept.
    """
    held: dict[int, str] = kept(("rows", of, get_language()), dict)
    found = {key: held[key] for key in keys if key in held}
    if lacking := [key for key in keys if key not in found]:
        for key, context in shown(lacking):
            found[key] = render_to_string(template, dict(context))
        if len(held) > MOST:
            held.clear()
        held.update(found)
    # What was taken away since the keys were found has no row.
    return SafeString("".join(found[key] for key in keys if key in found))


def project_rows(selection: Selection, *, in_section: bool = False) -> SafeString:
    """The projects of a page, each with how many milestones of it are how far.

    Their headings are one level lower where they stand `in_section`, below a heading of their own.
    """
    report, ended = selection.listing.report, selection.listing.ended

    def shown(keys: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        found = list(selection.records(keys))
        split = splits(found, report, closed=ended)
        came_of = outcomes(found, report) if ended else {}
        for each in found:
            told = {"project": each, "split": split.get(each.pk), "outcomes": came_of}
            yield each.pk, {**told, "level3": in_section}

    of = ("projects", report.month, ended, in_section)
    return drawn(selection.shown, of, "parts/project_row.html", shown)


def milestone_rows(selection: Selection) -> SafeString:
    """The milestones of a page."""
    ended = selection.listing.ended

    def shown(keys: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        for each in selection.records(keys):
            yield each.pk, {"milestone": each, "ended": ended}

    of = ("milestones", selection.listing.report.month, ended)
    return drawn(selection.shown, of, "parts/milestone_row.html", shown)
