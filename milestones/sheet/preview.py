"""What a file that came back would change in the draft, and what is wrong with it."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from milestones.actions import WORDS
from milestones.models import Assessment, Milestone, ProgressReport, Status, User
from milestones.sheet.cells import LONGEST, stored
from milestones.sheet.columns import SAYING
from milestones.sheet.filled import Fault, Filled, Line
from milestones.sheet.rows import Row, rows
from projects.history import Edit, edits_since

QUARTERS = ("done_quarter", "expected")
ELSEWHERE = ["report", "milestone", "corrects"]  # nothing in the file could be wrong with them


@dataclass(frozen=True)
class Step:
    """One word of a row, from what is stored to what the file says, as people read it."""

    heading: str
    old: str
    new: str


@dataclass
class Proposal:
    """What the file would do to one milestone: give it these words, or sign it as unchanged.

    `edits` are what was said since the file was made, as people read it: then the person chooses.
    """

    number: int
    milestone: Milestone
    mark: int
    sign: bool = False
    words: dict[str, str | None] = default(default_factory=dict)
    steps: list[Step] = default(default_factory=list)
    edits: list[Edit] = default(default_factory=list)
    faults: list[Fault] = default(default_factory=list)

    @property
    def height(self) -> int:
        """How many rows of a table it takes to show it."""
        return len(self.faults) + len(self.steps) + bool(self.edits)


@dataclass
class Preview:
    """All that a file would change, all its faults in order, and what is left as it is."""

    proposals: list[Proposal] = default(default_factory=list)
    faults: list[Fault] = default(default_factory=list)
    kept: list[Fault] = default(default_factory=list)
    unknown: list[str] = default(default_factory=list)

    @property
    def state(self) -> str:
        """A mark that differs as soon as anything else would be written."""
        told = [
            (each.milestone.code, each.mark, each.sign, each.words, [s.old for s in each.steps])
            for each in self.proposals
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def preview(file: Filled, report: ProgressReport, by: User) -> Preview:
    """Holds a file against the draft; writes nothing. Queries only for rows that others edited."""
    found = Preview(faults=list(file.faults), unknown=file.unknown)
    by_code = {row.milestone.code: row for row in rows(report, by)}
    for line in file.lines:
        row = by_code.get(line.code)
        if row is None:
            if line.code:
                sentence = _("'%(code)s' is no milestone that you assess in this report.")
                found.faults.append(file.fault(line.number, "code", sentence % {"code": line.code}))
            continue
        proposal = _proposal(file, line, row, report, found.kept)
        found.faults += proposal.faults
        if proposal.steps or proposal.faults:
            found.proposals.append(proposal)
    found.faults.sort(key=lambda fault: (fault.row, len(fault.cell), fault.cell))
    return found


def _proposal(
    file: Filled, line: Line, row: Row, report: ProgressReport, kept: list[Fault]
) -> Proposal:
    """What one row would do; what it leaves as it is goes to `kept`."""
    found = Proposal(line.number, row.milestone, row.mark)
    stale = row.said is not None and row.mark > line.mark
    edits = edits_since(row.said, line.mark) if row.said and stale else []
    now = row.words
    then = now | {edit.field: _stored(edit) for edit in reversed(edits) if edit.field in now}
    mine = {name: value for name, value in line.words.items() if value != then[name]}
    for name, sentence in _emptied(mine, then).items():
        del mine[name]
        if sentence:
            kept.append(file.fault(line.number, name, sentence))
    mine = {name: value for name, value in mine.items() if value != now[name]}
    if line.unchanged:
        _sign(found, file, row, mine, kept)
    elif mine:
        found.words = {name: value or _empty(name) for name, value in mine.items()}
        found.steps = [_step(name, now[name], value) for name, value in mine.items()]
        found.edits = [_told(edit) for edit in edits if edit.field in now and edit.old != edit.new]
        found.faults = [
            file.fault(line.number, name, sentence)
            for name, sentence in _wrong(row, found.words, report, line.wrong)
        ]
    return found


def _emptied(mine: dict[str, str], then: dict[str, str]) -> dict[str, str]:
    """The emptied cells that take nothing away, with the sentence that says so, if any.

    A draft is not emptied of its word; and a quarter goes only together with its status.
    """
    empty = [name for name, value in mine.items() if not value]
    if "status" in empty:
        sentence = _("The status is empty: nothing is taken away in this row.")
        return {name: sentence if name == "status" else "" for name in empty}
    if "status" in mine:
        return {}
    sentence = _("%(quarter)s stays: a quarter goes only when the status changes.")
    return {name: sentence % {"quarter": then[name]} for name in empty if name in QUARTERS}


def _sign(found: Proposal, file: Filled, row: Row, mine: dict[str, str], kept: list[Fault]) -> None:
    """Signs a row as unchanged, or says why that cannot be."""

    def told(sentence: str) -> Fault:
        return file.fault(found.number, "unchanged", sentence)

    if mine:
        found.faults.append(told(_("You changed it and signed it as unchanged: not both.")))
    elif row.said:
        kept.append(told(_("It is assessed already: that stays as it is.")))
    elif row.before is None:
        found.faults.append(told(_("The report before says nothing of it: assess it.")))
    else:
        found.sign = True
        said = {name: stored(getattr(row.before, name)) for name in WORDS}
        found.steps = [_step(name, "", value) for name, value in said.items() if value]


def _wrong(
    row: Row, words: dict[str, str | None], report: ProgressReport, unread: list[str]
) -> list[tuple[str, str]]:
    """What would be wrong with a milestone that is given these words: (column, sentence)."""
    kept = {name: getattr(row.said, name) for name in WORDS} if row.said else {}
    new = Assessment(report=report, milestone=row.milestone, **(kept | words))
    found = []
    link = words.get("evidence")
    if link and not re.match(r"https?://", link, re.IGNORECASE):
        found.append(("evidence", _("Write the whole address, with https:// or http://.")))
    found += [
        (name, _("It is longer than a cell can hold: change it at the desk."))
        for name in words
        if len(str(kept.get(name, ""))) > LONGEST
    ]
    try:
        if new.status and "status" not in unread:
            new.full_clean(ELSEWHERE, validate_unique=False, validate_constraints=False)
        else:
            found.append(("status", _("Choose a status.")))
            new.clean_fields([*ELSEWHERE, "status"])
    except ValidationError as error:
        found += [(name, told) for name, all_of in error.message_dict.items() for told in all_of]
    first = dict(reversed(found))
    return [(name, sentence) for name, sentence in first.items() if name not in unread]


def _stored(edit: Edit) -> str:
    """What a field held before this edit, as the sheet writes it."""
    field: Any = Assessment._meta.get_field(edit.field)
    return stored(field.to_python(edit.old) if edit.old else None)


def _empty(name: str) -> str | None:
    return None if Assessment._meta.get_field(name).null else ""


def _step(name: str, old: str, new: str) -> Step:
    heading = next(column.heading for column in SAYING if column.key == name)
    return Step(heading, shown(name, old), shown(name, new))


def _told(edit: Edit) -> Edit:
    step = _step(edit.field, edit.old, edit.new)
    return replace(edit, field=step.heading, old=step.old, new=step.new)


def shown(name: str, value: str) -> str:
    """A word as people read it."""
    return str(dict(Status.choices).get(value, value)) if name == "status" else value
