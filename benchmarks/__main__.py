"""`make bench`: measures the site beside nginx and Datasette, prints a table, writes JSON.

`python -m benchmarks [TOPIC …]` measures only these topics: cached, uncached, lives. With
PostgreSQL where TEST_DATABASE_URL leads to one (`.ci/with-postgresql`), on SQLite always.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import cached, lives, uncached
from benchmarks.measured import Measured, spread
from benchmarks.serving import CORES, ROOT, imported, run

OUTPUT = ROOT / "build" / "bench.json"
TOPICS = ("cached", "uncached", "lives")
TIMES = 1000


def databases(folder: Path) -> dict[str, tuple[str, str]]:
    """Fresh databases by name: the plan once, and a thousand times over."""
    found = {"SQLite": (f"sqlite:///{folder}/1.sqlite3", f"sqlite:///{folder}/1000.sqlite3")}
    if url := os.environ.get("TEST_DATABASE_URL", ""):
        base, _slash, options = url.partition("nextgen")
        found["PostgreSQL"] = (url, f"{base}bench{options}")
        run(url, "-c", CREATE)
    return found


CREATE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
    owner.execute("DROP DATABASE IF EXISTS bench")
    owner.execute("CREATE DATABASE bench")
"""


def measure(topics: list[str], folder: Path) -> Iterator[Measured]:
    for name, (small, large) in databases(folder).items():
        imported(small)
        if "cached" in topics and name == "SQLite":
            yield from cached.measure(small, folder)
        if "uncached" in topics:
            yield from uncached.measure(small, name, folder, rounds=5, seconds=4)
            imported(large)
            run(large, "-m", "benchmarks.cloning", str(TIMES))
            yield from uncached.measure(large, name, folder, rounds=3, seconds=12)
        if "lives" in topics:
            yield from lives.measure(small, name, folder)
    if "lives" in topics:
        yield from lives.works(folder)


def load() -> float:
    return round(os.getloadavg()[0], 1)


def machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "cores": CORES,
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "load": load(),
        "day": time.strftime("%Y-%m-%d"),
    }


def main() -> None:
    topics = sys.argv[1:] or list(TOPICS)
    if strange := set(topics) - set(TOPICS):
        raise SystemExit(f"{strange.pop()} is no topic: choose among {', '.join(TOPICS)}.")
    about, lines = machine(), []
    OUTPUT.parent.mkdir(exist_ok=True)
    sys.stdout.write(f"{'what':62} {'unit':10} {'ours':>24} {'beside':>24} {'ratio':>7}\n")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # nginx's workers are somebody else
        for line in measure(topics, Path(folder)):
            lines.append(line.told())
            ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
            beside = spread(line.against) if line.against else ""
            sys.stdout.write(
                f"{line.what:62} {line.unit:10} {spread(line.values):>24} {beside:>24} {ratio:>7}"
                f"  {line.other} {f'(wanted {line.target:g})' if line.target else ''}"
                f" {line.notes}\n"
            )
            sys.stdout.flush()
            # After each: what was measured is kept if the rest is broken off.
            told = {"machine": about | {"load at the end": load()}, "lines": lines}
            OUTPUT.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
