"""Prometheus learns, with a token and only with it, how the site and its data are."""

import smtplib
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import Request, urlopen

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils.timezone import localtime
from prometheus_client.parser import text_string_to_metric_families

from milestones.actions import open_report
from milestones.models import Brochure, Change, User
from nextgen.desk import mail
from tests.conftest import served

TOKEN = "a-token-that-serves-for-the-tests-alone"
Samples = dict[str, float]


def samples(text: str) -> Samples:
    """Each value by its name and labels: `nextgen_drafts_open`, `nextgen_queries_total{home}`."""
    return {
        sample.name
        + (f"{{{','.join(sample.labels.values())}}}" if sample.labels else ""): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def day(timestamp: float) -> date:
    return localtime(datetime.fromtimestamp(timestamp, UTC)).date()


@pytest.fixture
def asked(client: Client, settings: Any, db: None) -> Callable[[], Samples]:
    settings.METRICS_TOKEN = TOKEN

    def asked() -> Samples:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert answer.headers["Cache-Control"] == "no-store"
        return samples(answer.text)

    return asked


@pytest.mark.django_db
def test_without_the_setting_there_is_nothing(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("said", ["", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"])
def test_without_the_token_nothing_is_told(client: Client, settings: Any, said: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": said})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "nextgen" not in answer.text


def test_it_counts_requests_by_route_and_never_by_address(
    client: Client, asked: Callable[[], Samples]
) -> None:
    before = asked()
    for path in ("/en/projects/I-2.09/", "/fr/projets/I-2.09/?q=x", "/en/no-such-page/", "/%F0"):
        client.get(path)
    client.generic("BREW", "/en/")
    after = asked()

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("nextgen_requests_total{GET,project,2xx}") == 2
    assert more("nextgen_requests_total{GET,unmatched,4xx}") == 2
    assert more("nextgen_requests_total{other,home,4xx}") == 1
    assert more("nextgen_request_seconds_count{project}") == 2
    assert more("nextgen_queries_total{project}") > 10
    assert not [name for name in after if "I-2" in name or "no-such" in name or "BREW" in name]


@pytest.mark.django_db
def test_it_counts_who_was_refused_and_letters_that_failed(
    client: Client, asked: Callable[[], Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked()
    client.post("/admin/login/", {"username": "nobody", "password": "nothing"})

    def refused(_self: Any, _letters: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refused)
    editor = User.objects.create_user("the-editor", role="editor", email="editor@example.org")
    mail.published(open_report(month="2024-06", closes_on=None, by=editor))
    after = asked()
    for name in ("nextgen_logins_refused_total", "nextgen_mails_failed_total"):
        assert after[name] - before[name] == 1


def test_it_says_how_old_the_data_are_and_what_is_open(asked: Callable[[], Samples]) -> None:
    editor = User.objects.create_user("the-editor", role="editor")
    before = asked()
    assert before["nextgen_database_up"] == 1
    assert before["nextgen_drafts_open"] == 0
    assert day(before["nextgen_newest_report_timestamp_seconds"]) == date(2023, 12, 31)
    open_report(month="2024-06", closes_on=None, by=editor)
    number = Change.objects.order_by("number").values_list("number", flat=True).last() or 0
    Change.objects.create(
        number=number + 1, made_on=date(2026, 1, 2), kind="correction", record_type="plan"
    )
    after = asked()
    assert after["nextgen_drafts_open"] == 1
    assert day(after["nextgen_newest_change_timestamp_seconds"]) == date(2026, 1, 2)
    assert after["nextgen_brochures_missing"] > 0
    assert Brochure.objects.count() == 0


def test_with_the_database_away_it_says_so(asked: Callable[[], Samples]) -> None:
    with patch("nextgen.metrics.ProgressReport.objects.published", side_effect=OperationalError):
        found = asked()
    assert found["nextgen_database_up"] == 0
    assert "nextgen_drafts_open" not in found


def test_several_workers_count_together(tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    counted.mkdir()
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = counted / f"gauge_livesum_{gone.pid}.db"
    left.touch()
    database, many = f"sqlite:///{tmp_path / 'site.sqlite3'}", 40
    settings = {"GRANIAN_WORKERS": "2", "PROMETHEUS_MULTIPROC_DIR": str(counted)}
    with served(database, tmp_path / "log", METRICS_TOKEN=TOKEN, **settings) as url:
        request = Request(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

        def asked() -> Samples:
            with urlopen(request, timeout=20) as answer:
                return samples(answer.read().decode())

        before = asked()["nextgen_requests_total{GET,healthz,2xx}"]
        for _each in range(many):
            urlopen(f"{url}/healthz", timeout=5).close()
        after = asked()
    assert after["nextgen_requests_total{GET,healthz,2xx}"] - before == many
    assert after["nextgen_database_up"] == 1
    assert after["nextgen_page_cache_bytes"] == 0
    assert not left.exists()
