"""A public change is seen on every page; with the database away, the last good copy says so."""

import gzip
import itertools
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import InterfaceError

from nextgen.pagecache.purge import ban, keep_informed
from nextgen.pagecache.state import State, Watch
from tests.conftest import wait_until
from tests.pagecache.standing_in import Plan, Site, Visitor, cache_before


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


def test_after_a_change_no_page_is_read_from_a_file_that_was_put_aside(
    visitor: Visitor, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection lives for a second: what it was opened to may be another's place by then."""
    closed: list[str] = []
    monkeypatch.setattr(
        "nextgen.pagecache.wrapper.connection",
        SimpleNamespace(in_atomic_block=False, close=lambda: closed.append(plan.state.name)),
    )
    for state in ("first", "second"):
        plan.state = State(state, seen_at=1.0)
        for path in ("/en/", "/nl/"):
            visitor.get(path)
    assert closed == ["first", "second"]
