"""Neither a crowd nor a scanner keeps the others from their pages."""

import queue
import threading
from typing import Any

import pytest

from nextgen.pagecache.lanes import BusyError, Lane
from nextgen.pagecache.state import State
from nextgen.pagecache.wrapper import PageCache
from tests.pagecache.standing_in import Plan, Site, Visitor, cache_before


def test_what_only_tracks_visitors_makes_no_other_page(visitor: Visitor, django: Site) -> None:
    visitor.get("/en/projects/?authority=FLA&pillar=1")
    built = len(django.asked)
    visitor.get("/en/projects/?pillar=1&utm_source=news&authority=FLA")
    assert len(django.asked) == built


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
