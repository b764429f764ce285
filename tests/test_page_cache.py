"""A published page costs what a file costs; nobody gets a page that was made for another."""

import gzip
import io
import itertools
import queue
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, close_old_connections
from hypothesis import given
from hypothesis import strategies as st

from nextgen.pagecache.lanes import Build, BusyError, Lane
from nextgen.pagecache.page import Key, coding_for
from nextgen.pagecache.published import normalised
from nextgen.pagecache.purge import ban, keep_informed
from nextgen.pagecache.shelf import Disk
from nextgen.pagecache.state import State, Watch
from nextgen.pagecache.wrapper import PageCache
from tests.conftest import wait_until

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


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def django() -> Site:
    return Site()


def cache_before(site: Any, plan: Plan, room: int = 2**22, folder: Path | None = None) -> PageCache:
    cache = PageCache(site, room=room, folder=folder, threads=16)
    cache.watch = plan  # type: ignore[assignment]
    return cache


@pytest.fixture
def cache(django: Site, plan: Plan) -> PageCache:
    return cache_before(django, plan)


@pytest.fixture
def visitor(cache: PageCache) -> Visitor:
    return Visitor(cache)


def test_a_page_is_built_once_and_sent_to_all(visitor: Visitor, django: Site) -> None:
    answers = {visitor.get("/en/")[2] for _visitor in range(5)}
    assert len(answers) == 1
    assert len(django.asked) == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "unpacked"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip;q=0, identity", "", bytes),
        ("", "", bytes),
    ],
)
def test_the_same_page_reaches_whoever_can_read_it(
    visitor: Visitor, accepted: str, coding: str, unpacked: Any
) -> None:
    for _again in range(2):
        _status, headers, body = visitor.get("/en/", HTTP_ACCEPT_ENCODING=accepted)
        assert headers.get("content-encoding", "") == coding
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding"
        assert unpacked(body).startswith(BODY)


def test_a_copy_that_still_holds_is_not_sent_again(visitor: Visitor) -> None:
    tags = {
        visitor.get("/en/", HTTP_ACCEPT_ENCODING=accepted)[1]["etag"]
        for accepted in ("br", "gzip", "")
    }
    assert len(tags) == 3  # strong: other bytes, another tag
    assert not any(tag.startswith("W/") for tag in tags)
    for tag in [*tags, f'"other", W/{min(tags)}', "*"]:
        status, headers, body = visitor.get("/en/", HTTP_IF_NONE_MATCH=tag)
        assert (status, body) == (304, b"")
        assert "etag" in headers
        assert "content-length" not in headers
    assert visitor.get("/en/", HTTP_IF_NONE_MATCH='"other"')[0] == 200


def test_a_head_has_the_length_and_no_body(visitor: Visitor) -> None:
    _status, headers, body = visitor.get("/en/", "HEAD")
    assert body == b""
    assert int(headers["content-length"]) > len(BODY)


def test_a_fragment_is_no_page(visitor: Visitor) -> None:
    fragment = visitor.get("/en/projects/", HTTP_HX_REQUEST="true")
    page = visitor.get("/en/projects/")
    restored = visitor.get(
        "/en/projects/", HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true"
    )
    assert fragment[2] != page[2] == restored[2]


def test_languages_hosts_and_schemes_are_kept_apart(visitor: Visitor) -> None:
    answers = {
        visitor.get("/en/")[2],
        visitor.get("/nl/")[2],
        visitor.get("/en/", HTTP_HOST="example.org")[2],
        visitor.get("/en/", **{"wsgi.url_scheme": "https"})[2],
    }
    assert len(answers) == 4


def test_what_only_tracks_visitors_makes_no_other_page(visitor: Visitor, django: Site) -> None:
    visitor.get("/en/projects/?authority=FLA&pillar=1")
    built = len(django.asked)
    visitor.get("/en/projects/?pillar=1&utm_source=news&authority=FLA")
    assert len(django.asked) == built


parameters = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=6)


