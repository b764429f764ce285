"""The plan in the admin. A change of public data asks what kind of change it is, and why."""

from datetime import date, datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects import allocations, history
from projects.conflicts import Clash
from projects.desk import (
    DeskAdmin,
    PlainInputs,
    ReadOnlyAdmin,
    ReasonedAdmin,
    SearchedAdmin,
    in_languages,
)
from projects.models import (
    Allocation,
    Authority,
    Component,
    NaturalRecipient,
    Pillar,
    Plan,
    Project,
    Recipient,
    Text,
)
from projects.reasoned import REASON, ReasonedRows, both
from projects.translated import columns


class AllocationFormSet(ReasonedRows):
    """The allocations of one project: together they make its budget."""

    def clean(self) -> None:
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
        super().clean()

    @cached_property
    def authorities(self) -> list[tuple[Any, str]]:
        return [("", "–"), *((each.pk, str(each)) for each in Authority.objects.all())]

    def add_fields(self, form: Any, index: int | None) -> None:
        """All rows offer the same authorities, read once."""
        super().add_fields(form, index)
        form.fields["authority"].choices = self.authorities


class AllocationInline(PlainInputs, admin.TabularInline):  # type: ignore[type-arg]
    model = Allocation
    formset = AllocationFormSet
    extra = 1
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
    by_code = ["successor"]
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
        (_("Why this changes"), {"fields": REASON}),
    ]

    def parts(self, record: Project) -> list[Any]:
        return list(record.allocations.all())

    def settle(self, request: HttpRequest, record: Project) -> None:
        """Allocations are chosen as a whole: together they make the budget."""
        if chosen := request.POST.get(allocations.NAME):
            request.POST = allocations.settled(request.POST, record, chosen)

    def clashes(self, request: HttpRequest, record: Project, mark: int) -> list[Clash]:
        clash = allocations.clash(request.POST, record, mark)
        return super().clashes(request, record, mark) + ([clash] if clash else [])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Allocations are public too: what changes in them stands in the log of the project."""
        super().save_formset(request, form, formset, change)
        for row in formset.forms:
            gone = row.cleaned_data.get("DELETE")
            if not row.has_changed() or (gone and row in formset.extra_forms):
                continue
            whole = gone or row in formset.extra_forms
            for name in ["amount"] if whole else row.changed_data:
                old, new = both(row, name)
                where = ("allocation", form.instance.code, f"{name} {row.instance.authority.code}")
                self.tell(request, form, where, old, "" if gone else new)


@admin.register(Plan)
class PlanAdmin(ReasonedAdmin):
    # Languages come and go with their texts: by an import. Closing has a page of its own.
    readonly_fields = ["languages", "state"]
    record_type = "plan"
    list_display = ["code", "name", "state", "start", "end"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one plan: a second one would overwrite it."""
        return super().has_add_permission(request) and not Plan.objects.exists()


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
class RecipientAdmin(ReasonedAdmin):
    record_type, key = "recipient", "identifier"
    list_display = ["name", "identifier", "amount", "as_of"]
    search_fields = ["name", "identifier"]

    def place(self, record: Recipient, name: str) -> tuple[str, str, str]:
        return self.record_type, record.identifier, f"{name} {record.as_of}"


@admin.register(NaturalRecipient)
class NaturalRecipientAdmin(DeskAdmin):
    """Tells the public log nothing, and can delete: a name may be removed before its time."""

    list_display = ["name", "amount", "as_of", "paid_in", "shown_until"]

    @admin.display(description=_("shown until"))
    def shown_until(self, person: NaturalRecipient) -> date:
        return person.until

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).shown(timezone.localdate())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)


class Moment(admin.DateFieldListFilter):
    """When something was written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = _("When")


class Doing(admin.SimpleListFilter):
    """In which action something was written."""

    title = _("What was done")
    parameter_name = "doing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(history.ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(additional_data__action=self.value()) if self.value() else queryset


@admin.register(LogEntry)
class HistoryAdmin(ReadOnlyAdmin):
    """The history of all records: who, when, what, from what to what."""

    list_display = ["when", "who", "what", "record", "in_short"]
    list_filter = [("timestamp", Moment), Doing, "content_type", "actor"]
    list_select_related = ["actor", "content_type"]
    search_fields = ["object_repr", "changes"]
    fields = ["when", "who", "what", "record", "in_full"]
    ordering = ["-pk"]

    @admin.display(description=_("When"), ordering="pk")
    def when(self, entry: LogEntry) -> datetime:
        moment: datetime = entry.timestamp
        return moment

    @admin.display(description=_("Record"))
    def record(self, entry: LogEntry) -> str:
        return f"{entry.content_type.name}: {entry.object_repr}"

    @admin.display(description=_("Who"), ordering="actor")
    def who(self, entry: LogEntry) -> str:
        role = gettext((entry.additional_data or {}).get("role", "operator"))
        return f"{entry.actor} ({role})" if entry.actor else role

    @admin.display(description=_("What was done"))
    def what(self, entry: LogEntry) -> str:
        return history.action_of(entry)

    @admin.display(description=_("From → to"))
    def in_full(self, entry: LogEntry) -> str:
        [told] = history.told([entry])
        return "\n".join(f"{name}: {old or '–'} → {new or '–'}" for name, old, new in told.changes)

    @admin.display(description=_("From → to"))
    def in_short(self, entry: LogEntry) -> str:
        edits = history.edits_of(entry)
        told = [
            f"{history.label_of(entry, edit.field)}: {edit.old or '–'} → {edit.new or '–'}"
            for edit in edits
        ]
        return Truncator("; ".join(told)).chars(160)
