"""Where the desk is: below ADMIN_PATH and, where ADMIN_HOST is set, under that name alone."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def is_below(request: HttpRequest) -> bool:
    """Whether the path is one of the desk, under whatever name it was asked for."""
    return request.path.startswith(f"/{settings.ADMIN_PATH}")


def is_desk(request: HttpRequest) -> bool:
    """Whether the desk answers this request; under another name it is a page that is not there."""
    if not is_below(request):
        return False
    # What was asked for, also where it is no name of ours: the page that says so asks here too.
    return settings.ADMIN_HOST in ("", split_domain_port(request.META.get("HTTP_HOST", ""))[0])


def root() -> str:
    """What stands before a path of the desk in a letter: 'https://desk.example.org'."""
    return f"https://{settings.ADMIN_HOST}" if settings.ADMIN_HOST else settings.SITE_URL
