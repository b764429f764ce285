"""What every request to the desk shares: the person's language, and a line for each refusal."""

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.utils import translation
from django.utils.encoding import escape_uri_path

from nextgen.desk.place import is_below, is_desk

log = logging.getLogger(__name__)


class SlashMiddleware(CommonMiddleware):
    """Leads to the address with a slash, but not where that would tell that the desk is there."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        hidden = is_below(request) and not is_desk(request)
        return not hidden and super().should_redirect_with_slash(request)


class DeskMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The rest of the site asks for no session, so that it sets no cookie.
        if not is_desk(request):
            if is_below(request):
                raise Http404
            return self.get_response(request)
        if language := getattr(request.user, "language", ""):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers["X-Robots-Tag"] = "noindex"
        if response.status_code == 403:
            role = getattr(request.user, "role", "nobody who is logged in")
            log.warning("Refused: %s %s (%s)", request.method, escape_uri_path(request.path), role)
        return response
