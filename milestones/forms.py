"""What the desk asks of claims, verdicts and published figures before it takes them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.figures import ALL_DEFINITIONS
from milestones.models import Claim, ProgressReport
from projects.reasoned import ReasonedForm, ReasonedRows


class ClaimRows(ReasonedRows):
    """The milestones that a payment request lists."""


class RequestForm(ReasonedForm):
    """A new request is news, no change of what was public."""

    asked_when_added = False


class VerdictForm(ReasonedForm):
    """A verdict answers a claim. What was typed wrongly in it is corrected, never revised."""

    asked_when_added = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = self.fields["change_kind"]
        kinds.choices = kinds.choices[:1]  # type: ignore[attr-defined]
        kinds.help_text = gettext_lazy("What the Commission said later is another verdict.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance._state.adding:
            # The verdict's own document is the one that the log names.
            cleaned["change_document"] = cleaned.get("document", "")
        request, milestone = cleaned.get("request"), cleaned.get("milestone")
        if not request or not milestone:
            return cleaned
        if not Claim.objects.filter(request=request, milestone=milestone).exists():
            told = _("Request %(request)s does not list this milestone: add it there first.")
            self.add_error("milestone", told % {"request": request.number})
        day = cleaned.get("decided_on")
        if day and day < request.submitted_on:
            told = _("The request was submitted on %(day)s: no verdict is older.")
            self.add_error("decided_on", told % {"day": request.submitted_on.isoformat()})
        return cleaned


class FigureForm(forms.ModelForm):  # type: ignore[type-arg]
    """A published figure of a report that is still a draft."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "report" in self.fields:
            drafts = ProgressReport.objects.filter(state=ProgressReport.State.DRAFT)
            self.fields["report"].queryset = drafts  # type: ignore[attr-defined]
        if "figure" in self.fields:
            self.fields["figure"] = forms.ChoiceField(
                label=self.fields["figure"].label,
                choices=[(each.name, each.title) for each in ALL_DEFINITIONS.values()],
            )

    def clean(self) -> dict[str, Any]:
        """Whoever publishes the report waits until this is written, or is told of here."""
        cleaned = super().clean() or {}
        report = cleaned.get("report") or getattr(self.instance, "report", None)
        if report:
            locked = ProgressReport.objects.select_for_update().get(pk=report.pk)
            if locked.state != ProgressReport.State.DRAFT:
                raise ValidationError(_("The report was published: its figures stand."))
        return cleaned
