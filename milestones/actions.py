"""The writes that matter: each checks, writes, logs and says what happened, in one transaction.

The desk, a command and a test call them alike. Each raises PermissionDenied where the person's
role does not allow it, and ValidationError with a sentence that says what to do.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from milestones import editions
from milestones.log import Line, append
from milestones.models import Assessment, Edition, Milestone, ProgressReport, Role, User
from milestones.preview import hindrances, state_of
from milestones.quarter import Quarter, around
from projects import history
from projects.models import Plan
from projects.translated import columns

WORDS = (
    "status", "done_quarter", "expected", "achieved_value", *columns("note"), "evidence",
)  # fmt: skip


class ConflictError(Exception):
    """Somebody else changed the record since it was read; `edits` says what, who and when."""

    def __init__(self, record: Any, edits: list[history.Edit]) -> None:
        self.record, self.edits = record, edits
        super().__init__(str(record))


class AlreadyPublishedError(ValidationError):
    """The report is no draft any more: somebody published it."""

    def __init__(self, report: ProgressReport) -> None:
        super().__init__(
            _("The report %(month)s was published: what it says can only be corrected.")
            % {"month": report.month}
        )


def allow(by: User, permission: str, record: Any = None) -> None:
    if not by.has_perm(permission, record):
        raise PermissionDenied(f"{by.role}: {permission} {record or ''}")


def _draft(report: ProgressReport) -> ProgressReport:
    """The report, locked: whoever publishes or assesses waits. Raises AlreadyPublishedError."""
    locked = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if locked.state != ProgressReport.State.DRAFT:
        raise AlreadyPublishedError(locked)
    return locked


@transaction.atomic
def open_report(*, month: str, closes_on: date | None, by: User) -> ProgressReport:
    """A new draft, which coordinators fill until `closes_on`; later than every report before."""
    allow(by, "milestones.add_progressreport")
    Plan.objects.select_for_update().first()  # two who open follow one another
    if Plan.objects.filter(state=Plan.State.CLOSED).exists():
        raise ValidationError(
            _("The plan is closed: no further report is due, only verdicts and corrections.")
        )
    latest = ProgressReport.objects.order_by("month").last()
    if latest and month <= latest.month:
        raise ValidationError(
            {"month": _("The report %(month)s is there already: name a later month.")
             % {"month": latest.month}}
        )  # fmt: skip
    report = ProgressReport(month=month, closes_on=closes_on)
    report.full_clean()
    with history.acting(by, "open report"):
        report.save()
    return report


@transaction.atomic
def close_plan(*, why: str | Mapping[str, str], by: User | None = None, document: str = "") -> Plan:
    """The plan is over: from now on pages show what came of it, not how it is going.

    `by` is None for an operator at the command line. Raises ValidationError before the plan's last
    day has passed.
    """
    plan = _plan_to_turn(by)
    if timezone.localdate() <= plan.end:
        raise ValidationError(
            _("The plan runs until %(day)s: it can be closed from the next day on.")
            % {"day": plan.end.isoformat()}
        )
    return _turned(plan, Plan.State.CLOSED, why, by, document)


@transaction.atomic
def reopen_plan(
    *, why: str | Mapping[str, str], by: User | None = None, document: str = ""
) -> Plan:
    """Takes the closing back: pages show again how the plan is going."""
    return _turned(_plan_to_turn(by), Plan.State.OPEN, why, by, document)


def _plan_to_turn(by: User | None) -> Plan:
    """The plan, locked, for who may change it."""
    if by:
        allow(by, "projects.change_plan")
    return Plan.objects.select_for_update().get()


def _turned(
    plan: Plan, state: Plan.State, why: str | Mapping[str, str], by: User | None, document: str
) -> Plan:
    """The plan in this state, told in the public log as a revision."""
    if plan.state == state:
        raise ValidationError(_("The plan is %(state)s already.") % {"state": state.label})
    if not (why if isinstance(why, str) else "".join(why.values())).strip():
        raise ValidationError(_("Say why."))
    line = Line("plan", plan.code, "state", plan.state, state.value)
    plan.state = state
    with history.acting(by, "close or reopen") if by else nullcontext():
        plan.save(update_fields=["state"])
    append(
        [line],
        kind="revision",
        reason=why,
        role=by.role if by else Role.ADMINISTRATOR,
        document=document,
    )
    return plan


@transaction.atomic
def assess(
    *,
    milestone: Milestone,
    report: ProgressReport,
    words: Mapping[str, Any],
    by: User,
    seen: int | None = None,
    action: str = "assess",
) -> Assessment:
    """What a draft report says of a milestone; `words` has a value for some or all of WORDS.

    `seen` is how far the history of the assessment went when it was read (`history.seen`); where
    others have gone further, and have said something else, ConflictError tells what they said.
    None overwrites.
    """
    allow(by, "milestones.change_assessment", milestone)
    report = _draft(report)
    said = Assessment.objects.filter(report=report, milestone=milestone).first()
    if seen is not None and said and history.seen(said) > seen:
        edits = history.edits_since(said, seen)
        if any(_differs(said, name, value) for name, value in words.items()):
            raise ConflictError(said, edits)
    said = said or Assessment(report=report, milestone=milestone)
    said.milestone = milestone
    for name, value in words.items():
        setattr(said, name, value)
    said.source = _declared(milestone)
    said.full_clean()
    with history.acting(by, action):
        said.save()
    return said


def _declared(milestone: Milestone) -> str:
    """The source of what is said at the desk: the authority itself."""
    return f"declared at the desk by {milestone.project.lead.code}"


def _differs(record: Any, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    stored, given = field.get_prep_value(getattr(record, name)), field.get_prep_value(value)
    return bool(stored != given)


def before(report: ProgressReport) -> ProgressReport | None:
    """The published report that comes before this one."""
    return ProgressReport.objects.published().filter(month__lt=report.month).last()


@transaction.atomic
def sign_unchanged(
    *, milestones: Iterable[Milestone], report: ProgressReport, by: User
) -> list[Assessment]:
    """Says of each milestone what the report before said; those said already stay as they are.

    Signed by name in the history, and so another thing than silence. Raises ValidationError where
    the report before is silent on one: there is nothing that could be unchanged.
    """
    chosen = list(milestones)
    for milestone in chosen:
        allow(by, "milestones.change_assessment", milestone)
    report = _draft(report)
    earlier = before(report)
    last = {
        said.milestone_id: said
        for said in Assessment.objects.as_corrected().filter(report=earlier, milestone__in=chosen)
    }
    silent = [milestone.code for milestone in chosen if milestone.pk not in last]
    if silent:
        raise ValidationError(
            _("The report before says nothing of %(codes)s: assess it.")
            % {"codes": ", ".join(silent)}
        )
    already = set(
        Assessment.objects.filter(report=report, milestone__in=chosen).values_list(
            "milestone_id", flat=True
        )
    )
    signed = []
    with history.acting(by, "unchanged"):
        for milestone in chosen:
            if milestone.pk not in already:
                words = {name: getattr(last[milestone.pk], name) for name in WORDS}
                signed.append(
                    Assessment.objects.create(
                        report=report, milestone=milestone, source=_declared(milestone), **words
                    )
                )
    return signed


@transaction.atomic
def move_due(
    *,
    milestone: Milestone,
    due: Quarter,
    reasons: Mapping[str, str],
    by: User,
    document: str = "",
    seen: Quarter | None = None,
) -> Milestone:
    """Moves the quarter in force, with a reason in each language of the plan.

    The first promise stays; each move is a line of the public log. Raises ConflictError where the
    quarter in force is another than the one `seen`.
    """
    allow(by, "milestones.change_milestone", milestone)
    plan = Plan.objects.select_for_update().get()
    milestone = Milestone.objects.select_related("project").get(pk=milestone.pk)
    if seen is not None and milestone.due != seen:
        moves = history.edits_since(milestone, 0)
        raise ConflictError(milestone, [edit for edit in moves if edit.field == "due"][-1:])
    languages = plan.language_codes
    silent = [code for code in languages if not reasons.get(code, "").strip()]
    if silent:
        raise ValidationError(
            {f"reason_{code}": _("Say why, in this language too.") for code in silent}
        )
    old = milestone.due
    if due == old:
        raise ValidationError({"due": _("It is due in %(quarter)s already.") % {"quarter": old}})
    first, last = around(plan.start, plan.end)
    if not first <= due <= last:
        told = _("%(due)s is far from the plan: write a quarter from %(first)s to %(last)s.")
        raise ValidationError({"due": told % {"due": due, "first": first, "last": last}})
    milestone.due = due
    for code in languages:
        setattr(milestone, f"due_reason_{code}", reasons[code].strip())
    with history.acting(by, "move date"):
        milestone.save()
    append(
        [Line("milestone", milestone.code, "due", str(old), str(due))],
        kind="revision",
        reason={code: reasons[code] for code in languages},
        role=by.role,
        document=document,
    )
    return milestone


@transaction.atomic
def correct(
    *, assessment: Assessment, words: Mapping[str, Any], why: str | Mapping[str, str], by: User
) -> Assessment:
    """A new version of what a published report says; the one before stays, and the log tells why.

    Raises ConflictError where this version was corrected already.
    """
    allow(by, "milestones.add_assessment", assessment)
    if by.role != "editor":
        raise PermissionDenied(f"{by.role}: corrections are for editors")
    Plan.objects.select_for_update().get()
    if assessment.report.state != ProgressReport.State.PUBLISHED:
        raise ValidationError(_("A draft is not corrected: assess the milestone anew."))
    newer = Assessment.objects.filter(corrects=assessment).first()
    if newer:
        raise ConflictError(newer, history.edits_since(newer, 0))
    if not (why if isinstance(why, str) else "".join(why.values())).strip():
        raise ValidationError({"why": _("Say why this is corrected.")})
    kept = {name: getattr(assessment, name) for name in WORDS}
    new = Assessment(
        report=assessment.report,
        milestone=assessment.milestone,
        version=assessment.version + 1,
        corrects=assessment,
        source=_declared(assessment.milestone),
        **{**kept, **words},
    )
    new.full_clean()
    notes = [getattr(new, f"note_{code}") for code in Plan.objects.get().language_codes]
    if any(notes) and not all(notes):
        raise ValidationError(_("Write the note in every language of the plan, or in none."))
    month = assessment.report.month
    lines = [
        Line("assessment", assessment.milestone.code, f"{name} {month}", _text(old), _text(value))
        for name, old, value in ((n, kept[n], getattr(new, n)) for n in WORDS)
        if _differs(assessment, name, value)
    ]
    if not lines:
        raise ValidationError(_("Nothing differs from what the report says."))
    with history.acting(by, "correct"):
        new.save()
    append(lines, kind="correction", reason=why, role=by.role)
    return new


def corrected_meanwhile(said: Assessment, newest: Assessment) -> str:
    """What somebody else has corrected since a version was read, in a sentence."""
    names = [name for name in WORDS if _differs(newest, name, getattr(said, name))]
    told = "; ".join(
        f"{getattr(newest._meta.get_field(name), 'verbose_name', name)}: "
        f"{_text(getattr(newest, name)) or '–'}"
        for name in names
    )
    return _("Somebody else corrected it meanwhile: %(told)s. What you typed is still here.") % {
        "told": told
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def publish(
    *, report: ProgressReport, by: User, pack: Callable[[], bytes], seen: str | None = None
) -> Edition:
    """Publishes a draft: from here on it is the current report, and nobody can change it.

    `pack` gives the data package of the plan as it then is. `seen` is the state of the draft that
    the publisher looked at (`state_of`). Raises ValidationError where it has changed since, where
    a published figure contradicts the rows and nobody explained it, or where it is empty, and
    AlreadyPublishedError where somebody was faster.
    """
    allow(by, "milestones.change_progressreport")
    Plan.objects.select_for_update().get()
    report = _draft(report)
    if seen is not None and seen != state_of(report):
        raise ValidationError(_("The report has changed since you looked at it: look again."))
    if hindered := hindrances(report):
        raise ValidationError(hindered)
    report.state = ProgressReport.State.PUBLISHED
    report.published_on = timezone.localdate()
    with history.acting(by, "publish"):
        report.save()
        append(
            [Line("report", report.month, "state", "draft", "published")],
            kind="revision",
            reason="",
            role=by.role,
        )
        return editions.freeze(report, pack())
