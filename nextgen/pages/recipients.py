"""The final recipients: the list, and as CSV."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from nextgen.pages import export
from nextgen.pages.base import SiteRequest, today
from nextgen.pages.lists import select, show
from projects.recipients import natural_persons


@require_safe
def recipients(request: SiteRequest) -> HttpResponse:
    """Legal persons as a list; natural persons below it, kept by no cache and no search engine."""
    selection = select(request, "recipients")
    persons = list(natural_persons(selection, today()))
    response = show(request, "recipients/list.html", selection, {"persons": persons})
    if persons:
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        patch_cache_control(response, no_store=True)
    return response


@require_safe
def recipients_csv(request: SiteRequest) -> HttpResponse:
    selection = select(request, "recipients")
    return export.problem(selection) or export.csv_response(
        f"recipients-{selection.listing.report.month}".removesuffix("-"),
        export.RECIPIENT_COLUMNS,
        export.recipient_rows(selection.rows),
    )
