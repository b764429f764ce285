"""Where each address of the site stands in an archive, and how one file there leads to another."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

# A name that nobody can have (RFC 2606): it stands for the site where SITE_URL is not set.
HOST = "archive.invalid"
ROOT = f"https://{HOST}"
# Lists are filtered on their page by a script; only the state that they are of makes another page.
LISTS = {"projects": "report", "milestones": "report", "recipients": "as_of", "changes": ""}
BELOW = ("export", "feed", "citation")


class NoPlaceError(Exception):
    """An address cannot be a file; the text says why."""


@dataclass(frozen=True)
class Place:
    """A file of the archive: `address` is what the live site answers with it.

    `query` is what a script on the page reads, `fragment` a place on it.
    """

    address: str
    file: str
    query: str = ""
    fragment: str = ""

    def seen_from(self, file: str) -> str:
        """The relative address of this place on a page that stands in another file."""
        path = quote(posixpath.relpath(self.file, posixpath.dirname(file) or "."))
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{path}{query}{fragment}"


@cache
def named(path: str) -> str:
    """The name of the route of a path, '' where the site knows none."""
    with translation.override(translation.get_language_from_path(path)):
        try:
            return resolve(path).url_name or ""
        except Resolver404:
            return ""


def place(link: str, address: str, current: Mapping[str, str]) -> Place | None:
    """Where a link on the page of this address leads; None out of the site.

    `current` is the state that each list is of where its address names none.
    """
    whole = urljoin(ROOT + address, link)
    if settings.SITE_URL and f"{whole}/".startswith(f"{settings.SITE_URL}/"):
        whole = ROOT + whole.removeprefix(settings.SITE_URL)
    scheme, host, path, query, fragment = urlsplit(whole)
    if f"{scheme}://{host}" != ROOT:
        return None
    path = path or "/"
    kept, read = _divided(named(unquote(path)), query, current)
    asked = f"{path}?{kept}" if kept else path
    return Place(asked, _file(unquote(path), kept), read, fragment)


def _divided(name: str, query: str, current: Mapping[str, str]) -> tuple[str, str]:
    """What of a query makes another file, and what a script on the page reads."""
    listing, _mark, below = name.partition("_")
    if not query or listing not in LISTS or (below and below not in BELOW):
        return query, ""
    pairs = parse_qsl(query)
    state = LISTS[listing]
    wanted = [value for key, value in pairs if key == state][-1:]
    kept = [(state, value) for value in wanted if value != current.get(state)]
    read = [pair for pair in pairs if pair[0] not in (state, "page")]
    return urlencode(kept), "" if below else urlencode(read)


def _file(path: str, query: str) -> str:
    file = path.removeprefix("/")
    if not file or file.endswith("/"):
        file = f"{file}index.html"
    stem, extension = posixpath.splitext(file)
    suffix = re.sub(r"[^\w.]+", "-", unquote(query), flags=re.ASCII)
    file = f"{stem}{suffix and f'-{suffix}'}{extension or '.html'}"
    parts = file.split("/")
    if any(part in ("", ".", "..") or re.search(r"[\x00-\x1f\x7f\\]", part) for part in parts):
        raise NoPlaceError(f"{path!r} cannot be the name of a file.")
    return file
