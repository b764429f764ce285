"""Which addresses are published, and what of an address counts."""

import re
from urllib.parse import parse_qsl, urlencode

from django.conf import settings

from projects.selection import TRACKING

MOST_PARAMETERS = 100
_LANGUAGES = "|".join(code for code, _name in settings.LANGUAGES)
PUBLISHED = re.compile(
    rf"/(?:{_LANGUAGES})/|/data/|/api/|/catalog\.|/sitemap\.xml$|/robots\.txt$|/\.well-known/"
)


def normalised(query: str) -> str | None:
    """A query as the site understands it: ordered by name, without what only tracks visitors.

    Values of one parameter stay in their order. None where it has too many, or is no text.
    """
    if not query:
        return ""
    if not query.isascii():
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    kept = [(name, value) for name, value in pairs if not TRACKING.fullmatch(name)]
    return urlencode(sorted(kept, key=lambda pair: pair[0]))
