"""The list of the final recipients."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from nextgen.archive.moment import archived
from nextgen.pages.base import SiteRequest, today
from nextgen.pages.lists import select, show
from projects.recipients import natural_persons


@require_safe
def recipients(request: SiteRequest) -> HttpResponse:
    """Legal persons as a list; natural persons below it, kept by no cache and no search engine."""
    selection = select(request, "recipients")
    # Their names are removed after a time, which no archive can do.
    persons = [] if archived.get() else list(natural_persons(selection, today()))
    response = show(request, "recipients/list.html", selection, {"persons": persons})
    if persons:
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        patch_cache_control(response, no_store=True)
    return response
