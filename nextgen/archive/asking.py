"""Asks the site for its pages in this process, as a visitor without cookies would."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_file_type
from typing import Any
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from nextgen.archive.places import HOST


class _Request(WSGIRequest):
    """A request that comes from no host: which hosts are allowed makes no difference."""

    def get_host(self) -> str:
        return HOST


@dataclass(frozen=True)
class Answer:
    status: int
    media_type: str
    content: bytes
    location: str = ""


class Visitor:
    """Gets what the live site answers, without any cache in front of it."""

    def __init__(self) -> None:
        self.site = WSGIHandler()

    def get(self, address: str) -> Answer:
        """The answer to an address, which is a path with its query.

        The database stays open between two requests, and with it what is read in one transaction.
        """
        path, _mark, query = address.partition("?")
        static = f"/{settings.STATIC_URL.strip('/')}/"
        if path.startswith(static):
            return self._static(unquote(path.removeprefix(static)))
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": HOST,
            "wsgi.url_scheme": "https",
        }
        setup_testing_defaults(environ)
        response: Any = self.site.get_response(_Request(environ))
        media_type, _mark, _charset = response.headers.get("Content-Type", "").partition(";")
        location = response.headers.get("Location", "")
        return Answer(response.status_code, media_type, response.content, location)

    def _static(self, name: str) -> Answer:
        with staticfiles_storage.open(name) as file:
            return Answer(200, guess_file_type(name)[0] or "", file.read())

    def whole_resource(self, address: str) -> Answer:
        """A list of the API with all its rows, of which the live API gives a page at a time."""
        items = [item for page in self._pages(address) for item in page]
        whole = {"count": len(items), "items": items, "next": None}
        return Answer(200, "application/json", json.dumps(whole, ensure_ascii=False).encode())

    def _pages(self, address: str) -> Iterator[list[Any]]:
        number, more = 1, True
        while more:
            answer = self.get(f"{address}?page={number}")
            page = json.loads(answer.content)
            yield page["items"]
            number, more = number + 1, page["next"] is not None
