"""The start page of the desk, and what a person says of himself or herself."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milestones import tasks
from milestones.models import ProgressReport, User
from nextgen.desk.assessing import person
from projects.models import Plan

PersonForm = modelform_factory(User, fields=["full_name", "email", "language", "wants_mail"])


def work(by: User) -> dict[str, Any]:
    """What the start page shows of the report that is open, as far as this person is concerned."""
    draft = ProgressReport.objects.filter(state=ProgressReport.State.DRAFT).first()
    plan = Plan.objects.first()
    may_see = by.has_perm("milestones.view_assessment")
    context: dict[str, Any] = {
        "draft": draft if may_see else None,
        "may_assess": by.has_perm("milestones.change_assessment"),
        "plan": plan,
        "may_open": draft is None
        and by.has_perm("milestones.add_progressreport")
        and not (plan and plan.closed),
        "may_close": by.has_perm("projects.change_plan")
        and bool(plan and (plan.closed or plan.end < timezone.localdate())),
        "may_preview": draft is not None and by.has_perm("milestones.view_progressreport"),
    }
    if not (draft and may_see):
        return context
    rows = tasks.rows(by, draft)
    standing = tasks.standing(rows, draft)
    context |= {
        "standing": standing,
        "tasks": [(task, standing.counts[task.name]) for task in tasks.TASKS],
    }
    if draft.closes_on:
        context["days_left"] = (draft.closes_on - timezone.localdate()).days
    if by.authority_id is None:
        context["by_authority"] = tasks.standing_by_authority(rows)
    return context


@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Name, e-mail, language, and whether e-mail is wanted: everybody's own to change."""
    form = PersonForm(request.POST or None, instance=person(request))
    if form.is_valid():
        # No more than was asked: an account that was closed meanwhile stays closed.
        form.save(commit=False).save(update_fields=[*form.fields])
        messages.success(request, _("Saved."))
        return redirect("admin:person")
    context = {**context, "form": form, "second_factor": settings.SECOND_FACTOR}
    return render(request, "admin/you.html", {**context, "title": _("About you")})
