"""How the desk shows a record: by the rights, searched as the site is, changed with a reason."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import (
    IS_POPUP_VAR,
    SOURCE_MODEL_VAR,
    TO_FIELD_VAR,
    BaseModelAdmin,
)
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from projects import conflicts, history
from projects.inputs import CodeField, TextLines
from projects.models import Plan
from projects.reasoned import REASON, REVISION, ReasonedForm, as_text, both
from projects.search import words
from projects.signals import public_change
from projects.translated import Translated, columns

PER_PAGE = 50
NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "seen")


class PlainInputs(BaseModelAdmin):  # type: ignore[type-arg]
    """What an admin asks is asked without a script; records that `by_code` names, by their codes.

    Records are chosen here, and opened or made on their own pages.
    """

    by_code: ClassVar[list[str]] = []
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput({"type": "date"}, "%Y-%m-%d")},
        models.TextField: {"form_class": TextLines, "widget": AdminTextareaWidget({"rows": 4})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name in self.by_code:
            options |= {"form_class": CodeField, "widget": forms.TextInput(attrs={"size": 30})}
        return super().formfield_for_foreignkey(db_field, request, **options)


class DeskAdmin(PlainInputs, admin.ModelAdmin):  # type: ignore[type-arg]
    """Asks the rights for each record, shows only what they let see, and deletes nothing.

    What is written stands in the history that auditors read; Django's own is not kept beside it.
    """

    actions = None
    list_per_page = PER_PAGE
    object_history_template = "admin/history.html"
    lead = "lead"
    """The way from a row to the authority that leads its project."""

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return bool(
            request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}", obj)
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """A coordinator meets only the rows of his or her own authority."""
        rows = super().get_queryset(request)
        if not self.has_view_permission(request):
            return rows.none()
        authority = authority_of(request)
        return rows if authority is None else rows.filter(**{self.lead: authority})

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """What is not to be seen is not there. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Who has one authority alone is not asked which."""
        filters = super().get_list_filter(request)
        if authority_of(request) is None:
            return filters
        return [each for each in filters if each != self.lead]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Texts are asked for in the languages of the plan, and in no other."""
        plan = Plan.objects.only("languages").first()
        spoken = plan.language_codes if plan else []

        def foreign(name: Any) -> bool:
            text = getattr(self.model, str(name)[:-3], None)
            return isinstance(text, Translated) and str(name)[-2:] not in spoken

        return [
            (title, {**options, "fields": [n for n in options["fields"] if not foreign(n)]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        refuse_popups(request)
        return super().changelist_view(request, extra_context)

    def parts(self, record: Any) -> list[models.Model]:
        """The rows that are written together with a record."""
        return []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Shows the form, or writes it in one transaction if nobody else was there meanwhile."""
        refuse_popups(request)
        context = dict(extra_context or {})
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, context)
        record = self.get_object(request, unquote(object_id))
        if request.method != "POST" or not self.has_change_permission(request, record):
            context["seen"] = history.seen(record, self.parts(record))
            return super().changeform_view(request, object_id, form_url, context)
        with transaction.atomic():
            # Whoever comes second waits here, and then meets what the first one wrote. The plan
            # comes first, as in every action: two who lock in two orders would wait for ever.
            Plan.objects.select_for_update().first()
            record = self.model._base_manager.select_for_update().get(pk=record.pk)
            context["seen"] = mark = mark_of(request)
            self.settle(request, record)
            if clashes := self.clashes(request, record, mark):
                return self.conflict(request, record, clashes)
            return super().changeform_view(request, object_id, form_url, context)

    def settle(self, request: HttpRequest, record: Any) -> None:
        """Puts what was chosen in a conflict, and is no field of the form, into what was sent."""

    def clashes(self, request: HttpRequest, record: Any, mark: int) -> list[conflicts.Clash]:
        """The fields of which others wrote another version after `mark`."""
        edits = history.edits_since(record, mark)
        if not edits:
            return []
        names = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=names)
        return conflicts.clashes(form(request.POST, instance=record), edits)

    def conflict(
        self, request: HttpRequest, record: Any, clashes: list[conflicts.Clash]
    ) -> TemplateResponse:
        """Both versions of each field to choose from; all else that was sent is sent again."""
        asked = {clash.name for clash in clashes}.union(NOT_SENT_AGAIN)
        kept = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in asked
            for value in values
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Somebody else changed this while you worked"),
            "opts": self.opts,
            "original": record,
            "clashes": clashes,
            "kept": kept,
            "seen": history.seen(record, self.parts(record)),
        }
        return TemplateResponse(request, "admin/conflict.html", context, status=409)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Who changed this record, when, from what to what; it cannot be wound back from here."""
        record = self.get_object(request, unquote(object_id))
        entries = history.entries(record, self.parts(record)).select_related("actor")
        paginator = self.get_paginator(request, entries.order_by("-pk"), PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % record,
            "opts": self.opts,
            "object": record,
            "page": page,
            "told": history.told(page.object_list),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override]
        pass

    log_change = log_deletions = log_addition  # type: ignore[assignment]


class ReasonedAdmin(DeskAdmin):
    """Sends each change of a public record, and each new one, to the public log."""

    form = ReasonedForm
    record_type = ""
    key = "code"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who changes nothing is not asked why."""
        asked = self.has_change_permission(request, obj) if obj else self.form.asked_when_added
        shown = super().get_fieldsets(request, obj)
        if asked:
            return shown
        told = [(title, [n for n in each["fields"] if n not in REASON]) for title, each in shown]
        return [(title, {"fields": names}) for title, names in told if names]

    def place(self, record: Any, name: str) -> tuple[str, str, str]:
        """Where the log tells of a field of this record: type, record, field."""
        return self.record_type, str(getattr(record, self.key)), name

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self.tell(request, form, self.place(obj, self.key), "", as_text(getattr(obj, self.key)))
            return
        for name in form.public_changes():
            old, new = both(form, name)
            if old != new:
                self.tell(request, form, self.place(obj, name), old, new)

    def tell(
        self, request: HttpRequest, form: Any, where: tuple[str, str, str], old: str, new: str
    ) -> None:
        """Sends one value to the log, with the kind, reason and decision that the form gives."""
        record_type, record, field = where
        given = form.cleaned_data
        public_change.send(
            sender=type(self),
            record_type=record_type,
            record=record,
            field=field,
            old=old,
            new=new,
            kind=given.get("change_kind") or REVISION,
            reason=given.get("change_reason", ""),
            document=given.get("change_document", ""),
            role=request.user.role,  # type: ignore[union-attr]
        )


class SearchedAdmin(ReasonedAdmin):
    """Is searched as the site is, by beginnings of words; a former code leads to the new one."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and "code" in form.changed_data:
            former = [*obj.former_code_list, form.initial["code"]]
            obj.former_codes = ";".join(dict.fromkeys(former))
        super().save_model(request, obj, form, change)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.matching(search_term) if words(search_term) else queryset, False


class ReadOnlyAdmin(DeskAdmin):
    """Shows rows that nobody may rewrite here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def authority_of(request: HttpRequest) -> int | None:
    """The authority that a coordinator works for; None of anybody else."""
    return getattr(request.user, "authority_id", None)


def mark_of(request: HttpRequest) -> int:
    """How far the history went when the form was read; 0 where it does not say so."""
    mark = request.POST.get("seen", "")
    return int(mark) if mark.isdecimal() and len(mark) < 19 else 0


def refuse_popups(request: HttpRequest) -> None:
    """No page of the desk opens in a window of another one, which could name any field."""
    for name in (IS_POPUP_VAR, TO_FIELD_VAR, SOURCE_MODEL_VAR):
        if name in request.GET or name in request.POST:
            raise BadRequest(name)


def in_languages(*names: str) -> list[Any]:
    """The columns of translated texts, text by text."""
    return [column for name in names for column in columns(name)]
