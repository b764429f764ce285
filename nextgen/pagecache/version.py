"""What a kept page depends on besides the plan: the code, the settings and the database."""

import hashlib
from functools import cache

from django.conf import settings

from nextgen.build import code

OURS = (
    "ADMIN_PATH",
    "ALLOWED_HOSTS",
    "DATABASES",
    "HTTPS",
    "PRESS_CONTACT",
    "SECURITY_CONTACT",
    "SITE_URL",
)


@cache
def version() -> str:
    """A hash of all of it: a page of another version of the site is no page of this one."""
    told = [code(), *(getattr(settings, name) for name in OURS)]
    return f"pages-{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"
