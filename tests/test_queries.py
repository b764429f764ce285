"""A page asks the database as often for 1,270 projects as for 127: its number is its budget.

The budget is for a page while what is kept of the public data holds. The first page after a change
asks more, and it too as often for 1,270 projects as for 127.
"""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from milestones import kept
from milestones.models import Assessment, Milestone
from projects.models import Allocation, Project
from tests.thaw import thawed

pytestmark = pytest.mark.django_db
Rows = list[dict[str, Any]]
Pks = dict[int, int]
TIMES = 10
TRAM = "x-wal-tram-liege"
BUDGET = {
    "/": 1,
    "/en/": 4,
    "/en/brochure.pdf": 2,
    "/en/plan/": 10,
    "/en/projects/": 1,
    "/en/projects/?q=renovation&pillar=1&authority=FLA&status=done&due=2024": 6,
    "/en/projects/?pillar=3&component=1.1": 5,
    "/en/projects/export.csv": 5,
    "/en/projects/export.xlsx": 5,
    "/en/projects/feed.atom?pillar=1": 6,
    f"/en/projects/{TRAM}/": 17,
    f"/en/projects/{TRAM}/feed.atom": 5,
    "/en/projects/x-none/": 3,
    "/en/pillars/sustainability/": 22,
    "/en/authorities/FED/": 22,
    "/en/pillars/sustainability/feed.atom": 5,
    "/en/authorities/FED/feed.atom": 5,
    "/en/milestones/": 3,
    f"/en/milestones/?project={TRAM}&verdict=none&overdue=yes": 7,
    "/en/milestones/export.csv": 3,
    "/en/milestones/export.json": 3,
    "/en/milestones/feed.atom": 3,
    "/en/milestones/157/": 11,
    "/en/progress/": 19,
    "/en/progress/2023-12/": 14,
    "/en/progress/2023-12/package.zip": 3,
    "/en/progress/2023-06/2023-12/": 8,
    "/en/progress/2023-06/2023-12/export.csv": 8,
    "/en/progress/2023-06/2023-12/feed.atom": 8,
    "/en/figures/": 3,
    "/en/figures/total-budget/": 13,
    "/en/figures/climate-share/": 10,
    "/en/figures/milestones-done-share/": 13,
    "/en/data/": 5,
    "/en/charts/": 26,
    "/en/charts/?pillar=1&authority=FLA": 38,
    "/en/charts/ways-of-the-money/": 6,
    "/en/charts/climate-by-project/light.json": 4,
    "/en/charts/money-by-component/data.csv": 4,
    "/en/charts/slippage/picture.svg": 4,
    "/en/embed/planned-and-actual/": 7,
    "/en/figures/climate-share/2023-12/": 5,
    "/en/figures/milestones-done/2023-12/?scope=lead-FLA": 4,
    "/en/figures/total-budget/2023-12/cite.bib": 5,
    "/en/projects/cite.json?pillar=3": 4,
    "/en/changes/": 4,
    "/en/changes/?kind=revision&record_type=milestone": 4,
    "/en/changes/export.csv": 3,
    "/en/changes/feed.atom": 4,
    "/data/nextgen-belgium.zip": 2,
    "/en/data/dictionary.csv": 2,
    "/catalog.ttl": 2,
    "/en/recipients/": 2,
    "/en/recipients/export.csv": 3,
    "/en/accessibility/": 2,
    "/en/privacy/": 2,
    "/api/v1/docs": 44,
    "/api/v1/openapi.json": 44,
    "/api/v1/projects?page_size=500": 5,
    "/api/v1/projects?q=renovation&pillar=1&authority=FLA&status=done&due=2024&lang=fr": 9,
    f"/api/v1/projects/{TRAM}": 6,
    "/api/v1/milestones?page_size=500": 5,
    f"/api/v1/milestones?project={TRAM}&verdict=none&overdue=yes": 3,
    "/api/v1/milestones/157": 6,
    "/api/v1/pillars": 3,
    "/api/v1/authorities": 3,
    "/api/v1/components": 3,
    "/api/v1/reports": 3,
    "/api/v1/assessments?page_size=500": 4,
    f"/api/v1/assessments?report=2023-12&project={TRAM}&status=delayed": 6,
    "/api/v1/recipients": 2,
    "/api/v1/figures": 9,
    "/api/v1/figures?report=2023-12&scope=pillar-1": 9,
    "/api/v1/figures/total-budget": 9,
    "/sitemap.xml": 6,
    "/robots.txt": 0,
    "/.well-known/security.txt": 1,
    "/healthz": 0,
    "/readyz": 1,
    "/metrics": 1,
}


def counted() -> dict[str, tuple[int, int]]:
    """The queries of each page: with what is kept, and with nothing kept from before."""
    cache.clear()
    client = Client()

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code in (200, 302, 404), path
        return len(queries)

    counts = {}
    for path in BUDGET:
        kept._kept.clear()
        first = asked(path)
        counts[path] = asked(path), first
    return counts


def cloned(model: type[models.Model], rows: Rows, copy: int, **owners: Pks) -> Pks:
    """Writes these rows once more, with codes and owners of their own: new keys by old ones."""
    records = []
    for row in rows:
        own = {f"{field}_id": pks[row[f"{field}_id"]] for field, pks in owners.items()}
        code = {"code": f"{row['code']}-{copy}"} if "code" in row else {}
        records.append(model(**row | own | code | {"id": None}))
    saved = model._default_manager.bulk_create(records, batch_size=500)
    return {row["id"]: record.pk for row, record in zip(rows, saved, strict=True)}


def make_the_plan_ten_times_as_large() -> None:
    with thawed():
        clone_all()


def clone_all() -> None:
    models_of_rows = (Project, Allocation, Milestone, Assessment)
    rows = {model: list(model._default_manager.values()) for model in models_of_rows}
    for copy in range(1, TIMES):
        projects = cloned(Project, rows[Project], copy)
        cloned(Allocation, rows[Allocation], copy, project=projects)
        milestones = cloned(Milestone, rows[Milestone], copy, project=projects)
        cloned(Assessment, rows[Assessment], copy, milestone=milestones)


@pytest.mark.usefixtures("as_visitors_read")
def test_the_number_of_queries_does_not_grow_with_the_plan() -> None:
    with translation.override("en"):
        few = counted()
        assert {path: n for path, (n, _first) in few.items() if n > BUDGET[path]} == {}
        make_the_plan_ten_times_as_large()
        assert Project.objects.in_plan(date(2023, 12, 31)).count() == 1270
        many = counted()
        assert {path: (few[path], n) for path, n in many.items() if n != few[path]} == {}
