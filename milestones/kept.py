"""What is worked out from the public data and kept in memory until that data changes."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any

from django.db import connection

from milestones.models import Stamp

MOST = 256  # things that a process keeps
_kept: dict[Hashable, tuple[str, Any]] = {}
_making = RLock()
# What a request was told already: one stamp, or none yet.
_told: ContextVar[list[str] | None] = ContextVar("told", default=None)


@contextmanager
def of_one_stamp(stamp: str = "") -> Iterator[None]:
    """For what only reads: the stamp is asked for once within, or is this one.

    With a `stamp` of its own it may stand in a transaction, in which then nothing else may write.
    """
    before = _told.set(_told.get() or ([stamp] if stamp else []))
    try:
        yield
    finally:
        _told.reset(before)


def _stamp() -> str | None:
    told = _told.get()
    if told:
        return told[0]
    if connection.in_atomic_block:
        return None
    stamp = Stamp.objects.token()
    if told is not None:
        told.append(stamp)
    return stamp


def kept[Value](key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` gives: made once in a process as long as the public data has the same stamp.

    Not within a transaction, which may see what it has written itself. One query; none where the
    stamp was asked for already. What is kept is shared by all threads: nobody changes it.
    """
    stamp = _stamp()
    if stamp is None:
        return make()
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
