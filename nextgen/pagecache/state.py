"""Which state of the plan is the public one: asked of the database at most once a second."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, replace
from threading import Lock

from django.db import connection
from django.utils import timezone

from milestones.models import Stamp

log = logging.getLogger(__name__)
A_SECOND = 1.0
PATIENCE = 2.0  # seconds that a visitor waits for the answer before the last good copy is shown


@dataclass(frozen=True)
class State:
    """Its `name` is the stamp of the public data and the day, of which a page speaks too.

    `away` while the database does not answer; `seen_at` (POSIX) is when it last did. The name is
    '' until it has answered for the first time.
    """

    name: str = ""
    seen_at: float = 0.0
    away: bool = False


def ask() -> str:
    """The stamp, by a connection that is given back: a file put in the place of another is seen."""
    try:
        return Stamp.objects.token()
    finally:
        connection.close()


class Watch:
    """Keeps the state, at most a second old, and never lets a visitor wait for long."""

    def __init__(self) -> None:
        self.state = State()
        self._checked = float("-inf")
        self._lock = Lock()
        self._asking: Future[str] | None = None
        self._asked_at = self._wanted_at = float("-inf")
        # In a thread of its own: a database that does not answer keeps nobody else.
        self._asker = ThreadPoolExecutor(1, thread_name_prefix="stamp")

    def now(self) -> State:
        if time.monotonic() - self._checked > A_SECOND:
            self._check(self._wanted_at)
        return self.state

    def forget(self) -> None:
        """Ask again at the next request, by a question that is put after this moment."""
        with self._lock:
            self._wanted_at = time.monotonic()
            self._checked = float("-inf")

    def _check(self, wanted_at: float) -> None:
        """Put the question, or wait for one that is put already if that was not too early."""
        with self._lock:
            if time.monotonic() - self._checked <= A_SECOND:
                return
            if self._asking is None:
                self._asking, self._asked_at = self._asker.submit(ask), time.monotonic()
            asking, asked_at = self._asking, self._asked_at
        try:
            stamp = asking.result(0 if self.state.away and not asking.done() else PATIENCE)
        except TookTooLong:
            self._found(asking, None)
        except Exception as error:  # noqa: BLE001 - whatever it is, ask again in a second
            self._found(asking, None, str(error) or repr(error))
        else:
            self._found(asking, stamp)
            if asked_at < wanted_at:
                self._check(wanted_at)

    def _found(
        self, asking: Future[str], stamp: str | None, why: str = "no answer in time"
    ) -> None:
        with self._lock:
            if asking is not self._asking:
                return  # of all who waited for the answer, one was first
            if asking.done():
                self._asking = None
            before = self.state
            if stamp is None:
                self.state = replace(before, away=True)
            else:
                self.state = State(f"{stamp} {timezone.localdate()}", time.time())
            if stamp is None or self._asked_at >= self._wanted_at:
                self._checked = time.monotonic()
        if self.state.away != before.away:
            if self.state.away:
                log.error("The database is away: %s. Last good copies are sent.", why.strip())
            else:
                log.warning("The database is back.")
