"""What is worked out from the public data and kept in memory until that data changes."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any

from django.db import connection

from milestones.models import Stamp

MOST = 64  # things that a process keeps
_kept: dict[Hashable, tuple[str, Any]] = {}
_making = RLock()
# What a request was told already: one stamp, or none yet.
_told: ContextVar[list[str] | None] = ContextVar("told", default=None)


@contextmanager
def stamp_asked_once() -> Iterator[None]:
    """For what only reads and takes a moment: all of it is of the stamp of its beginning."""
    before = _told.set([])
    try:
        yield
    finally:
        _told.reset(before)


def _stamp() -> str:
    told = _told.get()
    if told is None:
        return Stamp.objects.token()
    if not told:
        told.append(Stamp.objects.token())
    return told[0]


def kept[Value](key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` gives: made once in a process as long as the public data has the same stamp.

    Not within a transaction, which may see what it has written itself. One query; none where the
    stamp was asked for already. What is kept is shared by all threads: nobody changes it.
    """
    if connection.in_atomic_block:
        return make()
    stamp = _stamp()
    found = _kept.get(key)
    if found is None or found[0] != stamp:
        with _making:  # once, however many ask
            found = _kept.get(key)
            if found is None or found[0] != stamp:
                if key not in _kept and len(_kept) >= MOST:
                    del _kept[next(iter(_kept))]
                found = _kept[key] = stamp, make()
    value: Value = found[1]
    return value
