"""Closing the plan when it is over, and taking that back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milestones import actions
from nextgen.desk.assessing import person
from projects.models import Plan
from projects.translated import no_controls, one_line


class ClosingForm(forms.Form):
    """Why, in each language of the plan, and where it was decided."""

    document = forms.URLField(
        label=gettext_lazy("Decision (a link)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[one_line],
    )

    def __init__(self, *args: Any, languages: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for code in languages:
            self.fields[code] = forms.CharField(
                label=_("Why (%(language)s)") % {"language": code},
                validators=[no_controls],
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )
        self.order_fields([*languages, "document"])


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Closes the plan, or reopens one that is closed."""
    by = person(request)
    actions.allow(by, "projects.change_plan")
    plan = Plan.objects.get()
    form = ClosingForm(request.POST or None, languages=plan.language_codes)
    if form.is_valid():
        why = {code: form.cleaned_data[code] for code in plan.language_codes}
        turn = actions.reopen_plan if plan.closed else actions.close_plan
        try:
            turn(why=why, by=by, document=form.cleaned_data["document"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            told = _("The plan is open again.") if plan.closed else _("The plan is closed.")
            messages.success(request, told)
            return redirect("admin:index")
    title = _("Reopen the plan") if plan.closed else _("Close the plan")
    context = {**context, "title": title, "plan": plan, "form": form}
    return render(request, "admin/close.html", context)
