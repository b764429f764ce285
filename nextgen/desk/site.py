"""The desk: Django's admin, with the half-year's work as its start page."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from projects import history
from projects.desk import DeskAdmin


class Desk(AdminSite):
    site_header = site_title = _("The desk")
    index_title = _("What is to do")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Admins that other packages bring along do not ask the rights: they stay outside."""
        if admin_class and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Signs whatever a page of the desk writes with the person who sent it."""
        inner = super().admin_view(view, cacheable)

        def signed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with history.acting(request.user, "form"):
                answer: HttpResponseBase = inner(request, *args, **kwargs)
                return answer

        return signed
