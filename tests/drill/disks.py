"""A disk that a test may fill: a real one, in memory, which root mounts.

Where nobody may mount, files may not grow instead (RLIMIT_FSIZE): SQLite is refused the write all
the same. PostgreSQL's tests need root anyway.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

LEFT = 200_000  # bytes, on a full disk: enough to read the plan, too little to write it


@dataclass
class Disk:
    """A folder with so much room and no more, once it is full."""

    folder: Path
    mounted: bool
    full: bool = False

    def fill(self) -> None:
        self.full = True
        if self.mounted:
            room = os.statvfs(self.folder)
            with self._ballast.open("wb") as ballast:
                os.posix_fallocate(ballast.fileno(), 0, room.f_bavail * room.f_frsize - LEFT)

    def free(self) -> None:
        self.full = False
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    @property
    def prefix(self) -> tuple[str, ...]:
        """What goes before a command that writes to it."""
        return ("prlimit", f"--fsize={LEFT}") if self.full and not self.mounted else ()

    def on(self, write: Callable[[], str]) -> "OnDisk":
        """This write, by somebody who writes to it."""
        return OnDisk(write, limit=LEFT if self.prefix else None)


@dataclass(frozen=True)
class OnDisk:
    write: Callable[[], str]
    limit: int | None

    def __call__(self) -> str:
        if self.limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self.limit))
        return self.write()


@contextmanager
def small_disk(megabytes: int, owner: str = "root") -> Iterator[Disk]:
    folder = Path(mkdtemp(prefix="small-disk-"))
    options = f"size={megabytes}m,mode=0755,uid={owner}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "small", str(folder)],
        stderr=subprocess.DEVNULL, check=False,
    ).returncode == 0  # fmt: skip
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder)
