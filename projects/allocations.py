"""Two people on the allocations of one project: the whole of one, or the whole of the other."""

from typing import Any

from auditlog.models import LogEntry
from django.utils.translation import gettext as _

from projects import history
from projects.conflicts import Clash, Version
from projects.models import Allocation, Authority, Project

NAME = "allocations"
THEIRS, MINE = "theirs", "mine"
CELLS = ("amount", "provenance", "source")
MOST = 1000
Rows = dict[str, dict[str, str]]
"""By the key of the authority: the cells of its row as a form sends them."""


def clash(sent: Any, project: Project, mark: int) -> Clash | None:
    """Both versions, where others changed the allocations after `mark` to what was not sent."""
    known = [*project.allocations.all(), *(Allocation(pk=pk) for pk in _sent_keys(sent))]
    entries = (
        history.entries(project, known)
        .filter(content_type__model="allocation", pk__gt=mark)
        .select_related("actor")
        .order_by("-pk")
    )
    last = next(iter(entries), None)
    mine, theirs = _sent(sent), _stored(project)
    if last is None or mine == theirs:
        return None
    edit = history.edits_of(last)[0]
    return Clash(
        name=NAME,
        label=_("Allocations"),
        theirs=Version(THEIRS, _shown(theirs)),
        mine=Version(MINE, _shown(mine)),
        touched=mine != _read(project, list(entries)),
        by=edit.by,
        role=edit.role,
        at=edit.at,
    )


def settled(sent: Any, project: Project, chosen: str) -> Any:
    """What was sent, with the rows chosen in a conflict laid over those that are there now."""
    wanted = _sent(sent) if chosen == MINE else _stored(project)
    stored = {str(row.authority_id): row for row in project.allocations.all()}
    data = sent.copy()
    for name in [name for name in data if name.startswith(f"{NAME}-")]:
        del data[name]
    data[f"{NAME}-INITIAL_FORMS"] = str(len(stored))
    data[f"{NAME}-TOTAL_FORMS"] = str(len(stored | wanted))
    for n, authority in enumerate({**stored, **wanted}):
        row = {"authority": authority, **wanted.get(authority, _stored(project).get(authority, {}))}
        if authority in stored:
            row["id"] = str(stored[authority].pk)
        if authority not in wanted:
            row["DELETE"] = "on"
        for name, value in row.items():
            data[f"{NAME}-{n}-{name}"] = value
    return data


def _sent_rows(sent: Any) -> list[int]:
    count = sent.get(f"{NAME}-TOTAL_FORMS", "")
    return list(range(min(int(count), MOST) if count.isdecimal() else 0))


def _sent_keys(sent: Any) -> list[int]:
    keys = (sent.get(f"{NAME}-{n}-id", "") for n in _sent_rows(sent))
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def _sent(sent: Any) -> Rows:
    rows = {}
    for n in _sent_rows(sent):
        authority = sent.get(f"{NAME}-{n}-authority", "")
        if authority and not sent.get(f"{NAME}-{n}-DELETE"):
            rows[authority] = {name: _cell(sent.get(f"{NAME}-{n}-{name}", "")) for name in CELLS}
    return rows


def _stored(project: Project) -> Rows:
    return {str(row.authority_id): _cells(row) for row in project.allocations.all()}


def _cells(row: Allocation) -> dict[str, str]:
    return {name: _cell(str(getattr(row, name))) for name in CELLS}


def _cell(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _read(project: Project, entries: list[LogEntry]) -> Rows:
    """The rows before these entries of the history, which come newest first."""
    rows = {
        row.pk: {"authority": str(row.authority_id), **_cells(row)}
        for row in project.allocations.all()
    }
    for entry in entries:
        if entry.action == LogEntry.Action.CREATE:
            rows.pop(entry.object_id, None)
        else:
            before = {name: old for name, (old, _new) in entry.changes_dict.items()}
            rows.setdefault(entry.object_id, {}).update(before)
    return {row["authority"]: {name: row[name] for name in CELLS} for row in rows.values()}


def _shown(rows: Rows) -> str:
    names = {str(each.pk): str(each) for each in Authority.objects.all()}
    return "\n".join(
        " · ".join(filter(None, [f"{names.get(key, key)}: {row['amount']}", row["source"]]))
        for key, row in rows.items()
    )
