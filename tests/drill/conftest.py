"""Copies of a site in which people work: its plan, an editor, a draft that is nearly full."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.conftest import DATABASE_URL
from tests.drill import writes
from tests.drill.copies import ON_POSTGRESQL, Copy, one_more


@pytest.fixture(scope="session")
def site_in_use(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Copy]:
    """The site that is copied; nothing writes to it any more."""
    name = connection.settings_dict["NAME"]
    connection.close()
    shared = Copy(f"sqlite:///{name}")
    if ON_POSTGRESQL:
        connection.close_pool()  # type: ignore[attr-defined]
        shared = Copy(urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl())
    with one_more(shared, tmp_path_factory.mktemp("drill"), worker_id) as site:
        writes.run(writes.prepare, copy=site)
        yield site


@pytest.fixture
def new_copy(site_in_use: Copy, tmp_path: Path, worker_id: str) -> Iterator[Callable[[], Copy]]:
    """Makes one more copy: `new_copy()`."""
    with ExitStack() as copies:
        yield lambda: copies.enter_context(one_more(site_in_use, tmp_path, worker_id))


@pytest.fixture
def copy(new_copy: Callable[[], Copy]) -> Copy:
    return new_copy()
