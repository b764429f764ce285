"""Moving the quarter in force, with a reason that everybody can read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milestones import actions
from milestones.models import Change, Milestone
from milestones.quarter import QuarterField
from nextgen.desk.assessing import person
from projects.models import Plan
from projects.translated import no_controls, one_line


class MovingForm(forms.Form):
    """The new quarter, a reason in each language of the plan, and the quarter it was read with."""

    due = QuarterField(verbose_name=gettext_lazy("New quarter")).formfield()
    document = forms.URLField(
        label=gettext_lazy("Decision (a link)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[one_line],
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for code in languages:
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("Why (%(language)s)") % {"language": code},
                validators=[no_controls],
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )
        self.order_fields(["due", *(f"reason_{code}" for code in languages), "document", "seen"])

    def clean_due(self) -> Any:
        return QuarterField().to_python(self.cleaned_data["due"])

    def clean_seen(self) -> Any:
        return QuarterField().to_python(self.cleaned_data["seen"])


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, context: Mapping[str, Any], code: str) -> HttpResponse:
    """Moves the date of one milestone; shows how it has moved before."""
    by = person(request)
    milestone = get_object_or_404(Milestone.objects.select_related("project__lead"), code=code)
    actions.allow(by, "milestones.change_milestone", milestone)
    languages = Plan.objects.get().language_codes
    now = str(milestone.due)
    form = MovingForm(
        request.POST or None, languages=languages, initial={"seen": now}
    )  # fmt: skip
    clash = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.move_due(
                milestone=milestone,
                due=given["due"],
                reasons={each: given[f"reason_{each}"] for each in languages},
                by=by,
                document=given["document"],
                seen=given["seen"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        except actions.ConflictError as error:
            clash = error
            form.data = {**dict(form.data.items()), "seen": now}
        else:
            told = _("%(code)s is due in %(quarter)s now.")
            messages.success(request, told % {"code": code, "quarter": given["due"]})
            return redirect("admin:milestones_milestone_change", milestone.pk)
    return render(
        request,
        "admin/move.html",
        {
            **context,
            "title": _("Move the date of %(code)s") % {"code": code},
            "milestone": milestone,
            "form": form,
            "clash": clash,
            "moves": Change.objects.of_milestone(milestone).filter(field="due").order_by("number"),
        },
        status=409 if clash else 200,
    )
