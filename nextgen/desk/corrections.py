"""Correcting what a published report says: a new version, with its reason, in public."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milestones import actions
from milestones.models import Assessment, Role
from nextgen.desk.assessing import person
from nextgen.desk.row import RowForm
from projects.models import Plan
from projects.translated import no_controls


class CorrectionForm(RowForm):
    """A row with the reason for changing it."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        validators=[no_controls],
        help_text=gettext_lazy("Stands in the public log."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def words(self) -> dict[str, Any]:
        words = super().words()
        words.pop("why")
        return words


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, context: Mapping[str, Any], pk: int) -> HttpResponse:
    """Corrects one assessment of a published report."""
    by = person(request)
    if by.role != Role.EDITOR:
        raise PermissionDenied
    said = get_object_or_404(
        Assessment.objects.select_related("report", "milestone__project"), pk=pk
    )
    newest = (
        Assessment.objects.as_corrected().filter(report=said.report, milestone=said.milestone).get()
    )
    if newest != said and request.method != "POST":
        told = _("It was corrected already: this is the newest version.")
        messages.warning(request, told)
        return redirect("admin:correct", newest.pk)
    form = CorrectionForm(
        request.POST or None,
        milestone=said.milestone,
        said=newest,
        languages=Plan.objects.get().language_codes,
    )
    if newest != said:
        form.refuse(ValidationError(actions.corrected_meanwhile(said, newest)))
    elif form.is_valid():
        try:
            new = actions.correct(
                assessment=said, words=form.words(), why=form.cleaned_data["why"], by=by
            )
        except ValidationError as error:
            form.refuse(error)
        except actions.ConflictError as conflict:
            newest = conflict.record
            form.refuse(ValidationError(actions.corrected_meanwhile(said, newest)))
        else:
            messages.success(request, _("Corrected: version %(n)s.") % {"n": new.version})
            return redirect("admin:milestones_assessment_change", new.pk)
    title = _("Correct %(code)s in the report %(month)s") % {
        "code": said.milestone.code,
        "month": said.report.month,
    }
    return render(
        request, "admin/correct.html", {**context, "title": title, "said": newest, "form": form}
    )
