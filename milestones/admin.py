"""Progress in the admin. What was published, claimed or judged is shown here, not rewritten."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from milestones.models import (
    Assessment,
    Change,
    Claim,
    Edition,
    Milestone,
    PaymentRequest,
    ProgressReport,
    PublishedFigure,
    User,
    Verdict,
)
from projects.desk import DeskAdmin, SearchedAdmin, in_languages
from projects.search import words


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


@admin.register(Milestone)
class MilestoneAdmin(SearchedAdmin):
    record_type = "milestone"
    lead = "project__lead"
    list_display = ["code", "title", "kind", "project", "baseline_due", "due", "provenance"]
    list_filter = ["kind", "project__pillar", "project__lead", "provenance"]
    list_select_related = ["project"]
    search_fields = ["code", "search", "project__code", "project__search"]
    autocomplete_fields = ["project"]
    fieldsets = [
        (None, {"fields": ["code", "former_codes", "project", "kind"]}),
        (_("Dates"), {"fields": ["baseline_due", "due", *in_languages("due_reason")]}),
        (_("Why this changes"), {"fields": ["change_kind", "change_reason"]}),
        (_("Titles"), {"fields": in_languages("title")}),
        (_("Texts"), {"fields": in_languages("description")}),
        (_("Target"), {"fields": ["baseline_value", "goal_value", *in_languages("unit")]}),
        (_("In the plan"), {"fields": ["joined", "left", *in_languages("left_reason")]}),
        (_("Where it comes from"), {"fields": ["provenance", "source", "unsourced"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The first promise is set once."""
        return ["baseline_due"] if obj else []


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


class ReadOnlyAdmin(DeskAdmin):
    """Shows rows that nobody may rewrite here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProgressReport)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["month", "state", "closes_on", "published_on"]


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


@admin.register(PublishedFigure)
class PublishedFigureAdmin(ReadOnlyAdmin):
    list_display = ["report", "figure", "value"]
    list_filter = ["report"]
    list_select_related = ["report"]


class ClaimInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Claim
    extra = 0
    can_delete = False
    readonly_fields = ["milestone", "sourced"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("milestone", "request")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PaymentRequest)
class PaymentRequestAdmin(DeskAdmin):
    list_display = ["number", "submitted_on", "amount"]
    search_fields = ["number"]
    inlines = [ClaimInline]


@admin.register(Verdict)
class VerdictAdmin(OfMilestones):
    list_display = ["milestone", "request", "verdict", "decided_on"]
    list_filter = ["verdict", "request"]
    list_select_related = ["milestone", "request"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Verdicts are appended, never replaced."""
        return False


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["number", "made_on", "kind", "record_type", "record", "field", "role"]
    list_filter = ["kind", "record_type", "made_on"]
    search_fields = ["record", "field"]
