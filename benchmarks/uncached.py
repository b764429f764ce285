"""The list of projects, built anew for each request, against Datasette's page of the same rows.

Ours is Django without the pages kept ready in front of it, with what it keeps of the public data
between two changes; the first page after a change, which works that out, is told beside it. Each of
its processes builds one page at a time, as Datasette's does: two at once only take turns.
Datasette reads one plain table with an index a facet, and is given all the time that it wants.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import flat
from benchmarks.measured import Measured, alternated
from benchmarks.serving import asked, environment, free_port, got, run, site, started

PAGE = "/en/projects/"
ASKED = urlencode([
    ("_size", 25), ("_sort_desc", "budget"), ("_facet_size", "max"),
    *(("_facet", name) for name in flat.FACETS),
    *(("_facet_array", name) for name in flat.ARRAYS),
])  # fmt: skip
SETTINGS = {
    "facet_time_limit_ms": 600_000,
    "sql_time_limit_ms": 600_000,
    "suggest_facets": "off",
    "default_facet_size": 100,
}
WRITE = (
    "import django; django.setup(); from pathlib import Path; from benchmarks import flat;"
    "print(flat.write(Path({file!r})))"
)


def measure(
    database: str, name: str, folder: Path, rounds: int, seconds: float
) -> Iterator[Measured]:
    """At most `seconds` a measurement, by wrk."""
    file = folder / "projects.db"
    count = int(run(database, "-c", WRITE.format(file=str(file))))
    port = free_port()
    theirs = f"http://127.0.0.1:{port}/projects/projects?{ASKED}"
    options = [option for pair in SETTINGS.items() for option in ("--setting", *map(str, pair))]
    command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(file)]
    command += ["--port", str(port), *options]
    with (
        started(command, theirs, environment(database)),
        site(database, "django", threads=1) as (ours, _pid),
    ):
        began = time.perf_counter()
        got(f"{ours}{PAGE}")
        first = time.perf_counter() - began
        for _warm in range(6):  # each worker has worked out what it keeps
            asked(f"{ours}{PAGE}", 1)
        pairs = alternated(
            rounds,
            lambda: asked(f"{ours}{PAGE}", seconds, connections=4),
            lambda: asked(theirs, seconds, connections=4),
        )
        yield Measured(
            f"uncached list of {count:,} projects, {name}", "pages/s", *pairs, "Datasette", 5,
            "25 rows, 7 facets, 4 connections",
        )  # fmt: skip
        pairs = alternated(rounds, lambda: _one(f"{ours}{PAGE}"), lambda: _one(theirs))
        yield Measured(
            f"one page of it, nobody else asking, {name}", "s", *pairs, "Datasette",
            notes=f"the first after a change took {first:.2f} s",
        )  # fmt: skip


def _one(url: str) -> float:
    began = time.perf_counter()
    got(url)
    return time.perf_counter() - began
