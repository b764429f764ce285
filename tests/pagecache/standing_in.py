"""What stands in for the database, for Django and for a server where pages are kept."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nextgen.pagecache.lanes import Build
from nextgen.pagecache.state import State
from nextgen.pagecache.wrapper import PageCache

PLAIN = {"Content-Type": "text/html; charset=utf-8"}


BODY = b"<html><body><main id='main'>" + b"The plan. " * 200 + b"</main></body></html>"


class Plan:
    """Stands in for the database: its state, which a test moves on or takes away."""

    def __init__(self) -> None:
        self.state = State("first", seen_at=1_700_000_000.0)

    def now(self) -> State:
        return self.state

    def forget(self) -> None:
        """A real one would ask again."""


class Site:
    """Stands in for Django: answers each address with its own words, and counts what it builds."""

    def __init__(self, **headers: str) -> None:
        self.headers = PLAIN | headers
        self.body = BODY
        self.heard = True
        self.status = "200 OK"
        self.asked: list[dict[str, Any]] = []
        self.meanwhile = lambda: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        self.meanwhile()
        build: Build | None = environ.get(Build.NAME)
        if build:
            build.heard = self.heard
            if "wrong" in environ["QUERY_STRING"]:
                build.names_something_unknown()
        start_response(self.status, list(self.headers.items()))
        words = f"{environ['PATH_INFO']} {environ['QUERY_STRING']} {len(self.asked)}"
        return [self.body + words.encode()]


class Visitor:
    """Asks the cache as a server would."""

    def __init__(self, cache: PageCache) -> None:
        self.cache = cache

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        path, _mark, query = path.partition("?")
        told: list[Any] = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(), "wsgi.input": io.BytesIO(),
            **headers,
        }  # fmt: skip
        parts = self.cache(environ, lambda *answer: told.extend(answer))
        body = b"".join(parts)
        return int(told[0][:3]), {name.lower(): value for name, value in told[1]}, body


def cache_before(site: Any, plan: Plan, room: int = 2**22, folder: Path | None = None) -> PageCache:
    cache = PageCache(site, room=room, folder=folder, threads=16)
    cache.watch = plan  # type: ignore[assignment]
    return cache
