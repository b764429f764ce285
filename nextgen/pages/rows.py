"""The rows of a list as they stand on its page, drawn once as long as the public data stays."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from milestones.kept import kept

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
