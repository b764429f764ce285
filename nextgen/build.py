"""Which code runs here."""

import hashlib
from functools import cache

from django.conf import settings

FOLDERS = ("nextgen", "milestones", "projects", "templates", "static", "locale")
MADE = {".pyc", ".mo"}


@cache
def code() -> str:
    """Twelve hexadecimal digits that tell this code from every other, wherever it was copied to."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.is_file() and file.suffix not in MADE:
                digest.update(str(file.relative_to(settings.BASE_DIR)).encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
