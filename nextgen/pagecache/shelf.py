"""Where pages are kept: in memory within bounds, and on a disk where a folder is given."""

import logging
import os
import re
import shutil
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from nextgen.pagecache.page import Key, Page

log = logging.getLogger(__name__)
VERSION = re.compile(r"pages-[0-9a-f]{32}")


class Shelf:
    """Pages in at most `room` bytes; when it is full, those go first that nobody asked for again.

    Used by many threads at once; reading takes no lock.
    """

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        if page is not None:
            page.used = True
        return page

    def put(self, page: Page) -> None:
        """Keep a page instead of the one that its key had; one that is larger than all is not."""
        if page.size > self.room // 4:
            return
        with self._lock:
            if old := self._pages.pop(page.key, None):
                self.taken -= old.size
            self._pages[page.key] = page
            self.taken += page.size
            while self.taken > self.room:
                key, oldest = self._pages.popitem(last=False)
                if oldest.used and oldest is not page:
                    oldest.used = False
                    self._pages[key] = oldest
                else:
                    self.taken -= oldest.size

    def drop(self, key: Key) -> None:
        with self._lock:
            if old := self._pages.pop(key, None):
                self.taken -= old.size


class Disk:
    """Pages in a folder, so that a process that starts finds what another one built.

    Never an error: a page that cannot be written or read is one that is not there. Once they take
    `room` bytes, pages that are there are renewed and none is added.
    """

    def __init__(self, folder: Path, room: int) -> None:
        self.folder, self.room, self.taken = folder, room, 0
        self.told = False
        with suppress(OSError):
            self.taken = sum(map(_size, folder.iterdir()))

    def get(self, key: Key) -> Page | None:
        try:
            content = (self.folder / key.name).read_bytes()
        except OSError:
            return None
        return Page.read(key, content)

    def put(self, page: Page) -> None:
        """Written beside and then renamed: another process never reads a half."""
        place, content = self.folder / page.key.name, page.written()
        grows = len(content) - _size(place)
        if grows > 0 and self.taken + grows > self.room:
            self._tell("there are as many as may be")
            return
        written = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            written.write_bytes(content)
            written.replace(place)
            self.taken += grows
        except OSError as error:
            with suppress(OSError):
                written.unlink(missing_ok=True)
            self._tell(error.strerror)

    def drop(self, key: Key) -> None:
        place = self.folder / key.name
        with suppress(OSError):
            size = _size(place)
            place.unlink()
            self.taken -= size

    def _tell(self, why: str | None) -> None:
        if not self.told:
            self.told = True
            log.warning("Pages are not kept in %s: %s.", self.folder, why)

    def leave_others(self) -> None:
        """Clear away what earlier versions of the site kept beside this folder, and nothing else.

        The folder that an operator names may hold other things too.
        """
        with suppress(OSError):
            for other in self.folder.parent.iterdir():
                if VERSION.fullmatch(other.name) and other != self.folder:
                    shutil.rmtree(other, ignore_errors=True)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
