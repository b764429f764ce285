"""Tells the caches in front of the site that its pages have changed."""

import logging
import threading
import time
from collections.abc import Sequence
from http.client import HTTPException
from urllib.request import Request, urlopen

from nextgen.pagecache.state import A_SECOND, Watch

log = logging.getLogger(__name__)
TIMEOUT = 5  # seconds
# Every page speaks of the plan: by this name all are dropped.
NAMES = {"Surrogate-Key": "plan"}


def keep_informed(watch: Watch, addresses: Sequence[str]) -> threading.Thread:
    """Look once a second, even when nobody asks, and send a BAN where the plan has changed.

    Each process does: whichever sees it first, no cache holds an older page for longer.
    """

    def look() -> None:
        known = ""
        while True:
            state = watch.now()
            if state.name != known and not state.away:
                known = state.name
                for address in addresses:
                    ban(address)
            time.sleep(A_SECOND)

    thread = threading.Thread(target=look, name="purge", daemon=True)
    thread.start()
    return thread


def ban(address: str) -> None:
    """Ask one cache to drop all pages of the plan; a cache that does not answer is told in the log.

    What it holds grows stale by itself within the time that the pages allow.
    """
    try:
        with urlopen(Request(address, headers=NAMES, method="BAN"), timeout=TIMEOUT):  # noqa: S310
            pass
    except (OSError, HTTPException) as error:
        log.warning("The cache at %s was not told that pages have changed: %s.", address, error)
