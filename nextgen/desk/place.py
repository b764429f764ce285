"""Where the desk is: below ADMIN_PATH and, where ADMIN_HOST is set, under that name alone."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def is_below(request: HttpRequest) -> bool:
    """Whether the path is one of the desk, under whatever name it was asked for."""
    return f"{request.path}/".startswith(f"/{settings.ADMIN_PATH}")


def is_desk(request: HttpRequest) -> bool:
    """Whether the desk answers this request; under another name it is a page that is not there."""
    if not (is_below(request) and settings.ADMIN_HOST):
        return is_below(request)
    try:
        return request.get_host().partition(":")[0] == settings.ADMIN_HOST
    except DisallowedHost:
        return False


def root() -> str:
    """What stands before a path of the desk in a letter: 'https://desk.example.org'."""
    return f"https://{settings.ADMIN_HOST}" if settings.ADMIN_HOST else settings.SITE_URL
