"""Data and press: all that can be taken away, in one place."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from milestones import editions
from nextgen import citing
from nextgen.charts import offered
from nextgen.downloads import brochures, downloads
from nextgen.emblem import EMBLEM
from nextgen.pages.base import SiteRequest, absolute, report_or_404
from nextgen.pages.progress import edition_or_404

LISTS = ["projects", "milestones", "recipients", "changes"]
EXAMPLE = "?contributes=climate"
SPREADSHEET = """=IMPORTDATA("{address}")"""
CURL = """curl --silent '{address}' --output projects.csv"""
PYTHON = """import csv
import io
import urllib.request

address = "{address}"
with urllib.request.urlopen(address) as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))
counts = (int(row["budget"] or 0) * int(row["climate_contribution"] or 0) / 100 for row in rows)
print(round(sum(counts)))"""
R = """projects <- read.csv("{address}")
counts <- projects$budget * (projects$climate_contribution / 100)
print(sum(counts, na.rm = TRUE))"""


@require_safe
def data(request: SiteRequest) -> HttpResponse:
    report = report_or_404(request)
    files = downloads(language := get_language() or "")
    names = [_("Projects"), _("Milestones"), _("Final recipients"), _("Corrections and revisions")]
    address = absolute(request, reverse("projects_export", args=["csv"]) + EXAMPLE)
    edition = edition_or_404(report.month)
    code = {"curl": CURL, "Python": PYTHON, "R": R, _("Spreadsheet (Google Sheets)"): SPREADSHEET}
    context: dict[str, Any] = {
        "brochures": brochures(language),
        "files": [file for file in files if not file.edition],
        "editions": [file for file in files if file.edition],
        "lists": list(zip(names, LISTS, strict=True)),
        "examples": [(tool, text.format(address=address)) for tool, text in code.items()],
        "example_page": reverse("projects") + EXAMPLE,
        "charts": offered(closed=request.plan.closed),
        "citation": citing.of_report(
            request, edition, editions.as_published(edition)[editions.PLAN]
        ),
        "contact": settings.PRESS_CONTACT,
        "contact_name": settings.PRESS_CONTACT.partition(":")[2].lstrip("/"),
    }
    return render(request, "data/data.html", context)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def emblem(_request: SiteRequest) -> HttpResponse:
    """The emblem of the Union as a file, drawn by its official geometry."""
    return HttpResponse(EMBLEM, content_type="image/svg+xml")
