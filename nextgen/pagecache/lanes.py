"""How many pages are built at once, so that no crowd keeps everybody else waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

LONGEST = 10.0  # seconds that somebody waits: a build that hangs must not keep the others


class BusyError(Exception):
    """Too many ask for pages of this kind at this moment: to be answered by 503."""


class Lane:
    """Builds `at_once` pages; others wait for their turn, until there are `inside` in all."""

    def __init__(self, at_once: int, inside: int) -> None:
        self._building = BoundedSemaphore(at_once)
        self._inside = BoundedSemaphore(max(inside, at_once))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn. Raises BusyError where too many wait already, or it does not come."""
        if not self._inside.acquire(blocking=False):
            raise BusyError
        try:
            if not self._building.acquire(timeout=LONGEST):
                raise BusyError
            try:
                yield
            finally:
                self._building.release()
        finally:
            self._inside.release()


class Build:
    """One page in the making, as Django finds it in `request.META[Build.NAME]`.

    `heard`: the page looked at the query of its address.
    """

    NAME = "nextgen.build"

    def __init__(self, strangers: Lane) -> None:
        self.heard = self.strange = False
        self._turn = strangers.turn()

    def names_something_unknown(self) -> None:
        """Such a page is never kept, and few are built at once. Raises BusyError beyond."""
        if not self.strange:
            self._turn.__enter__()
            self.strange = True

    def ended(self) -> None:
        if self.strange:
            self._turn.__exit__(None, None, None)
