"""The page cache in front of the site itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from tests.pagecache.standing_in import Plan, Visitor, cache_before


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
