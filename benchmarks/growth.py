"""`make bench-growth`: every public page at 1, 10, 100 and 1,000 times the plan.

Each page is asked for twice in one process: first with nothing kept, then with what the site keeps
of the public data between two changes. What takes longer than LIMIT is broken off.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.__main__ import databases, machine
from benchmarks.serving import ROOT, imported, run

OUTPUT = ROOT / "build" / "growth.json"
SIZES = (1, 10, 100, 1000)
LIMIT = 10  # seconds


def main() -> None:
    found: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (_small, database) in databases(Path(folder)).items():
            imported(database)
            before = 1
            for times in SIZES:
                # The larger plan is cloned from the smaller one: 10 times it, each step.
                run(database, "-m", "benchmarks.cloning", str(times // before))
                before = times
                lines = run(database, "-m", "benchmarks.pages", str(LIMIT)).splitlines()
                for line in (each for each in lines if each.startswith("{")):  # the log writes too
                    told = {"database": name, "times": times, **json.loads(line)}
                    found.append(told)
                    first, second = told["first"]["seconds"], told["again"]["seconds"]
                    sys.stdout.write(f"{name} ×{times} {told['page']}: {first} s, {second} s\n")
                    sys.stdout.flush()
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps({"machine": machine(), "pages": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
