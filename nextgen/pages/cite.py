"""The citation of a page as a file, below the page's own address: `cite.bib` and `cite.json`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from nextgen.citing import Citation
from nextgen.pages import export
from nextgen.pages.base import SiteRequest

TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}


def citation_of(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of the citation that this page would show under 'Cite'; nothing is rendered."""

    @require_safe
    def view(request: SiteRequest, form: str, **found: Any) -> HttpResponse:
        answer = page(request, **found)
        if isinstance(answer, HttpResponseRedirectBase):
            answer.headers["Location"] = f"{answer.url}cite.{form}"
        if not isinstance(answer, TemplateResponse):
            return answer
        context = answer.context_data or {}
        asked = context.get("selection")
        if wrong := export.problem(asked) if asked else export.strangers(request):
            return wrong
        citation: Citation = context["citation"]
        text = citation.bibtex if form == "bib" else citation.csl
        response = HttpResponse(text, content_type=TYPES[form])
        response["Content-Disposition"] = f'attachment; filename="{citation.key[:80]}.{form}"'
        return response

    return view
