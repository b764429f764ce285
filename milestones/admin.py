"""Progress in the admin. What was published, claimed or judged is shown here, not rewritten."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from milestones import second_factor
from milestones.forms import ClaimRows, FigureForm, RequestForm, VerdictForm
from milestones.models import (
    Assessment,
    Change,
    Claim,
    Edition,
    Milestone,
    PaymentRequest,
    ProgressReport,
    PublishedFigure,
    Role,
    User,
    Verdict,
)
from projects.desk import (
    DeskAdmin,
    PlainInputs,
    ReadOnlyAdmin,
    ReasonedAdmin,
    SearchedAdmin,
    authority_of,
    in_languages,
)
from projects.reasoned import REASON
from projects.search import words

TEXTS = in_languages("title", "description", "unit")
"""What a coordinator may change of a milestone here."""


@admin.register(User)
class PersonAdmin(DeskAdmin, UserAdmin):  # type: ignore[type-arg]
    list_display = ["username", "full_name", "role", "authority", "is_active", "last_login"]
    list_filter = ["role", "authority", "is_active"]
    list_select_related = ["authority"]
    search_fields = ["username", "full_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Role"), {"fields": ["role", "authority", "is_active"]}),
        (_("Person"), {"fields": ["full_name", "email", "language", "wants_mail"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username", "role", "authority", "email", "usable_password", "password1",
                    "password2",
                ]
            },
        ),
    ]  # fmt: skip
    actions = ["reset_second_factor"]  # type: ignore[assignment]

    @admin.action(description=_("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, people: Any) -> None:
        """For somebody who lost both the app and the recovery codes."""
        for person in people:
            second_factor.reset(person)
        self.message_user(
            request, _("The second factor is set up anew after the next password."), "success"
        )


@admin.register(Milestone)
class MilestoneAdmin(SearchedAdmin):
    record_type = "milestone"
    lead = "project__lead"
    list_display = ["code", "title", "kind", "project", "baseline_due", "due", "provenance"]
    list_filter = ["kind", "project__pillar", "project__lead", "provenance"]
    list_select_related = ["project"]
    search_fields = ["code", "search", "project__code", "project__search"]
    by_code = ["project"]
    fieldsets = [
        (None, {"fields": ["code", "former_codes", "project", "kind"]}),
        (_("Dates"), {"fields": ["baseline_due", "due", *in_languages("due_reason"), "move"]}),
        (_("Titles"), {"fields": in_languages("title")}),
        (_("Texts"), {"fields": in_languages("description")}),
        (_("Target"), {"fields": ["baseline_value", "goal_value", *in_languages("unit")]}),
        (_("In the plan"), {"fields": ["joined", "left", *in_languages("left_reason")]}),
        (_("Where it comes from"), {"fields": ["provenance", "source", "unsourced"]}),
        (_("Why this changes"), {"fields": REASON}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new milestone is due when it is first promised; later its date has its own page."""
        shown = super().get_fieldsets(request, obj)
        if obj is None:
            shown[1] = (shown[1][0], {"fields": ["baseline_due"]})
        elif authority_of(request) is not None:
            # Which milestone it is, then what a coordinator can change. Projects have no page
            # that he or she could follow a link to.
            own = {*TEXTS, *REASON, "code", "its_project", "kind", "baseline_due", "due", "move"}
            names = [(title, ["its_project", *each["fields"]]) for title, each in shown[:1]]
            names += [(title, each["fields"]) for title, each in shown[1:]]
            kept = [(title, [n for n in fields if n in own]) for title, fields in names]
            return [(title, {"fields": fields}) for title, fields in kept if fields]
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Dates move on their own page; of the rest, coordinators change the texts."""
        if obj is None:
            return []
        if authority_of(request) is not None:
            shown = flatten_fieldsets(self.get_fieldsets(request, obj))
            return [name for name in shown if name not in (*TEXTS, *REASON)]
        return ["baseline_due", "due", *in_languages("due_reason"), "move"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.due = obj.baseline_due
        super().save_model(request, obj, form, change)

    @admin.display(description=_("project"))
    def its_project(self, milestone: Milestone) -> str:
        return str(milestone.project)

    @admin.display(description=_("Another date"))
    def move(self, milestone: Milestone) -> str:
        address = reverse("admin:move", args=[milestone.code])
        return format_html('<a href="{}">{}</a>', address, _("Move the date"))


class OfMilestones(DeskAdmin):
    """Rows about milestones, found as milestones are."""

    lead = "milestone__project__lead"
    search_fields = ["milestone__search"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not words(search_term):
            return queryset, False
        found = Milestone.objects.matching(search_term)
        return queryset.filter(milestone__in=found.values("pk")), False


@admin.register(ProgressReport)
class ReportAdmin(DeskAdmin):
    """A draft is opened, previewed and published on pages of its own."""

    list_display = ["month", "state", "closes_on", "published_on"]
    readonly_fields = ["month", "state", "published_on", "preview"]
    fields = [
        "month", "state", "published_on", "closes_on", *in_languages("note"), "source", "preview",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state == ProgressReport.State.DRAFT
        )

    @admin.display(description=_("Preview"))
    def preview(self, report: ProgressReport) -> str:
        if report.state != ProgressReport.State.DRAFT:
            return ""
        address = reverse("admin:report", args=[report.month])
        return format_html(
            '<a href="{}">{}</a>', address, _("See the whole report before it is published")
        )


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["report", "frozen_at", "sha256"]
    list_select_related = ["report"]
    fields = ["report", "frozen_at", "sha256"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("package", "figures")


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin, OfMilestones):
    list_display = ["milestone", "report", "status", "done_quarter", "expected", "version"]
    list_filter = ["report", "status", "milestone__project__lead"]
    list_select_related = ["milestone", "report"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_fields(request, obj)
        editor = getattr(request.user, "role", "") == Role.EDITOR
        return [*names, "correct"] if editor else names

    @admin.display(description=_("Correction"))
    def correct(self, said: Assessment) -> str:
        if said.report.state == ProgressReport.State.DRAFT:
            return ""
        address = reverse("admin:correct", args=[said.pk])
        return format_html('<a href="{}">{}</a>', address, _("Correct what the report says"))


@admin.register(PublishedFigure)
class PublishedFigureAdmin(DeskAdmin):
    """What is held against the rows of a draft; with its report it is published for good."""

    form = FigureForm
    list_display = ["report", "figure", "value"]
    list_filter = ["report"]
    list_select_related = ["report"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or obj.report.state == ProgressReport.State.DRAFT
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["report", "figure"] if obj else []


class ClaimInline(PlainInputs, admin.TabularInline):  # type: ignore[type-arg]
    """What a request lists: more can be found to stand there, nothing is struck off."""

    model = Claim
    formset = ClaimRows
    extra = 3
    can_delete = False
    by_code = ["milestone"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("milestone", "request")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PaymentRequest)
class PaymentRequestAdmin(ReasonedAdmin):
    form = RequestForm
    record_type, key = "payment request", "number"
    list_display = ["number", "submitted_on", "amount"]
    search_fields = ["number"]
    inlines = [ClaimInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Verdicts and the log name a request by its number."""
        return ["number"] if obj else []

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        claimed = form.instance.milestones.order_by("code").values_list("code", flat=True)
        before = list(claimed)
        super().save_formset(request, form, formset, change)
        if after := [] if before == list(claimed.all()) else list(claimed.all()):
            where = self.place(form.instance, "milestones")
            self.tell(request, form, where, ";".join(before), ";".join(after))


@admin.register(Verdict)
class VerdictAdmin(OfMilestones, ReasonedAdmin):
    """Verdicts are appended; a later one reverses an earlier, and typing errors are mended."""

    form = VerdictForm
    record_type, key = "verdict", "verdict"
    list_display = ["milestone", "request", "verdict", "decided_on"]
    list_filter = ["verdict", "request"]
    list_select_related = ["milestone", "request"]
    by_code = ["milestone"]
    fieldsets = [
        (None, {"fields": ["request", "milestone", "decided_on", "verdict", "document"]}),
        (_("Where it comes from"), {"fields": ["provenance", "source", "unsourced"]}),
        (_("Why this changes"), {"fields": REASON}),
    ]

    def place(self, record: Verdict, name: str) -> tuple[str, str, str]:
        """As an import tells it: in the log of the milestone, by request and day."""
        field = f"{name} {record.request.number} {record.decided_on}"
        return self.record_type, record.milestone.code, field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["request", "milestone", "decided_on"] if obj else []


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["number", "made_on", "kind", "record_type", "record", "field", "role"]
    list_filter = ["kind", "record_type", "made_on"]
    search_fields = ["record", "field"]
