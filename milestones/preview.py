"""A draft report as it would appear: what hinders its publication, and what it would change."""

from auditlog.models import LogEntry
from django.utils.translation import gettext as _

from milestones import tasks
from milestones.figures import contradictions, plan_figures
from milestones.models import Assessment, ProgressReport
from projects.models import Plan


def state_of(report: ProgressReport) -> str:
    """A mark that differs as soon as anything is written that the report could depend on."""
    # Their number, not the last one: what is numbered earlier may be written later.
    return f"{report.month}-{LogEntry.objects.count()}"


def hindrances(report: ProgressReport) -> list[str]:
    """Why this draft cannot be published yet, in sentences; nothing where it can."""
    found = []
    languages = Plan.objects.get().language_codes
    if not Assessment.objects.filter(report=report).exists():
        found.append(_("Nothing is assessed yet: an empty report would say nothing."))
    half = Assessment.objects.filter(tasks.partly("note"), report=report)
    found.extend(
        _("The note of %(code)s lacks a language of the plan.") % {"code": code}
        for code in half.values_list("milestone__code", flat=True)
    )
    for each in contradictions(report, plan_figures(report)):
        texts = [getattr(each.published, f"explanation_{code}") for code in languages]
        if not all(texts):
            found.append(
                _("%(figure)s: published is %(published)s, the rows give %(computed)s."
                  " Mend it, or explain it in the languages of the plan.")
                % {
                    "figure": each.figure.definition.title,
                    "published": f"{each.published.value.normalize():f}",
                    "computed": each.figure.value,
                }
            )  # fmt: skip
    return found
