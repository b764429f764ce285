"""A page asks the database as often for 1,270 projects as for 127: its number is its budget."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.models import Assessment, Milestone
from projects.models import Allocation, Project

pytestmark = pytest.mark.django_db
TIMES = 10
TRAM = "x-wal-tram-liege"
BUDGET = {
    "/": 1,
    "/en/": 0,
    "/en/plan/": 0,
    "/en/projects/": 0,
    "/en/projects/?q=renovation&pillar=1&authority=FLA&status=done&due=2024": 0,
    "/en/projects/?pillar=3&component=1.1": 0,
    "/en/projects/export.csv": 0,
    f"/en/projects/{TRAM}/": 0,
    "/en/projects/x-none/": 0,
    "/en/pillars/sustainability/": 0,
    "/en/authorities/FED/": 0,
    "/en/milestones/": 0,
    f"/en/milestones/?project={TRAM}&verdict=none&overdue=yes": 0,
    "/en/milestones/export.csv": 0,
    "/en/milestones/157/": 0,
    "/en/progress/": 0,
    "/en/progress/2023-12/": 0,
    "/en/progress/2023-06/2023-12/": 0,
    "/en/figures/": 0,
    "/en/figures/total-budget/": 0,
    "/en/figures/climate-share/": 0,
    "/en/figures/milestones-done-share/": 0,
    "/en/changes/": 0,
    "/en/accessibility/": 0,
    "/en/privacy/": 0,
    "/sitemap.xml": 0,
    "/robots.txt": 0,
    "/.well-known/security.txt": 0,
    "/healthz": 0,
    "/readyz": 1,
}


def counted() -> dict[str, int]:
    """The queries of each page, once what is kept for the life of the process is there."""
    client = Client()
    counts = {}
    for path in BUDGET:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code in (200, 302, 404), path
        counts[path] = len(queries)
    return counts


def cloned[Row: models.Model](rows: list[Row], change: Callable[[Row], None]) -> list[Row]:
    """Writes each row once more, changed."""
    for row in rows:
        row.pk = None
        row._state.adding = True
        change(row)
    return list(type(rows[0])._default_manager.bulk_create(rows))


def clone_the_plan(copy: int) -> None:
    """One more copy of every project, with its allocations, milestones and assessments."""

    def own_code(row: Any) -> None:
        row.code = f"{row.code}-{copy}"

    def to(field: str, found: dict[int, int]) -> Callable[[Any], None]:
        return lambda row: setattr(row, f"{field}_id", found[getattr(row, f"{field}_id")])

    projects = list(Project.objects.exclude(code__regex=r"-c\d$"))
    assert projects
