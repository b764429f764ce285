"""The desk: Django's admin, with the half-year's work as its start page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from nextgen.desk import assessing, closing, corrections, dates, door, kept, reports, sheet, start
from projects import history
from projects.desk import DeskAdmin


class Desk(AdminSite):
    site_header = site_title = _("The desk")
    index_title = _("What is to do")
    enable_nav_sidebar = False
    site_url = settings.SITE_URL or "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Admins that other packages bring along do not ask the rights: they stay outside."""
        if admin_class and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """The desk's own pages, before those of the models."""

        def page(view: Callable[..., HttpResponseBase]) -> Any:
            """A view of the desk, given what every page of the admin shows."""

            def shown(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
                return view(request, self.each_context(request), *args, **words)

            return self.admin_view(shown)

        return [
            path("assess/", page(assessing.assess), name="assess"),
            path("assess/sheet/", page(sheet.upload), name="sheet"),
            path("assess/sheet.<str:kind>", page(sheet.download), name="sheet_download"),
            path("assess/<str:code>/", page(assessing.assess), name="assess_one"),
            path("move/<str:code>/", page(dates.move), name="move"),
            path("correct/<int:pk>/", page(corrections.correct), name="correct"),
            path("report/", page(reports.open_report), name="open_report"),
            path("report/<month:month>/", page(reports.report), name="report"),
            path("close/", page(closing.close), name="close_plan"),
            path("you/", page(start.you), name="person"),
            path("kept/", page(kept.show), name="kept"),
            path("second-factor/", self.second_factor, name="second_factor"),
            # Also for somebody who has not given the second factor.
            path("logout/", self.logout, name="logout"),
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        return door.is_open(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Carries the words of a form whose session had ended through the login."""
        words = request.POST.get("kept", "")
        answer: HttpResponse = super().login(request, {"kept": words, **(extra_context or {})})
        if words and answer.status_code == 302 and (page := kept.bring(request, words)):
            answer.headers["Location"] = page
        return answer

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        return door.second_factor(request, self.each_context(request))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """What is to do in the report that is open."""
        work = start.work(assessing.person(request))
        return super().index(request, {**work, **(extra_context or {})})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Lets in who may, and signs what a page of the desk writes with the person who sent it."""
        inner = super().admin_view(view, cacheable)

        def signed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if "%00" in request.get_full_path():
                raise BadRequest  # no text of a database holds it
            if not self.has_permission(request) and (way := door.turn_away(request)):
                return way
            with history.acting(request.user, "form"):
                answer: HttpResponseBase = inner(request, *args, **kwargs)
            kept.sent(request, answer)
            return answer

        return signed
