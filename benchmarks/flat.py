"""The rows of the list of projects as one plain table of SQLite, as Datasette likes them best.

A column a facet, each with an index; a facet of which a project may have several values is an
array in JSON. What a row of our page shows stands in the same table, so that nothing is joined.
"""

import json
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

FACETS = ["pillar", "kind", "component"]
ARRAYS = ["authority", "status", "contributes", "due"]


def write(file: Path) -> int:
    """Writes the projects in the plan of the current report; how many there are."""
    from milestones.models import Milestone, ProgressReport  # noqa: PLC0415
    from projects.models import Allocation, Project  # noqa: PLC0415

    report = ProgressReport.objects.current()
    if report is None:
        raise SystemExit("Nothing to measure: no report is published yet.")
    statuses: dict[int, set[str]] = defaultdict(set)
    years: dict[int, set[str]] = defaultdict(set)
    carriers: dict[int, set[str]] = defaultdict(set)
    told: Any = Milestone.objects.in_plan(report).with_status(report).order_by()
    for project, status, due in told.values_list("project", "status", "due").iterator(50_000):
        statuses[project].add(status)
        years[project].add(str(due.year))
    for project, code in Allocation.objects.order_by().values_list("project", "authority__code"):
        carriers[project].add(code)
    columns = ["code", "title", "summary", *FACETS, *ARRAYS, "budget"]
    rows = []
    for each in Project.objects.in_plan(report.as_of).for_rows().iterator(5_000):
        contributes = [
            name for name in ("climate", "digital") if getattr(each, f"{name}_contribution")
        ]
        rows.append((
            each.code, each.short_title_en, each.summary_en,
            str(each.pillar.number) if each.pillar else "none", each.kind,
            each.component and each.component.code,
            *(json.dumps(sorted(values)) for values in (
                carriers[each.pk] | {each.lead.code}, statuses[each.pk], contributes,
                years[each.pk],
            )),
            each.budget,
        ))  # fmt: skip
    file.unlink(missing_ok=True)
    flat = sqlite3.connect(file)
    flat.execute(f"CREATE TABLE projects ({', '.join(columns)}, PRIMARY KEY (code))")
    marks = ", ".join("?" * len(columns))
    flat.executemany(f"INSERT INTO projects VALUES ({marks})", rows)  # noqa: S608
    for column in [*FACETS, *ARRAYS, "budget"]:
        flat.execute(f"CREATE INDEX projects_{column} ON projects ({column})")
    flat.execute("ANALYZE")
    flat.commit()
    flat.execute("VACUUM")
    flat.close()
    return len(rows)
