"""What a kept page depends on besides the plan: the code, the texts, the settings, the database."""

import hashlib
from functools import cache

from django.conf import settings

FOLDERS = ("nextgen", "milestones", "projects", "templates", "static", "locale")
OURS = ("ALLOWED_HOSTS", "DATABASES", "HTTPS", "PRESS_CONTACT", "SECURITY_CONTACT", "SITE_URL")
KINDS = {".py", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".typ", ".mo"}


@cache
def version() -> str:
    """A hash of all of it: a page of another version of the site is no page of this one."""
    digest = hashlib.sha256(repr([getattr(settings, name) for name in OURS]).encode())
    for folder in FOLDERS:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in KINDS and file.is_file():
                digest.update(f"{file.relative_to(settings.BASE_DIR)}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:32]
