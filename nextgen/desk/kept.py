"""Words of a form whose session had ended: sealed into the login page, brought back afterwards.

Nothing is stored for somebody who has not logged in: the words travel through the login page,
signed and with their time, and wait in the session of who logs in there.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milestones.models import Milestone

SALT = "nextgen.desk.kept"
HOURS = 12
MOST = 500_000
"""Characters, sealed: several times the longest list of the desk."""
SENT = "_kept"
NOT_KEPT = re.compile(rf"password|^csrfmiddlewaretoken$|^{SENT}$", re.IGNORECASE)
NOT_TOLD = re.compile(r"^_|^initial-|^row$|(^|-)seen$|_FORMS$")


@dataclass(frozen=True)
class Kept:
    """What was sent to an address, in order; `files` are the names of those that were not kept."""

    path: str
    fields: list[tuple[str, str]]
    files: list[str]

    def told(self) -> list[tuple[str, str]]:
        """The fields that say something, by the names that people know."""
        told = [(name, value) for name, value in self.fields if value and not NOT_TOLD.search(name)]
        rows = {name: match for name, _v in told if (match := re.match(r"m(\d{1,18})-(.+)", name))}
        codes = dict(
            Milestone.objects.filter(pk__in=[row[1] for row in rows.values()]).values_list(
                "pk", "code"
            )
        )
        model = self._model()
        return [
            (
                f"{codes.get(int(rows[name][1]), '')} {_label(Milestone, rows[name][2])}".strip()
                if name in rows
                else _label(model, name),
                value,
            )
            for name, value in told
        ]

    def _model(self) -> Any:
        try:
            view = resolve(self.path.partition("?")[0]).func
        except Resolver404:
            return None
        return getattr(getattr(view, "model_admin", None), "model", None)


def _label(model: Any, name: str) -> str:
    try:
        label = str(model._meta.get_field(name).verbose_name) if model else pretty_name(name)
    except (FieldDoesNotExist, AttributeError):
        label = pretty_name(name)
    return label[:1].upper() + label[1:]


def seal(request: HttpRequest) -> str | None:
    """Seal what was posted; empty where it is too long, None where there is nothing to keep."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not NOT_KEPT.search(name)
    ]
    if not any(value for _name, value in fields):
        return None
    files = [file.name for _name, each in request.FILES.lists() for file in each]
    sealed = signing.dumps([request.get_full_path(), fields, files], salt=SALT, compress=True)
    return sealed if len(sealed) <= MOST else ""


def unseal(sealed: str) -> Kept | None:
    """What was sealed, for twelve hours and unless somebody else wrote it."""
    try:
        path, fields, files = signing.loads(sealed, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return Kept(path, [(name, value) for name, value in fields], files)


def carried(request: HttpRequest) -> str:
    """The sealed words that came with the login page, or wait in the session."""
    return str(request.POST.get("kept") or request.session.get("kept", ""))


def bring(request: HttpRequest, sealed: str) -> str | None:
    """Give sealed words to who has just logged in; the address of the page that shows them."""
    if unseal(sealed) is None:
        messages.warning(request, _("What you had sent is too old to be brought back."))
        return None
    request.session["kept"] = sealed
    return reverse("admin:kept")


def sent(request: HttpRequest, answer: Any) -> None:
    """Let go of what was sent again, unless that was refused."""
    if SENT in request.POST and answer.status_code < 400:
        request.session.pop("kept", None)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The kept words, to send now or to throw away."""
    found = unseal(request.session.get("kept", ""))
    if found is None or request.method == "POST":
        request.session.pop("kept", None)
        return redirect("admin:index")
    shown = {"title": _("What you had written"), "kept": found, "sent": SENT}
    return render(request, "admin/kept.html", {**context, **shown})
