"""Published pages ready to send, in front of Django.

A page is kept for the state of the plan that it was built from (state.py) and built anew when that
changes. It is built from its key alone (page.py): nothing else that a visitor sends can find its
way into what another one gets. Whoever is logged in, and whatever is no published page, goes
to Django past what is kept.
"""

import io
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from threading import Lock, local
from typing import Any

from django.conf import settings
from django.db import connection
from django.http.request import split_domain_port

from nextgen.metrics import CACHE, CACHE_BYTES
from nextgen.pagecache import away
from nextgen.pagecache.lanes import LONGEST, Build, BusyError, Lane
from nextgen.pagecache.page import Answer, Headers, Key, Page, StartResponse
from nextgen.pagecache.published import PUBLISHED, normalised
from nextgen.pagecache.purge import keep_informed
from nextgen.pagecache.shelf import Disk, Shelf
from nextgen.pagecache.state import A_SECOND, Watch
from nextgen.pagecache.version import version

Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
READING = frozenset(["GET", "HEAD"])
LONGEST_ADDRESS = 2500  # of host, path and query together
TRIES = 3  # while the plan changes under a page that is being built


class PageCache:
    """A WSGI application around another one.

    `room` is how many bytes of memory the pages may take, `folder` where they are kept between
    restarts (None: nowhere), `threads` how many requests this process answers at once.
    """

    def __init__(
        self, application: Application, *, room: int, folder: Path | None, threads: int
    ) -> None:
        self.application = application
        self.watch = Watch()
        # So that no search and no scanner drives the pages of the plan out.
        self.plain, self.chosen = Shelf(room * 3 // 4), Shelf(room // 4)
        self.disk = Disk(folder, room * 4) if folder else None
        self.of_plain, self.of_chosen = Lane(2, threads // 2), Lane(2, threads * 3 // 8)
        self.strangers = Lane(1, 1)
        self.answers = Counter[str]()
        self._counted = self.watch.state
        self._cookie = f"{settings.SESSION_COOKIE_NAME}="
        self._behind_a_proxy = settings.TRUST_PROXY
        self._hearing: set[str] = set()
        self._building: dict[Key, Future[Page | Answer]] = {}
        self._lock = Lock()
        self._mine = local()  # of this thread: the state that its connection to the database saw
        if self.disk:
            self.disk.leave_others()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._pass(environ, start_response)
        state = self.watch.now()
        if state is not self._counted:
            self._counted = state
            self._tell_what_was_answered()
        if state.away:
            return self._copy(key, environ, start_response)
        page = self._kept(key, state.name)
        if page is not None:
            return self._send(page, environ, start_response)
        try:
            found = self._shared(key, state.name, environ)
        except BusyError:
            if self.watch.now().away:
                return self._copy(key, environ, start_response)
            self.answers["refused"] += 1
            return away.refuse(key.path, start_response)
        if isinstance(found, Page):
            return self._send(found, environ, start_response)
        if found.code >= 500:
            self.watch.forget()
            if self.watch.now().away:
                return self._copy(key, environ, start_response)
        self.answers["passed"] += 1
        return found.send(environ, start_response)

    def _key(self, environ: dict[str, Any]) -> Key | None:
        """What is asked for; None where the answer is not for everybody, or a part of one."""
        if (
            environ["REQUEST_METHOD"] not in READING
            or "HTTP_RANGE" in environ
            or ("HTTP_COOKIE" in environ and self._cookie in environ["HTTP_COOKIE"])
        ):
            return None
        given = environ.get
        host, path, query = given("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"]
        if len(host) + len(path) + len(query) > LONGEST_ADDRESS:
            return None
        scheme = environ["wsgi.url_scheme"]
        if self._behind_a_proxy:
            scheme = given("HTTP_X_FORWARDED_PROTO", scheme)
        if scheme not in ("http", "https"):
            return None
        fragment = (
            given("HTTP_HX_REQUEST") == "true"
            and given("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"
        )
        return key_of(host, scheme, path, query, fragment)

    def _pass(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """To Django; who wrote something there sees it at once here.

        A page that is asked for so waits for its turn too: else a header or an absurd query would
        be a way round the lanes.
        """
        path, reads = environ["PATH_INFO"], environ["REQUEST_METHOD"] in READING
        try:
            with self.of_chosen.turn() if reads and PUBLISHED.match(path) else nullcontext():
                answer = self.application(environ, start_response)
        except BusyError:
            self.answers["refused"] += 1
            return away.refuse(path, start_response)
        self.answers["passed"] += 1
        if not reads and self._cookie in environ.get("HTTP_COOKIE", ""):
            self.watch.forget()
        return answer

    def _kept(self, key: Key, state: str) -> Page | None:
        """The page of this key, or of its address alone where that does not hear its query."""
        if not key.query:
            return _of(state, self.plain.get(key))
        page = _of(state, self.plain.get(key.alone))
        if page is not None and not page.heard:
            return page
        return _of(state, self.chosen.get(key))

    def _shared(self, key: Key, state: str, environ: dict[str, Any]) -> Page | Answer:
        """The page, built once however many ask for it meanwhile. Raises BusyError."""
        with self._lock:
            building = self._building.get(key)
            if building is None:
                mine = self._building[key] = Future()
        if building is not None:
            return self._awaited(building)
        try:
            found = self._made(key, state, environ)
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(found)
            return found
        finally:
            del self._building[key]

    def _awaited(self, building: Future[Page | Answer]) -> Page | Answer:
        """What another one builds. Raises BusyError where the database is away, or it hangs."""
        for _second in range(int(LONGEST)):
            if wait([building], A_SECOND).done:
                return building.result()
            if self.watch.now().away:
                break
        raise BusyError

    def _made(self, key: Key, state: str, environ: dict[str, Any]) -> Page | Answer:
        """Read from the disk or built. Raises BusyError."""
        if not key.query:
            page = _of(state, self.disk.get(key)) if self.disk else None
            if page is not None:
                self.plain.put(page)
                return page
            with self.of_plain.turn():
                return self._built(key, state, environ)
        if key.path not in self._hearing:
            # Whether a page hears its query is known once it was built without.
            alone = self._shared(key.alone, state, environ)
            if not alone.heard and (isinstance(alone, Page) or alone.code == 404):
                return alone
        with self.of_chosen.turn():
            return self._built(key, state, environ)

    def _built(self, key: Key, state: str, environ: dict[str, Any]) -> Page | Answer:
        """Built by Django, and kept where no change came in between."""
        for _try in range(TRIES):
            if getattr(self._mine, "state", None) != state and not connection.in_atomic_block:
                # A connection from before may read a file that another one has taken the place of.
                connection.close()
                self._mine.state = state
            answer = self._asked(key, environ)
            self.answers["built"] += 1
            if answer.heard and answer.code == 200:
                self._hearing.add(key.path)
            if not answer.may_be_kept:
                if answer.code < 500 and not answer.strange:
                    self._forget(key)
                return answer
            self.watch.forget()
            after = self.watch.now()
            if after.away:
                return answer
            if after.name == state:
                page = Page.of(key, answer, state, time.time())
                (self.chosen if key.query else self.plain).put(page)
                if self.disk and not key.query:
                    self.disk.put(page)
                return page
            state = after.name
        return answer

    def _forget(self, key: Key) -> None:
        """No page of the public any more: what was is no good copy either."""
        (self.chosen if key.query else self.plain).drop(key)
        if self.disk and not key.query:
            self.disk.drop(key)

    def _asked(self, key: Key, environ: dict[str, Any]) -> Answer:
        """What Django answers to the key, and to nothing else of the request."""
        build = Build(self.strangers)
        told: list[tuple[str, Headers]] = []
        request = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": key.path,
            "QUERY_STRING": key.query, "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": environ["SERVER_NAME"], "SERVER_PORT": environ["SERVER_PORT"],
            "HTTP_HOST": key.host, "REMOTE_ADDR": "", "wsgi.version": (1, 0),
            "wsgi.url_scheme": key.scheme, "wsgi.input": io.BytesIO(),
            "wsgi.errors": environ["wsgi.errors"], "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False, Build.NAME: build,
        }  # fmt: skip
        if settings.TRUST_PROXY:
            request["HTTP_X_FORWARDED_PROTO"] = key.scheme
        if key.fragment:
            request["HTTP_HX_REQUEST"] = "true"
        try:
            parts = self.application(
                request, lambda status, headers, _error=None: told.append((status, headers))
            )
            try:
                body = b"".join(parts)
            finally:
                getattr(parts, "close", lambda: None)()
        finally:
            build.ended()
        ((status, headers),) = told
        return Answer(status, headers, body, build.heard, build.strange)

    def _send(
        self, page: Page, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        self.answers["hit"] += 1
        return page.send(environ, start_response)

    def _tell_what_was_answered(self) -> None:
        """To what watches the site: once a second, since telling takes as long as answering."""
        answers, self.answers = self.answers, Counter()
        for answer, times in list(answers.items()):  # a thread may still be counting
            CACHE.labels(answer).inc(times)
        CACHE_BYTES.set(self.plain.taken + self.chosen.taken)

    def _copy(
        self, key: Key, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """With the database away: the last good copy, which says so, or that there is none."""
        page = self.chosen.get(key) if key.query else None
        if page is None:
            page = self.plain.get(key.alone) or (self.disk.get(key.alone) if self.disk else None)
            if page is not None and page.heard and key.query:
                page = None
        if page is None:
            self.answers["refused"] += 1
            return away.refuse(key.path, start_response)
        self.answers["copy"] += 1
        state = self.watch.state
        held = state.seen_at if page.state == state.name else page.made_at
        return away.send(page, held, environ, start_response)


def _of(state: str, page: Page | None) -> Page | None:
    return page if page is not None and page.state == state else None


@lru_cache(maxsize=8192)
def key_of(host: str, scheme: str, path: str, query: str, fragment: bool) -> Key | None:
    """The key of what a request asks for; None where it is not published, or no text."""
    wanted = normalised(query)
    if not PUBLISHED.match(path) or wanted is None:
        return None
    if settings.SITE_URL:
        # No page then tells under which spelling of the name, or port, it was asked for.
        host, _port = split_domain_port(host)
    return Key(host, scheme, path, wanted, fragment)


def in_front_of(application: Application) -> Application:
    """The page cache as the settings want it; the application itself where they want none."""
    if not settings.PAGE_CACHE_MB:
        return application
    folder = Path(settings.PAGE_CACHE_DIR, version()) if settings.PAGE_CACHE_DIR else None
    room = settings.PAGE_CACHE_MB * 2**20
    cache = PageCache(application, room=room, folder=folder, threads=settings.THREADS)
    if settings.PURGE_URLS:
        keep_informed(cache.watch, settings.PURGE_URLS)
    return cache
