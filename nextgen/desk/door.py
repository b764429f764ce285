"""The door of the desk: who comes in, by a password and a second factor, and who is turned away."""

import logging
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

import django_otp
import segno
from axes.helpers import get_cool_off
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from milestones import second_factor as factor
from milestones.models import User
from nextgen.desk import kept
from nextgen.desk.assessing import person
from projects import history

log = logging.getLogger(__name__)


def is_open(request: HttpRequest) -> bool:
    """Whether this person is in: active, and verified where a second factor is asked for."""
    user: Any = request.user
    return bool(user.is_active and (not settings.SECOND_FACTOR or user.is_verified()))


def address(request: HttpRequest) -> str | None:
    """Where a request comes from; a trusted proxy says so last in X-Forwarded-For."""
    told = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUST_PROXY:
        told.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip())
    for each in told:
        with suppress(ValueError):
            return str(ip_address(each))
    return None


def turn_away(request: HttpRequest) -> HttpResponse | None:
    """Lead somebody who is not in to the next step, and lose nothing that he or she sent.

    None where there is nothing more to it than to log in.
    """
    sealed = kept.seal(request) if request.method == "POST" else None
    if request.user.is_authenticated:
        onward = request.get_full_path()
        if request.method == "POST":
            onward = (sealed and kept.bring(request, sealed)) or reverse("admin:index")
        return redirect(f"{reverse('admin:second_factor')}?{urlencode({'next': onward})}")
    if sealed is None:
        return None
    answer = ask(request, 403, kept=sealed, interrupted=True)
    add_never_cache_headers(answer)
    return answer


def ask(request: HttpRequest, status: int, **shown: Any) -> HttpResponse:
    """The login page as the answer to something else."""
    onward = LoginView().get_redirect_url(request) or reverse("admin:index")
    context = {
        **admin.site.each_context(request),
        "title": _("Log in"),
        "form": AdminAuthenticationForm(request),
        "app_path": reverse("admin:login"),
        "next": onward,
        **shown,
    }
    return render(request, "admin/login.html", context, status=status)


def locked_out(request: Any, _answer: Any, _credentials: Any) -> HttpResponse:
    """What axes answers after too many wrong passwords or codes; the kept words stay."""
    carried = kept.carried(request)
    if request.user.is_authenticated:
        logout(request)
    until = localtime(request.axes_attempt_time + get_cool_off(request))
    return ask(request, 429, kept=carried, until=until)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "size": 12}
        ),
    )

    def __init__(self, data: Any, *, person: User, app: Any) -> None:
        super().__init__(data)
        self.person, self.app = person, app
        self.device: Any = None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.device = factor.check(self.person, code, self.app)
        return code


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """After the password: set the second factor up, or give a code; once in, look after it."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    onward = LoginView().get_redirect_url(request) or reverse("admin:index")
    if not settings.SECOND_FACTOR:
        return redirect(onward)
    context |= {"onward": onward}
    with history.acting(request.user, "form"):
        return (own if is_open(request) else enter)(request, context)


def own(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """How many recovery codes are left, and new ones."""
    context["title"] = _("Your second factor")
    if request.method == "POST" and "renew" in request.POST:
        return codes(request, context, factor.renew_codes(person(request)))
    context["left"] = factor.codes_left(person(request))
    return render(request, "admin/second_factor_own.html", context)


def enter(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask for a code; the first right one of a new app takes that app."""
    app = factor.app_of(person(request))
    form = CodeForm(request.POST or None, person=person(request), app=app)
    if form.is_valid():
        made = [] if app.confirmed else factor.confirm(app)
        django_otp.login(request, form.device)
        log.info("A second factor was accepted (%s).", person(request).role)
        return codes(request, context, made) if made else redirect(context["onward"])
    if form.has_error("code", "wrong"):
        log.warning("A second factor was refused (%s).", person(request).role)
        # As a wrong password: the failure is listed, and counts towards the lock-out.
        user_login_failed.send(
            __name__, credentials={"username": person(request).username}, request=request
        )
    context |= {"form": form, "title": _("Second factor")}
    if app.confirmed:
        return render(request, "admin/second_factor.html", context)
    picture = segno.make(app.config_url, error="m").svg_inline(
        scale=5, light="#fff", svgclass=None, lineclass=None
    )
    context |= {
        "picture": SafeString(picture),
        "secret": factor.secret(app),
        "address": app.config_url,
    }
    return render(request, "admin/second_factor_set_up.html", context)


def codes(request: HttpRequest, context: dict[str, Any], made: list[str]) -> HttpResponse:
    """Recovery codes, shown this once."""
    context |= {"title": _("Your recovery codes"), "codes": made}
    return render(request, "admin/second_factor_codes.html", context)
