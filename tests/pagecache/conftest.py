"""A cache of its own for each test."""

import pytest

from nextgen.pagecache.wrapper import PageCache
from tests.pagecache.standing_in import Plan, Site, Visitor, cache_before


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def django() -> Site:
    return Site()


@pytest.fixture
def cache(django: Site, plan: Plan) -> PageCache:
    return cache_before(django, plan)


@pytest.fixture
def visitor(cache: PageCache) -> Visitor:
    return Visitor(cache)
