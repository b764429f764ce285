"""How long each public page takes, in one process and without any cache in front of it.

`python -m benchmarks.pages [SECONDS [PAGE …]]` asks the database of DATABASE_URL for every page,
twice, and prints one line of JSON a page: seconds, queries, bytes, and the slowest query. A page
that takes longer than SECONDS is broken off.
"""

import json
import signal
import sys
import threading
import time
from typing import Any

import django
from django.db import DatabaseError, connection

PAGES = {
    "home": "/en/",
    "plan": "/en/plan/",
    "projects": "/en/projects/",
    "projects, filtered": "/en/projects/?pillar=1&authority=FLA&status=done&due=2024",
    "projects, searched": "/en/projects/?q=renovation",
    "projects, page 400": "/en/projects/?page=400",
    "projects, by delay": "/en/projects/?sort=-delay",
    "project": "/en/projects/x-wal-tram-liege/",
    "milestones": "/en/milestones/",
    "milestones, filtered": "/en/milestones/?status=delayed&overdue=yes&verdict=none",
    "milestones, searched": "/en/milestones/?q=renovation",
    "milestone": "/en/milestones/157/",
    "pillar": "/en/pillars/sustainability/",
    "authority": "/en/authorities/FED/",
    "progress": "/en/progress/",
    "report": "/en/progress/2023-12/",
    "comparison": "/en/progress/2023-06/2023-12/",
    "figures": "/en/figures/",
    "figure of money": "/en/figures/climate-share/",
    "figure of progress": "/en/figures/milestones-done-share/",
    "charts": "/en/charts/",
    "chart": "/en/charts/climate-by-project/",
    "changes": "/en/changes/",
    "data": "/en/data/",
    "recipients": "/en/recipients/",
    "feed of projects": "/en/projects/feed.atom?pillar=1",
    "feed of changes": "/en/changes/feed.atom",
    "API projects": "/api/v1/projects?page_size=100",
    "API milestones": "/api/v1/milestones?page_size=100",
    "API assessments": "/api/v1/assessments?page_size=100",
    "export of projects, CSV": "/en/projects/export.csv",
    "export of milestones, JSON": "/en/milestones/export.json",
    "sitemap": "/sitemap.xml",
}


class TookTooLong(BaseException):
    """The alarm: nothing on the way may take it for an error of its own."""


def alarm(_signal: int, _frame: object) -> None:
    raise TookTooLong


def measure(path: str, limit: float) -> dict[str, Any]:
    """One page: what it took, or None for seconds where it was broken off."""
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    connection.ensure_connection()
    real: Any = connection.connection
    # A query is broken off by the database, what is not one by the alarm.
    stop = threading.Timer(limit, real.interrupt if hasattr(real, "interrupt") else real.cancel)
    stop.start()
    signal.setitimer(signal.ITIMER_REAL, limit)
    began = time.perf_counter()
    try:
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(path)
            size = len(answer.getvalue())
    except (DatabaseError, TookTooLong, TypeError):  # the last of a row that never came
        connection.close()
        return {"seconds": None, "queries": None, "bytes": None}
    finally:
        stop.cancel()
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.perf_counter() - began
    worst = max(queries.captured_queries, key=lambda each: float(each["time"]), default=None)
    return {
        "status": answer.status_code,
        "seconds": round(seconds, 4),
        "queries": len(queries),
        "bytes": size,
        "worst": worst and [float(worst["time"]), worst["sql"]],
    }


def main() -> None:
    django.setup()
    from milestones import kept  # noqa: PLC0415

    signal.signal(signal.SIGALRM, alarm)

    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    only = sys.argv[2:]
    measure("/en/accessibility/", limit)  # the first page pays for the start
    for name, path in PAGES.items():
        if only and name not in only:
            continue
        kept._kept.clear()
        first = measure(path, limit)
        again = measure(path, limit) if first["seconds"] is not None else first
        told = {"page": name, "first": first, "again": again}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
