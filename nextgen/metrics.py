"""What the site counts, for Prometheus; every label has few values.

With several worker processes each counts for itself, in a file of its own in the folder
PROMETHEUS_MULTIPROC_DIR, and whichever answers adds all of them up.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.db import Error
from django.dispatch import receiver
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from milestones.models import Change, Edition, ProgressReport
from milestones.rhythm import rhythm
from nextgen.brochure.making import missing
from nextgen.brochure.source import Source
from nextgen.build import code
from projects.models import Plan

REQUESTS = Counter(
    "nextgen_requests", "Requests that Django answered.", ["route", "method", "status"]
)
SECONDS = Histogram(
    "nextgen_request_seconds",
    "How long Django took to answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
QUERIES = Counter("nextgen_queries", "Questions to the database.", ["route"])
CACHE = Counter("nextgen_page_cache", "What the page cache answered, or did not.", ["answer"])
"""Answers: hit, built, copy (the database is away), refused, passed (to Django)."""
CACHE_BYTES = Gauge(
    "nextgen_page_cache_bytes", "What the page cache holds.", multiprocess_mode="livesum"
)
REFUSED = Counter("nextgen_logins_refused", "Wrong passwords and codes at the desk.")
UNSENT = Counter("nextgen_mails_failed", "E-mails that could not be sent.")


@receiver(user_login_failed)
def _refused(**_signal: Any) -> None:
    REFUSED.inc()


class PlanCollector:
    """What the database says when asked. Times, not ages: Prometheus knows what time it is."""

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("nextgen_build", "The code that runs.", {"code": code()})
        up = GaugeMetricFamily("nextgen_database_up", "1 where the database answers.", 0)
        try:
            found = list(self._found())
        except Error:
            found = []
        else:
            up = GaugeMetricFamily("nextgen_database_up", "1 where the database answers.", 1)
        yield up
        yield from found

    def _found(self) -> Iterator[Metric]:
        reports = list(ProgressReport.objects.published())
        changed = Change.objects.order_by("number").values_list("made_on", flat=True).last()
        edition = Edition.objects.published().light().last()
        plan = Plan.objects.first()
        drafts = ProgressReport.objects.filter(state="draft").count()
        yield GaugeMetricFamily("nextgen_drafts_open", "Reports that are open.", drafts)
        if changed:
            yield _day("nextgen_newest_change", "The newest public change.", changed)
        if plan and reports:
            kept = rhythm(plan, reports, timezone.localdate())
            yield _day("nextgen_newest_report", "The day of the newest report.", reports[-1].as_of)
            told = "Promised reports whose day has passed."
            yield GaugeMetricFamily("nextgen_reports_missing", told, len(kept.missing))
        if plan and edition:
            lacking = sum(map(len, missing(Source(edition)).values()))
            told = "Brochures that the newest edition lacks."
            yield GaugeMetricFamily("nextgen_brochures_missing", told, lacking)


def _day(name: str, told: str, day: date) -> Metric:
    begins = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return GaugeMetricFamily(f"{name}_timestamp_seconds", told, begins.timestamp())


def exposition(accept: str) -> tuple[bytes, str]:
    """All of it in a format that `accept` (a header) names, and that format's media type."""
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        _bury_the_dead(Path(folder))
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(PlanCollector())
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def _bury_the_dead(folder: Path) -> None:
    """What a worker held is gone with it; what it counted stays counted."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            pass