@given(parameters)
def test_a_normalised_query_stays_as_it_is(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import parse_qsl, urlencode  # noqa: PLC0415

    query = urlencode(pairs)
    once = normalised(query)
    assert once is not None
    assert normalised(once) == once
    kept = parse_qsl(once, keep_blank_values=True)
    for name in {name for name, _value in kept}:
        values = [v for n, v in parse_qsl(query, keep_blank_values=True) if n == name]
        assert [v for n, v in kept if n == name] == values


@pytest.mark.parametrize("query", ["q=" + "a" * 3000, "a=1&" * 200, "q=\xe9"])
def test_an_absurd_query_goes_to_django_and_is_not_kept(
    visitor: Visitor, cache: PageCache, query: str
) -> None:
    assert visitor.get(f"/en/projects/?{query}")[0] == 200
    assert visitor.get(f"/en/{'a' * 3000}/")[0] == 200
    assert not len(cache.plain) + len(cache.chosen)


def test_a_page_that_does_not_hear_its_query_is_one_page(
    visitor: Visitor, django: Site, cache: PageCache
) -> None:
    django.heard = False
    answers = {visitor.get(f"/en/?x={n}")[2] for n in range(20)}
    assert len(answers) == len(django.asked) == 1
    assert len(cache.chosen) == 0


def test_a_page_that_names_a_wrong_value_is_never_kept(
    visitor: Visitor, django: Site, cache: PageCache
) -> None:
    visitor.get("/en/projects/?pillar=wrong")
    visitor.get("/en/projects/?pillar=wrong")
    assert len(cache.chosen) == 0
    assert [each["QUERY_STRING"] for each in django.asked] == ["", *["pillar=wrong"] * 2]


def test_a_scanner_fills_nothing_and_drives_nobody_out(django: Site, plan: Plan) -> None:
    cache = cache_before(django, plan, room=400_000)
    visitor = Visitor(cache)
    pages = [f"/en/projects/{n}/" for n in range(20)]
    for page in pages:
        visitor.get(page)
    for n in range(500):
        visitor.get(f"/en/projects/?q=word{n}")
        assert cache.chosen.taken <= cache.chosen.room
    built = len(django.asked)
    for page in pages:
        visitor.get(page)
    assert len(django.asked) == built


def test_what_nobody_asks_for_again_goes_first(django: Site, plan: Plan) -> None:
    cache = cache_before(django, plan, room=60_000)
    visitor = Visitor(cache)
    visitor.get("/en/asked-for/")
    for n in range(100):
        visitor.get("/en/asked-for/")
        visitor.get(f"/en/{n}/")
    assert len([each for each in django.asked if each["PATH_INFO"] == "/en/asked-for/"]) == 1
    assert len(cache.plain) < 20


def at_once(*asks: Any) -> list[Any]:
    """What each of these gives, all begun before any ends."""
    answers: list[Any] = [None] * len(asks)

    def run(n: int, ask: Any) -> None:
        answers[n] = ask()

    threads = [threading.Thread(target=run, args=[n, ask]) for n, ask in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


def test_however_many_ask_at_once_a_page_is_built_once(visitor: Visitor, django: Site) -> None:
    everybody_is_there = threading.Event()
    django.meanwhile = lambda: everybody_is_there.wait(20)
    waiting = threading.Timer(0.3, everybody_is_there.set)
    waiting.start()
    answers = at_once(*[lambda: visitor.get("/en/")[2]] * 12)
    assert len(set(answers)) == len(django.asked) == 1


def test_a_crowd_of_wrong_values_is_turned_away_and_the_others_are_served(
    visitor: Visitor, django: Site
) -> None:
    visitor.get("/en/")
    visitor.get("/en/projects/")
    building, go_on = threading.Event(), threading.Event()

    def stand() -> None:
        building.set()
        go_on.wait(20)

    django.meanwhile = stand
    crowd = [
        threading.Thread(target=visitor.get, args=[f"/en/projects/?pillar=wrong{n}"])
        for n in range(30)
    ]
    for each in crowd:
        each.start()
    assert building.wait(20)
    assert visitor.get("/en/")[0] == 200
    status, headers, _body = visitor.get("/en/projects/?pillar=one-too-many")
    assert status == 503
    assert int(headers["retry-after"]) > 0
    go_on.set()
    for each in crowd:
        each.join(20)
    assert visitor.get("/en/projects/?pillar=1")[0] == 200


@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("q=a", {"HTTP_RANGE": "bytes=0-0"}),
        ("q=a", {"HTTP_COOKIE": "sessionid=made-up"}),
        ("q=" + "a" * 3000, {}),
        ("a=1&" * 200, {}),
    ],
)
def test_no_crowd_goes_round_the_lanes(
    visitor: Visitor, django: Site, query: str, header: dict[str, str]
) -> None:
    visitor.get("/en/")
    go_on = threading.Event()
    django.meanwhile = lambda: go_on.wait(20)
    answers: queue.Queue[int] = queue.Queue()

    def ask() -> None:
        answers.put(visitor.get(f"/en/projects/?{query}", **header)[0])

    crowd = [threading.Thread(target=ask) for _each in range(16)]
    for each in crowd:
        each.start()
    assert [answers.get(timeout=20) for _turned_away in range(10)] == [503] * 10
    assert visitor.get("/en/")[0] == 200
    go_on.set()
    for each in crowd:
        each.join(20)
    assert [answers.get(timeout=20) for _served in range(6)] == [200] * 6


