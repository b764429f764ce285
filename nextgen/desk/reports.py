"""A report from its opening to its publication."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milestones import actions, preview, tasks
from milestones.comparison import compare
from milestones.editions import PLAN, as_published, figures_of
from milestones.figures import contradictions
from milestones.models import Change, Edition, ProgressReport, User
from milestones.rhythm import months_later
from nextgen.brochure.making import TypesettingError, make_missing, make_parts_later
from nextgen.desk import mail
from nextgen.desk.assessing import person
from nextgen.publishing import pack
from projects.models import Plan

USUAL = timedelta(days=30)
"""How long coordinators have, unless the editor says another day."""


class OpeningForm(forms.Form):
    month = forms.RegexField(
        r"^[12]\d{3}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("Month"),
        help_text=gettext_lazy("Year and month, e.g. 2024-06. The report speaks of its last day."),
        error_messages={"invalid": gettext_lazy("Write a month as 2024-06.")},
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Open until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Until when coordinators are asked to report."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_report(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Opens the next report, and tells its coordinators."""
    by = person(request)
    actions.allow(by, "milestones.add_progressreport")
    form = OpeningForm(request.POST or None, initial=next_report())
    if form.is_valid():
        try:
            report = actions.open_report(**form.cleaned_data, by=by)
        except ValidationError as error:
            form.add_error(None, error) if not hasattr(error, "error_dict") else [
                form.add_error(name if name in form.fields else None, told)
                for name, told in error.error_dict.items()
            ]
        else:
            mail.opened(report)
            messages.success(request, _("The report %(month)s is open.") % {"month": report.month})
            return redirect("admin:index")
    title = _("Open a report")
    return render(request, "admin/open_report.html", {**context, "title": title, "form": form})


def next_report() -> dict[str, Any]:
    """The report that the plan promised next, and the usual time to fill it."""
    current = ProgressReport.objects.current()
    plan = Plan.objects.first()
    due = months_later(current.as_of, plan.report_interval) if current and plan else None
    closes = timezone.localdate() + USUAL
    return {"month": due.strftime("%Y-%m") if due else "", "closes_on": closes}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, context: Mapping[str, Any], month: str) -> HttpResponse:
    """The whole draft before it exists; a POST publishes it as it was looked at."""
    by = person(request)
    actions.allow(by, "milestones.view_progressreport")
    draft = get_object_or_404(ProgressReport, month=month)
    if draft.state == ProgressReport.State.PUBLISHED:
        if request.method == "POST":
            messages.error(request, actions.AlreadyPublishedError(draft).message)
        return redirect("admin:milestones_progressreport_change", draft.pk)
    if request.method == "POST":
        if published := publish(request, draft, by):
            return published
        draft.refresh_from_db()
        if draft.state == ProgressReport.State.PUBLISHED:
            return redirect("admin:milestones_progressreport_change", draft.pk)
    return render(request, "admin/report.html", {**context, **previewed(draft, by)})


def publish(request: HttpRequest, draft: ProgressReport, by: User) -> HttpResponse | None:
    """Publishes and tells so, or tells why not."""
    try:
        edition = actions.publish(report=draft, by=by, pack=pack, seen=request.POST.get("seen", ""))
    except ValidationError as error:
        for told in error.messages:
            messages.error(request, told)
        return None
    except (OperationalError, OSError) as error:
        # The disk is full, or the database has gone away: all of it was taken back.
        messages.error(request, _("The report was not published: %(why)s") % {"why": error})
        return None
    mail.published(edition.report)
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a> SHA-256: <code>{}</code>',
            _("The report %(month)s is published.") % {"month": edition.report.month},
            reverse("report", args=[edition.report.month]),
            _("See it"),
            edition.sha256,
        ),
    )
    make_brochures(request, edition)
    return redirect("admin:index")


def make_brochures(request: HttpRequest, edition: Edition) -> None:
    """Makes the brochure of the plan and tells so, or tells why not; those of parts follow."""
    try:
        make_missing(edition, parts=False)
    except (TypesettingError, DatabaseError) as error:
        # What is published stands; the site goes on with the brochures of the edition before.
        messages.warning(request, _("Its brochures were not made: %(why)s") % {"why": error})
    else:
        transaction.on_commit(partial(make_parts_later, edition))
        messages.success(
            request, _("Its brochure is made; those of its pillars and authorities follow shortly.")
        )


def faults() -> list[str]:
    """What would keep the plan as it stands from being packed."""
    try:
        pack()
    except ValidationError as error:
        return error.messages
    return []


def previewed(draft: ProgressReport, by: User) -> dict[str, Any]:
    """All that the editor looks at before a draft is published."""
    figures = figures_of(draft)
    earlier = actions.before(draft)
    edition = Edition.objects.light().filter(report=earlier).first()
    rows = tasks.rows(by, draft)
    standing = tasks.standing(rows, draft)
    return {
        "title": _("The report %(month)s before it is published") % {"month": draft.month},
        "draft": draft,
        "earlier": earlier,
        "figures": figures[PLAN],
        "figures_before": as_published(edition)[PLAN] if edition else {},
        "comparison": compare(earlier, draft) if earlier else None,
        "changes": Change.objects.made_since(earlier.published_on if earlier else None).for_page(),
        "contradictions": contradictions(draft, figures[PLAN]),
        "hindrances": [*preview.hindrances(draft), *faults()],
        "standing": standing,
        "tasks": [(task, standing.counts[task.name]) for task in tasks.TASKS],
        "may_assess": by.has_perm("milestones.change_assessment"),
        "by_authority": tasks.standing_by_authority(rows),
        "may_publish": by.has_perm("milestones.change_progressreport"),
        "seen": preview.state_of(draft),
    }
