"""The draft report taken out as a spreadsheet, and brought back through a preview."""

from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from milestones import actions
from milestones.models import ProgressReport, User
from milestones.sheet.applying import ChangedError, Written, apply
from milestones.sheet.columns import columns_of
from milestones.sheet.filled import Filled, Line, filled
from milestones.sheet.preview import Preview, preview
from milestones.sheet.rows import name_of, rows
from milestones.sheet.table import MAX_FILE, RefusedError, opened
from milestones.sheet.writing import comma_separated, workbook
from nextgen.desk.assessing import draft_or_404, person
from projects.models import Plan

SALT = "nextgen.desk.sheet"
HOUR = 3600  # seconds: how long a preview can be confirmed
MOST = 2_000_000  # characters of a preview that travel with its page


class SheetForm(forms.Form):
    """The file that was filled in, as the table that it holds."""

    file = forms.FileField(
        label=gettext_lazy("The file that you filled in"),
        help_text=gettext_lazy("XLSX or CSV, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        try:
            return opened(sent.read(MAX_FILE + 1))
        except RefusedError as refused:
            raise ValidationError(str(refused)) from refused


@require_safe
def download(request: HttpRequest, context: Mapping[str, Any], kind: str) -> HttpResponseBase:
    """The person's own rows of the draft as a file: 'xlsx' or 'csv'."""
    by, report = person(request), draft_or_404()
    found, columns = rows(report, by), columns_of(Plan.objects.get())
    name = name_of(report, by)
    if kind == "xlsx":
        content = workbook(columns, found, report, name)
    elif kind == "csv":
        content = comma_separated(columns, found, name)
    else:
        raise Http404
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{name}.{kind}")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Takes the file back, shows what it would change, and writes what is confirmed."""
    by, report = person(request), draft_or_404()
    actions.allow(by, "milestones.change_assessment")
    page = {**context, "title": _("Use a spreadsheet"), "report": report}
    if "confirmed" in request.POST:
        return _confirmed(request, page, report, by)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        file = filled(form.cleaned_data["file"], columns_of(Plan.objects.get()), report)
        return _shown(request, page, file, preview(file, report, by))
    return render(request, "admin/sheet.html", {**page, "form": form})


def _confirmed(
    request: HttpRequest, page: Mapping[str, Any], report: ProgressReport, by: User
) -> HttpResponse:
    """Writes a preview that this person confirms, or shows it again as it is now."""
    try:
        file, shown = _unpacked(request.POST["confirmed"], report, by)
        chosen = set(request.POST.getlist("mine"))
        written = apply(file=file, report=report, shown=shown, chosen=chosen, by=by)
    except signing.BadSignature:
        messages.error(
            request, _("This preview is too old, or not yours: bring the file back once more.")
        )
        return redirect("admin:sheet")
    except ChangedError as changed:
        return _shown(request, page, file, changed.preview, again=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:sheet")
    messages.success(request, told(written))
    return redirect("admin:index")


def told(written: Written) -> str:
    """'3 milestones assessed. 12 signed as unchanged.'"""
    n, m = written.assessed, written.signed
    sentences = [
        ngettext("%(n)s milestone assessed.", "%(n)s milestones assessed.", n) % {"n": n},
        ngettext("%(n)s signed as unchanged.", "%(n)s signed as unchanged.", m) % {"n": m},
    ]
    return " ".join(
        sentence for sentence, some in zip(sentences, (n, m), strict=True) if some
    ) or _("Nothing was changed.")


def _shown(
    request: HttpRequest,
    page: Mapping[str, Any],
    file: Filled,
    found: Preview,
    again: bool = False,
) -> HttpResponse:
    packed = _packed(file, found, page["report"], person(request)) if not found.faults else ""
    context = {
        **page,
        "title": _("What the file would change"),
        "preview": found,
        "rows": {proposal.number for proposal in found.proposals},
        "clashes": any(proposal.edits for proposal in found.proposals),
        "signed": sum(proposal.sign for proposal in found.proposals),
        "again": again,
        "packed": packed if len(packed) <= MOST else "",
        "too_much": len(packed) > MOST,
    }
    return render(request, "admin/sheet_preview.html", context, status=409 if again else 200)


def _packed(file: Filled, found: Preview, report: ProgressReport, by: User) -> str:
    """The rows that would change, signed for this person and this report."""
    numbers = {proposal.number for proposal in found.proposals}
    lines = [asdict(line) for line in file.lines if line.number in numbers]
    content = [by.pk, report.month, found.state, file.headings, lines]
    return signing.dumps(content, salt=SALT, compress=True)


def _unpacked(packed: str, report: ProgressReport, by: User) -> tuple[Filled, str]:
    """The rows of a preview and its state. Raises BadSignature where they are another's."""
    pk, month, shown, headings, lines = signing.loads(packed, salt=SALT, max_age=HOUR)
    if (pk, month) != (by.pk, report.month):
        raise signing.BadSignature
    places = {key: (letter, heading) for key, (letter, heading) in headings.items()}
    return Filled(places, [Line(**line) for line in lines]), shown
