"""What every request to the desk shares: the person's language, and a line for each refusal."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.encoding import escape_uri_path

log = logging.getLogger(__name__)


class DeskMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The rest of the site asks for no session, so that it sets no cookie.
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        if language := getattr(request.user, "language", ""):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if response.status_code == 403:
            role = getattr(request.user, "role", "nobody who is logged in")
            log.warning("Refused: %s %s (%s)", request.method, escape_uri_path(request.path), role)
        return response
