"""The gate of the API: it is read by any site, and says in problem+json what went wrong."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control

from nextgen.pages.export import PROBLEM, trouble

METHODS = "GET, HEAD, OPTIONS"
A_MINUTE, A_DAY = 60, 24 * 3600
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": str(A_DAY),
}


class ApiMiddleware:
    """Guards all addresses below /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        response = self._answer(request)
        for name, value in OPEN.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in ("GET", "HEAD"):
            refused = trouble(405, "Method not allowed", "This API can be read and not written.")
            refused.headers["Allow"] = METHODS
            return refused
        request.META.pop("HTTP_COOKIE", None)  # who is at the desk makes no difference here
        # A HEAD is answered as a GET, with its ETag; whoever serves leaves out the body.
        method, request.method = request.method, "GET"
        response = self.get_response(request)
        request.method = method
        bare = request.path_info.removesuffix("/")
        if response.status_code == 404 and bare != request.path_info and is_valid_path(bare):
            path, mark, query = request.get_full_path().partition("?")
            response = HttpResponsePermanentRedirect(f"{path.removesuffix('/')}{mark}{query}")
        if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM:
            status = HTTPStatus(response.status_code)
            return trouble(status, status.phrase, f"{status.description or status.phrase}.")
        if response.status_code < 400:
            patch_cache_control(response, public=True, max_age=A_MINUTE)
        return response
