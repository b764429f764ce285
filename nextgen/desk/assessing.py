"""Assessing milestones: many on a page or one alone, with 'unchanged' as one signed click."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from milestones import actions, tasks
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from milestones.querysets import MilestoneQuerySet
from nextgen.desk.row import RowForm
from projects import history
from projects.models import Authority, Plan

PAGE = 20
GRACE = 8  # quarters after the report's own that are offered


def person(request: HttpRequest) -> User:
    """Who asks: the desk answers to nobody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def draft() -> ProgressReport | None:
    """The report that is open, if one is."""
    return ProgressReport.objects.filter(state=ProgressReport.State.DRAFT).first()


def draft_or_404() -> ProgressReport:
    """The report that is open. Raises Http404 where none is."""
    if found := draft():
        return found
    raise Http404(_("No report is open."))


def too_late(request: HttpRequest, context: Mapping[str, Any], sent: Any) -> HttpResponse:
    """Words for a report that was published meanwhile: none is written, and all are shown."""
    codes = tasks.codes(pk for pk in sent.getlist("row") if pk.isdecimal() and len(pk) < 19)
    typed = [
        (codes[pk], name.partition("-")[2], value)
        for name, value in sent.items()
        if value and (pk := name.partition("-")[0].removeprefix("m")) in codes
        if not name.endswith("-seen") and value != sent.get(f"initial-{name}")
    ]
    told = {"title": _("What you had written"), "typed": typed, "month": sent["report"]}
    return render(request, "admin/too_late.html", {**context, **told}, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, context: Mapping[str, Any], code: str = "") -> HttpResponse:
    """The list of milestones to assess, narrowed by the address; or the one with this code."""
    by, report = person(request), draft()
    actions.allow(by, "milestones.change_assessment")
    if report is None:
        if "report" in request.POST:
            return too_late(request, context, request.POST)
        raise Http404(_("No report is open."))
    found = tasks.rows(by, report).for_rows().order_by("project__code", "baseline_due", "code")
    if code:
        found = found.filter(code=code)
        if not found:
            raise Http404
    chosen, unknown = narrowed(found, report, request)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    sent = request.POST if request.method == "POST" else None
    if sent is not None and sent.get("report", report.month) != report.month:
        return too_late(request, context, sent)
    if sent is not None:
        # What was on the page when it was sent, though it may have left this list since.
        pks = [pk for pk in sent.getlist("row") if pk.isdecimal() and len(pk) < 19][: 2 * PAGE]
        page = Page(list(found.filter(pk__in=pks)), page.number, page.paginator)
    forms = forms_of(list(page.object_list), report, sent)
    if sent is not None and (saved := save(forms, sent, report, by)):
        messages.success(request, saved)
        return redirect(request.get_full_path())
    return render(
        request,
        "admin/assess.html",
        {
            **context,
            "title": forms[0].milestone.title if code else _("Assess milestones"),
            "alone": bool(code),
            "report": report,
            "forms": forms,
            "page": page,
            "tasks": tasks.TASKS,
            "task": tasks.BY_NAME.get(request.GET.get("task", "")),
            "unknown": unknown,
            "q": request.GET.get("q", ""),
            "authorities": [] if by.authority_id else Authority.objects.all(),
            "authority": request.GET.get("authority", ""),
            "quarters": [Quarter.of(report.as_of) + n for n in range(-GRACE, GRACE + 1)],
            "faults": any(form.errors for form in forms if form.is_bound),
            "clashes": any(form.edits for form in forms),
        },
        status=409 if any(form.edits for form in forms) else 200,
    )


def narrowed(
    found: MilestoneQuerySet, report: ProgressReport, request: HttpRequest
) -> tuple[MilestoneQuerySet, list[str]]:
    """These rows as the address narrows them, and the values in it that nobody knows."""
    unknown = []
    if task := request.GET.get("task", ""):
        condition = tasks.conditions(report).get(task)
        if condition is None:
            unknown.append(task)
        else:
            found = found.filter(condition)
    if code := request.GET.get("authority", ""):
        if code in Authority.objects.values_list("code", flat=True):
            found = found.filter(project__lead__code=code)
        else:
            unknown.append(code)
    if q := request.GET.get("q", ""):
        found = found.matching(q)
    return found, unknown


def forms_of(milestones: list[Milestone], report: ProgressReport, sent: Any) -> list[RowForm]:
    """A form for each milestone, over what the draft says; a constant number of queries."""
    earlier = actions.before(report)
    rows = {
        (each.report_id, each.milestone_id): each
        for each in Assessment.objects.as_corrected()
        .filter(milestone__in=milestones, report__in=[report, earlier])
        .select_related("report", "milestone__project")
    }
    languages = Plan.objects.get().language_codes
    drafts = [each for (of, _milestone), each in rows.items() if of == report.pk]
    marks = history.seen_all(list(drafts))
    forms = []
    for milestone in milestones:
        said = rows.get((report.pk, milestone.pk))
        form = RowForm(
            sent,
            milestone=milestone,
            said=said,
            languages=languages,
            seen=marks.get(said.pk, 0) if said else 0,
        )
        form.before = rows.get((earlier.pk, milestone.pk)) if earlier else None
        forms.append(form)
    return forms


def save(forms: list[RowForm], sent: Any, report: ProgressReport, by: User) -> str:
    """Writes all that was changed or signed, or nothing; the sentence that says how much.

    Empty where something is wrong: then each form knows what, and keeps what was typed.
    """
    wanted = {sent["unchanged"]} if "unchanged" in sent else set()
    wanted |= set(sent.getlist("chosen")) if "sign" in sent else set()
    signed = [form for form in forms if str(form.milestone.pk) in wanted]
    changed = [form for form in forms if form.words_changed and form not in signed]
    try:
        with transaction.atomic():
            for form in changed:
                write(form, report, by)
            unchanged = sign(signed, report, by)
            if any(form.errors or form.edits for form in changed + signed):
                transaction.set_rollback(True)
                return ""
    except actions.AlreadyPublishedError as error:
        forms[0].refuse(error)
        return ""
    told = [
        ngettext("%(n)s milestone assessed.", "%(n)s milestones assessed.", len(changed))
        % {"n": len(changed)}
    ] if changed else []  # fmt: skip
    if signed:
        told.append(
            ngettext(
                "%(n)s signed as unchanged.", "%(n)s signed as unchanged.", len(unchanged)
            )
            % {"n": len(unchanged)}
        )  # fmt: skip
    return " ".join(told) or _("Nothing was changed.")


def write(form: RowForm, report: ProgressReport, by: User) -> None:
    """Assesses one milestone, or lets its form tell what is wrong."""
    if not form.is_valid():
        return
    try:
        with transaction.atomic():
            actions.assess(
                milestone=form.milestone,
                report=report,
                words=form.words(),
                by=by,
                seen=form.cleaned_data["seen"] or 0,
            )
    except actions.AlreadyPublishedError:
        raise
    except actions.ConflictError as conflict:
        form.clash(conflict.record, history.seen(conflict.record), conflict.edits)
    except ValidationError as error:
        form.refuse(error)


def sign(forms: list[RowForm], report: ProgressReport, by: User) -> list[Assessment]:
    """Signs these as unchanged, or lets the form of each that cannot be tell why."""
    signed = []
    for form in forms:
        if form.words_changed:
            form.refuse(ValidationError(_("You changed it and signed it as unchanged: not both.")))
            continue
        try:
            signed += actions.sign_unchanged(milestones=[form.milestone], report=report, by=by)
        except actions.AlreadyPublishedError:
            raise
        except ValidationError as error:
            form.refuse(error)
    return signed
