"""What a process costs: its start, its memory, and the works that are done now and then."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.pages import PAGES
from benchmarks.serving import asked, got, imported, run, site

ROUNDS = 3


def measure(database: str, name: str, folder: Path) -> Iterator[Measured]:
    yield Measured(f"cold start to the first page, {name}", "s", list(_starts(database)))
    with site(database, workers=1) as (url, pid):
        before = _memory(pid)
        for path in PAGES.values():
            got(f"{url}{path}")
        asked(f"{url}/en/projects/", 3)
        yield Measured(
            f"memory of a worker, {name}", "MB", [_memory(pid)],
            notes=f"after {len(PAGES)} pages; {before:.0f} MB before them",
        )  # fmt: skip
    with site(database, "django") as (url, _pid):
        address = f"{url}/api/v1/projects?page_size=100"
        rates = [asked(address, 2, connections=4) for _round in range(ROUNDS)]
        yield Measured(f"API, a page of 100 projects, uncached, {name}", "pages/s", rates)
    output = str(folder / "brochure")
    yield Measured(
        f"making the brochures, four languages, {name}", "s",
        _timed(lambda: run(database, "manage.py", "brochures", "--output", output)),
    )  # fmt: skip


def works(folder: Path) -> Iterator[Measured]:
    """Each round imports into a fresh database, and publishes its first new report."""
    imports, publications = [], []
    for turn in range(ROUNDS):
        database = f"sqlite:///{folder / f'works{turn}.sqlite3'}"
        imports += _timed(lambda: imported(database), rounds=1)  # noqa: B023 - called at once
        publications.append(float(run(database, "-m", "benchmarks.publishing")))
    yield Measured(
        "import of the package into an empty database, SQLite", "s", imports,
        notes="with the migrations",
    )  # fmt: skip
    yield Measured("publishing a report, SQLite", "s", publications)


def _timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    found = []
    for _round in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def _starts(database: str) -> Iterator[float]:
    for _round in range(ROUNDS):
        began = time.perf_counter()
        with site(database, workers=1) as (url, _pid):
            got(f"{url}/en/")
            yield time.perf_counter() - began


def _memory(pid: int) -> float:
    """Resident memory of the largest process of a server, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(
        int(line.split()[1]) / 1024
        for each in [str(pid), *children]
        for line in Path(f"/proc/{each}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
