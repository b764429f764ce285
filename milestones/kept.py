"""What is worked out from the public data and kept in memory until that data changes."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any

from django.db import connection

from milestones.models import Stamp

MOST = 64  # things that a process keeps
_kept: dict[Hashable, tuple[str, Any]] = {}
_making = RLock()


def kept[Value](key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` gives: made once in a process as long as the public data has the same stamp.

    Not within a transaction, which may see what it has written itself; one query.
    """
    if connection.in_atomic_block:
        return make()
    stamp = Stamp.objects.token()
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
