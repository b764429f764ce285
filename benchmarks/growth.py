"""`make bench-growth`: every public page at 1, 10, 100 and 1,000 times the plan.

Each page is asked for twice in one process: first with nothing kept, then with what the site keeps
of the public data between two changes. What takes longer than LIMIT is broken off.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.__main__ import databases, machine
from benchmarks.serving import ROOT, imported, run

OUTPUT = ROOT / "build" / "growth.json"
SIZES = (1, 10, 100, 1000)
LIMIT = 20  # seconds


def main() -> None:
    found: list[dict[str, Any]] = []
    told = {"machine": machine(), "pages": found}
    OUTPUT.parent.mkdir(exist_ok=True)
    for times in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for name, (_small, database) in databases(Path(folder)).items():
                for line in measured(database, name, times):
                    found.append(line)
                    first, second = line["first"]["seconds"], line["again"]["seconds"]
                    sys.stdout.write(f"{name} ×{times} {line['page']}: {first} s, {second} s\n")
                    sys.stdout.flush()
                # What was measured is kept if the rest is broken off.
                OUTPUT.write_text(json.dumps(told, indent=1) + "\n")


def measured(database: str, name: str, times: int) -> Iterator[dict[str, Any]]:
    """Each page of a plan so many times as large, in an empty database."""
    imported(database)
    run(database, "-m", "benchmarks.cloning", str(times))
    for line in run(database, "-m", "benchmarks.pages", str(LIMIT)).splitlines():
        if line.startswith("{"):  # the log writes too
            yield {"database": name, "times": times, **json.loads(line)}


if __name__ == "__main__":
    main()