def test_a_public_change_makes_every_page_new(visitor: Visitor, plan: Plan) -> None:
    before = visitor.get("/en/")
    plan.state = State("second", seen_at=1.0)
    after = visitor.get("/en/")
    assert after[2] != before[2]
    assert visitor.get("/en/") == after


def test_a_page_never_speaks_of_two_states_at_once(
    visitor: Visitor, django: Site, plan: Plan
) -> None:
    """A change that comes while it is built: it is built again."""

    def publish_once() -> None:
        if len(django.asked) == 1:
            plan.state = State("second", seen_at=1.0)

    django.meanwhile = publish_once
    assert visitor.get("/en/")[2].endswith(b" 2")
    assert visitor.get("/en/")[2].endswith(b" 2")


def test_what_was_asked_before_a_change_is_no_answer_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A question that another visitor has put already may be answered by the state before."""
    asking, answer = threading.Event(), threading.Event()
    stamps = itertools.chain(["before"], itertools.repeat("after"))

    def ask() -> str:
        stamp = next(stamps)
        asking.set()
        answer.wait(20)
        return stamp

    monkeypatch.setattr("nextgen.pagecache.state.ask", ask)
    watch = Watch()
    somebody = threading.Thread(target=watch.now)
    somebody.start()
    assert asking.wait(20)
    watch.forget()
    threading.Timer(0.2, answer.set).start()
    assert watch.now().name.startswith("after ")
    somebody.join(20)


def test_who_is_logged_in_gets_and_leaves_nothing(
    visitor: Visitor, django: Site, cache: PageCache
) -> None:
    visitor.get("/en/", HTTP_COOKIE="sessionid=abc")
    assert len(cache.plain) == 0
    assert "HTTP_COOKIE" in django.asked[0]
    visitor.get("/en/")
    assert visitor.get("/en/", HTTP_COOKIE="a=b; sessionid=abc")[2].endswith(b" 3")


@pytest.mark.parametrize(
    "header",
    [
        {"Set-Cookie": "a=b"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "private, max-age=60"},
        {"Vary": "Accept-Encoding, Cookie"},
        {"Vary": "Accept-Language"},
    ],
)
def test_what_is_not_for_everybody_is_not_kept(plan: Plan, header: dict[str, str]) -> None:
    cache = cache_before(Site(**header), plan)
    assert Visitor(cache).get("/en/recipients/")[0] == 200
    assert len(cache.plain) == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/en/"), ("GET", "/admin/"), ("GET", "/healthz"), ("GET", "/"), ("PUT", "/api/v1/")],
)
def test_what_is_no_published_page_goes_straight_to_django(
    visitor: Visitor, cache: PageCache, method: str, path: str
) -> None:
    visitor.get(path, method)
    visitor.get(path, method)
    assert not len(cache.plain) + len(cache.chosen)
    assert cache.answers["passed"] == 2


def test_nothing_that_a_visitor_sends_finds_its_way_into_the_page_of_another(
    visitor: Visitor, django: Site
) -> None:
    """A poisoned key: only what a page is known by takes part in its making."""
    poison = {
        "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher",
        "HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_ACCEPT_LANGUAGE": "de", "HTTP_COOKIE": "django_language=fr", "HTTP_ORIGIN": "null",
        "HTTP_AUTHORIZATION": "Bearer x", "HTTP_HX_TARGET": "evil", "HTTP_USER_AGENT": "evil",
        "HTTP_HX_CURRENT_URL": "https://evil.example/", "HTTP_ACCEPT": "text/evil",
        "CONTENT_LENGTH": "4", "REMOTE_ADDR": "192.0.2.1", "SCRIPT_NAME": "/evil",
    }  # fmt: skip
    visitor.get("/en/", **poison)
    (asked,) = django.asked
    assert not [name for name in poison if asked.get(name)]


def test_with_the_database_away_the_last_good_copy_says_so(visitor: Visitor, plan: Plan) -> None:
    visitor.get("/nl/")
    plan.state = State(plan.state.name, plan.state.seen_at, away=True)
    status, headers, body = visitor.get("/nl/", HTTP_ACCEPT_ENCODING="gzip")
    assert status == 200
    assert headers["warning"].startswith("110 ")
    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers
    words = gzip.decompress(body).decode()
    assert "U ziet een kopie." in words
    assert "14 november 2023, 23:13" in words.replace("\xa0", " ")  # when it last answered


def test_a_copy_of_an_earlier_state_tells_when_it_was_made(
    visitor: Visitor, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nextgen.pagecache.wrapper.time.time", lambda: 1_600_000_000.0)
    visitor.get("/en/plan/")
    plan.state = State("second", seen_at=1_700_000_000.0, away=True)
    assert "13 September 2020, 14:26" in visitor.get("/en/plan/")[2].decode().replace("\xa0", " ")


def test_a_page_without_a_copy_gives_a_plain_503(visitor: Visitor, plan: Plan) -> None:
    plan.state = State("first", away=True)
    status, headers, body = visitor.get("/fr/projets/")
    assert status == 503
    assert headers["retry-after"] == "10"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "Indisponible pour l’instant" in body.decode()


def test_what_was_taken_out_of_public_sight_leaves_no_copy(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    visitor = Visitor(cache_before(django, plan, folder=tmp_path))
    visitor.get("/en/projects/gone/")
    plan.state, django.status = State("second", seen_at=1.0), "404 Not Found"
    assert visitor.get("/en/projects/gone/")[0] == 404
    plan.state = State("second", seen_at=1.0, away=True)
    assert visitor.get("/en/projects/gone/")[0] == 503
    assert not list(tmp_path.iterdir())


def test_a_process_that_starts_finds_what_another_built(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    before = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    after = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    assert after == before
    assert len(django.asked) == 1


def test_a_process_that_starts_with_the_database_away_has_copies(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    plan.state = State(away=True)
    status, headers, _body = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    assert status == 200
    assert "warning" in headers


def test_what_earlier_versions_kept_is_cleared_away_and_nothing_else(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    """The folder that an operator names may hold other things too."""
    earlier, mine = tmp_path / f"pages-{'0' * 32}", tmp_path / f"pages-{'1' * 32}"
    for folder in (earlier, mine, tmp_path / "backups"):
        folder.mkdir()
    cache_before(django, plan, folder=mine)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["backups", mine.name]


@pytest.mark.parametrize("damage", [b"", b"{}\nx", b"no json"])
def test_half_a_page_on_the_disk_is_none(
    django: Site, plan: Plan, tmp_path: Path, damage: bytes
) -> None:
    Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage or file.read_bytes()[:-10])
    assert Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")[2].endswith(b" 2")


def test_a_full_disk_keeps_nobody_from_a_page(django: Site, plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder would be")
    cache = cache_before(django, plan)
    cache.disk = Disk(tmp_path / "file" / "pages", 2**20)
    assert [Visitor(cache).get(path)[0] for path in ("/en/", "/nl/", "/en/")] == [200] * 3


def test_pages_fill_no_disk(django: Site, plan: Plan, tmp_path: Path) -> None:
    """However many addresses there are; what is kept is renewed all the same."""
    for started in range(2):
        cache = cache_before(django, plan, room=10_000, folder=tmp_path)
        for n in range(100):
            Visitor(cache).get(f"/en/projects/{started}-{n}/")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 40_000
    plan.state = State("second", seen_at=1.0)
    Visitor(cache).get("/en/projects/0-0/")
    assert cache.disk
    kept = cache.disk.get(Key("localhost", "http", "/en/projects/0-0/"))
    assert kept
    assert kept.state == "second"


def test_another_spelling_of_the_name_makes_no_other_page(
    visitor: Visitor, django: Site, settings: Any
) -> None:
    settings.SITE_URL = "https://example.org"
    for host in ("localhost", "LOCALHOST", "localhost.", "localhost:1", "localhost:0002"):
        visitor.get("/en/", HTTP_HOST=host)
    assert [each["HTTP_HOST"] for each in django.asked] == ["localhost"]


def test_a_build_that_hangs_keeps_nobody_who_asks_for_the_same_page(
    visitor: Visitor, django: Site, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nextgen.pagecache.wrapper.A_SECOND", 0.01)
    visitor.get("/en/")
    plan.state = State("second", seen_at=1.0)
    building, go_on = threading.Event(), threading.Event()

    def hang() -> None:
        building.set()
        go_on.wait(20)

    django.meanwhile = hang
    first = threading.Thread(target=visitor.get, args=["/en/"])
    first.start()
    assert building.wait(20)
    assert visitor.get("/en/")[0] == 503  # nobody knows yet why
    plan.state = State("second", seen_at=1.0, away=True)
    assert "warning" in visitor.get("/en/")[1]
    go_on.set()
    first.join(20)


def test_a_turn_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nextgen.pagecache.lanes.LONGEST", 0.01)
    lane = Lane(1, 2)
    with lane.turn():
        for _again in range(3):
            with pytest.raises(BusyError), lane.turn():
                raise AssertionError
    with lane.turn():
        pass


def test_whatever_the_database_answers_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [InterfaceError("closed"), RuntimeError(), "a stamp"]

    def ask() -> Any:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("nextgen.pagecache.state.ask", ask)
    watch = Watch()

    def is_back() -> bool:
        watch.forget()
        return not watch.now().away

    assert not is_back()
    wait_until(is_back, seconds=20)


@pytest.fixture
def whole_site(db: None) -> Iterator[Any]:
    """Django itself, which here must not close the connection that the test rolls back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("path", ["/en/", "/nl/projecten/", "/fr/avancement/2023-12/"])
