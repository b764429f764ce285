"""The plan in the admin. A change of public data asks what kind of change it is, and why."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from projects.desk import DeskAdmin, ReasonedAdmin, SearchedAdmin, both, in_languages
from projects.models import (
    Allocation,
    Authority,
    Component,
    Pillar,
    Plan,
    Project,
    Recipient,
    Text,
)
from projects.translated import columns


class AllocationFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The allocations of one project: together they make its budget."""

    def clean(self) -> None:
        super().clean()
        budget = self.instance.budget
        rows = [
            form
            for form in self.forms
            if form.cleaned_data.get("amount") is not None and not form.cleaned_data.get("DELETE")
        ]
        follows = len(rows) == 1 and budget is not None and not rows[0].has_changed()
        if follows and rows[0].cleaned_data["amount"] != budget:
            # A project of one authority: its one allocation follows the budget.
            rows[0].instance.amount = rows[0].cleaned_data["amount"] = budget
            rows[0].changed_data.append("amount")
        total = sum(form.cleaned_data["amount"] for form in rows)
        if total != (budget or 0) or (rows and budget is None):
            raise ValidationError(
                _("The allocations make %(total)s, the budget is %(budget)s: they must agree."),
                params={"total": total, "budget": budget if budget is not None else _("empty")},
            )
        changed = self.instance.pk and any(form.has_changed() for form in self.forms)
        if changed and not self.data.get("change_reason", "").strip():
            raise ValidationError(_("Say why this public record changes."))

    @cached_property
    def authorities(self) -> list[tuple[Any, str]]:
        return [("", "–"), *((each.pk, str(each)) for each in Authority.objects.all())]

    def add_fields(self, form: Any, index: int | None) -> None:
        """All rows offer the same authorities, read once."""
        super().add_fields(form, index)
        form.fields["authority"].choices = self.authorities


class AllocationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Allocation
    formset = AllocationFormSet
    extra = 0
    fields = ["authority", "amount", "provenance", "source"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("project", "authority")


@admin.register(Project)
class ProjectAdmin(SearchedAdmin):
    record_type = "project"
    list_display = ["code", "short_title", "kind", "pillar", "lead", "budget", "provenance"]
    list_filter = ["kind", "pillar", "lead", "provenance", "component"]
    list_select_related = ["pillar", "lead"]
    search_fields = ["code", "search"]
    autocomplete_fields = ["pillar", "component", "lead", "successor"]
    inlines = [AllocationInline]
    fieldsets = [
        (None, {"fields": ["code", "former_codes", "kind", "lead", "pillar", "component"]}),
        (
            _("Money and contributions"),
            {
                "fields": [
                    "budget",
                    "rrf_share",
                    "public_cofinancing",
                    "private_cofinancing",
                    "climate_contribution",
                    "digital_contribution",
                ]
            },
        ),
        (_("Why this changes"), {"fields": ["change_kind", "change_reason"]}),
        (_("Titles"), {"fields": in_languages("short_title", "title")}),
        (_("Texts"), {"fields": in_languages("summary", "description", "sub_theme")}),
        (
            _("Goal"),
            {"fields": ["goal_value", "goal_year", *in_languages("goal_unit"), "sdgs"]},
        ),
        (_("Women and men"), {"fields": in_languages("gender_note")}),
        (
            _("In the plan"),
            {"fields": ["joined", "left", "successor", *in_languages("left_reason")]},
        ),
        (_("Where it comes from"), {"fields": ["provenance", "source", "unsourced"]}),
    ]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Allocations are public too: what changes in them stands in the log of the project."""
        super().save_formset(request, form, formset, change)
        if not change:
            return
        for row in formset.forms:
            if not row.has_changed():
                continue
            gone = row.cleaned_data.get("DELETE")
            whole = gone or row in formset.extra_forms
            names = ["amount"] if whole else row.changed_data
            for name in names:
                old, new = both(row, name)
                where = ("allocation", form.instance.code, f"{name} {row.instance.authority.code}")
                self.tell(request, form, where, old, "" if gone else new)


@admin.register(Plan)
class PlanAdmin(DeskAdmin):
    list_display = ["code", "name", "state", "start", "end"]


@admin.register(Text)
class TextAdmin(DeskAdmin):
    list_display = ["page", "language", "title"]
    list_filter = ["page", "language"]
    search_fields = ["title", "body"]


@admin.register(Pillar)
class PillarAdmin(ReasonedAdmin):
    record_type, key = "pillar", "number"
    list_display = ["number", "name", "slug"]
    search_fields = columns("name")


@admin.register(Component)
class ComponentAdmin(ReasonedAdmin):
    record_type = "component"
    list_display = ["code", "name", "pillar"]
    list_filter = ["pillar"]
    list_select_related = ["pillar"]
    search_fields = ["code", *columns("name")]


@admin.register(Authority)
class AuthorityAdmin(ReasonedAdmin):
    record_type = "authority"
    list_display = ["code", "name", "position"]
    search_fields = ["code", *columns("name")]


@admin.register(Recipient)
class RecipientAdmin(DeskAdmin):
    list_display = ["name", "identifier", "amount", "as_of"]
    search_fields = ["name", "identifier"]
    autocomplete_fields = ["projects"]