def test_a_kept_page_is_what_django_makes_of_it(whole_site: Any, plan: Plan, path: str) -> None:
    cache = cache_before(whole_site, plan)
    first, again = (Visitor(cache).get(path) for _twice in range(2))
    assert first == again
    straight = Visitor(cache).get(path, HTTP_COOKIE="sessionid=nobody")
    assert straight[2] == again[2]
    assert again[1]["surrogate-key"].startswith("plan ")
    assert len(cache.plain) == 1


def test_the_site_hears_and_names_wrong_values(whole_site: Any, plan: Plan) -> None:
    """What the cache relies on: which pages hear their query, and which name something wrong."""
    cache = cache_before(whole_site, plan)
    visitor = Visitor(cache)
    assert b"nonsense" in visitor.get("/en/projects/?pillar=nonsense")[2]
    assert b"stranger" in visitor.get("/en/projects/?stranger=1")[2]
    assert len(cache.chosen) == 0
    visitor.get("/en/projects/?pillar=1")
    assert len(cache.chosen) == 1
    visitor.get("/en/plan/?stranger=1")
    assert len(cache.chosen) == 1


def test_a_crowd_of_wrong_values_does_not_fill_the_log(
    whole_site: Any, plan: Plan, caplog: pytest.LogCaptureFixture
) -> None:
    cache = cache_before(whole_site, plan)
    visitor = Visitor(cache)
    visitor.get("/en/projects/")
    with cache.strangers.turn():
        assert visitor.get("/en/projects/?pillar=nonsense")[0] == 503
    assert not [record for record in caplog.records if record.exc_info]


def test_a_cache_in_front_is_told_that_the_plan_has_changed(plan: Plan) -> None:
    """Once for each state, by the name that all pages carry."""
    told: queue.Queue[tuple[str, str | None]] = queue.Queue()

    class Front(BaseHTTPRequestHandler):
        def do_BAN(self) -> None:
            told.put((self.command, self.headers["Surrogate-Key"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Front) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        keep_informed(plan, [f"http://127.0.0.1:{front.server_port}/"])  # type: ignore[arg-type]
        assert told.get(timeout=20) == ("BAN", "plan")
        plan.state = State("second", seen_at=1.0)
        assert told.get(timeout=20) == ("BAN", "plan")
        front.shutdown()


def test_a_cache_that_speaks_no_http_ends_nothing() -> None:
    """Else no cache would ever be told again."""

    class Strange(BaseHTTPRequestHandler):
        def do_BAN(self) -> None:
            self.wfile.write(b"nonsense\r\n\r\n")

        def log_message(self, *_words: object) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Strange) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        ban(f"http://127.0.0.1:{front.server_port}/")
        front.shutdown()


def test_codings_are_understood_as_the_standard_says() -> None:
    assert coding_for("br;q=1.0, gzip;q=0.8, *;q=0.1") == "br"
    assert coding_for("*") == "br"
    assert coding_for("br;q=0, *") == "gzip"
    assert coding_for("identity") == ""
    assert Key("a", "http", "/en/").name != Key("a", "http", "/nl/").name
