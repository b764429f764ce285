"""The doctor names what is broken on this machine and in the database, and what to do about it."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.utils.timezone import localdate

from milestones import frozen, stamping
from milestones.models import Brochure, Change, Edition, Milestone, ProgressReport
from nextgen import doctor
from nextgen.doctor import content, database, deployment, machine
from nextgen.doctor.finding import Check, check, fault, warning
from projects.models import Allocation, NaturalRecipient, Plan, Project, Text

pytestmark = pytest.mark.django_db


def told(looked_at: Check) -> list[str]:
    """What a check says, each with its level: 'fault: There is no plan. Run …'."""
    return [f"{each.level}: {each.what} {each.do}".rstrip() for each in looked_at.findings()]


def well(looked_at: Check) -> bool:
    return told(looked_at) == [f"ok: {looked_at.sound}"]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """What the clock says: `on_day(date(2024, 1, 15))`."""

    def on_day(day: date) -> None:
        clock = SimpleNamespace(localdate=lambda at=None: localdate(at) if at else day)
        monkeypatch.setattr("nextgen.doctor.content.timezone", clock)

    return on_day


@pytest.fixture
def public(settings: Any) -> Any:
    """Settings as a public site has them."""
    settings.HTTPS, settings.SITE_URL = True, "https://plan.example.org"
    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR = [".example.org"], True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    return settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", True, "fault: DEBUG is on"),
        ("HTTPS", False, "fault: HTTPS is off"),
        ("SITE_URL", "", "fault: SITE_URL is ''"),
        ("SITE_URL", "http://plan.example.org", "fault: SITE_URL is 'http://plan.example.org'"),
        ("ALLOWED_HOSTS", ["*"], "fault: ALLOWED_HOSTS lets any host name in."),
        ("ALLOWED_HOSTS", ["other.org"], "fault: ALLOWED_HOSTS lacks plan.example.org"),
        ("SECOND_FACTOR", False, "warning: SECOND_FACTOR is off"),
        ("SECURITY_CONTACT", "", "warning: Nobody is named who hears of holes."),
        ("MAILERS", {"default": {"BACKEND": "x.Console"}}, "warning: No e-mail leaves"),
    ],
)
def test_a_setting_of_no_public_site_is_named(
    public: Any, name: str, value: Any, sentence: str
) -> None:
    assert well(deployment.site)
    setattr(public, name, value)
    [line] = told(deployment.site)
    assert line.startswith(sentence)


def test_what_django_itself_warns_of_is_told(settings: Any) -> None:
    settings.SECRET_KEY = "too-short"
    assert any(
        "SECRET_KEY" in line and "(security.W009)" in line for line in told(deployment.django)
    )


def test_counting_by_one_worker_of_several_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = "x" * 32
    monkeypatch.setenv("GRANIAN_WORKERS", "2")
    assert told(deployment.metrics)[0].startswith("warning: /metrics tells what one worker counted")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/run/nextgen")
    assert well(deployment.metrics)


def test_without_the_database_the_rest_is_still_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert well(database.answers)

    def away(*_arguments: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "chunked_cursor", away)
    found = {each.check: each for each in doctor.examine()}
    assert found["database"].level == "fault"
    assert "OperationalError: connection refused" in found["database"].what
    assert found["search"].what == "Not looked at, because the database does not answer."
    assert found["disk"].level == "ok"


def test_a_database_that_others_can_read_or_the_site_can_unguard_is_named() -> None:
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        mode = stat.S_IMODE(file.stat().st_mode)
        file.chmod(0o640)
        assert well(database.role)
        file.chmod(0o644)
        assert told(database.role)[0].startswith("fault: Every user of this machine can read")
        file.chmod(mode)
        return
    assert told(database.role)[0].startswith("fault: The site is a superuser of its database")
    with as_role("nextgen_site", granted=True) as cursor:
        assert well(database.role)
        cursor.execute("RESET ROLE; ALTER TABLE projects_plan OWNER TO nextgen_site")
        cursor.execute("SET LOCAL ROLE nextgen_site")
        owned = told(database.role)
        assert owned[0].startswith("fault: The site's role owns 1 tables, such as projects_plan.")
    with as_role("nextgen_stranger", granted=False):
        assert told(database.role)[0].startswith("fault: The site's role lacks rights on ")


@contextmanager
def as_role(name: str, *, granted: bool) -> Iterator[Any]:
    """Be this role of PostgreSQL, with what `manage.py grants` gives or with nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name}")
        if granted:
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
            )
        cursor.execute(f"SET LOCAL ROLE {name}")
        yield cursor
        cursor.execute("RESET ROLE")


def test_a_guard_that_was_taken_away_is_named() -> None:
    assert well(database.guards)
    guard = frozen.GUARDS[0]
    where = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {guard.name}{where}")
    [line] = told(database.guards)
    assert line.startswith(f"fault: 1 guards are not there, such as {guard.name}. Run manage.py")


def test_a_change_that_no_cache_would_hear_of_is_named() -> None:
    assert well(database.stamp)
    stamping.remove(connection)
    [line] = told(database.stamp)
    assert f"fault: Changes of {len(stamping.tables())} tables go unnoticed, such as " in line


def test_a_database_behind_or_ahead_of_the_code_is_named() -> None:
    assert well(database.migrations)
    recorder = MigrationRecorder(connection)
    recorder.record_applied("milestones", "9999_from_tomorrow")
    [line] = told(database.migrations)
    assert line.startswith("fault: The database is ahead of this code: it knows milestones.9999_")
    recorder.record_unapplied("milestones", "9999_from_tomorrow")
    latest = max(name for app, name in recorder.applied_migrations() if app == "milestones")
    recorder.record_unapplied("milestones", latest)
    assert told(database.migrations)[0].startswith(
        f"fault: 1 migrations are not applied, the first milestones.{latest}."
    )


def test_words_that_were_written_past_the_search_are_named() -> None:
    assert well(database.search)
    Project.objects.filter(code="I-2.09").update(title_en="Something else altogether")
    Milestone.objects.update(search="")
    lines = told(database.search)
    assert any("old words of 1 projects." in line for line in lines)
    assert any(f"old words of {Milestone.objects.count()} milestones." in line for line in lines)


def test_money_that_does_not_add_up_is_named() -> None:
    assert well(database.package)
    budget = Project.objects.exclude(budget=None).filter(allocations__gt=0).first()
    assert budget
    Allocation.objects.filter(project=budget).update(amount=F("amount") + 1)
    [line, *_more] = told(database.package)
    assert line.startswith("fault: ")
    assert "but its allocations sum to" in line


def test_a_database_without_a_plan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nextgen.doctor.database.Plan.objects.exists", lambda: False)
    assert told(database.package) == ["fault: There is no plan. Run manage.py import_plan DIR."]


def test_a_published_file_that_is_not_what_it_was_is_named() -> None:
    assert well(content.editions)
    report = ProgressReport.objects.create(month="2024-06")
    false = "0" * 64
    edition = Edition.objects.create(report=report, figures=[], package=b"changed", sha256=false)
    Brochure.objects.create(edition=edition, language="en", pdf=b"changed too", sha256=false)
    package, brochure = told(content.editions)
    assert package.startswith("fault: The package of 2024-06 is not the one that was published.")
    assert brochure.startswith("fault: The brochure 2024-06  en is not the one that was made.")


def test_missing_brochures_are_counted() -> None:
    [line] = told(content.brochures)
    assert line.startswith("warning: ")
    assert line.endswith(" brochures of 2023-12 are missing. Run manage.py brochures.")


def test_a_report_that_was_promised_and_is_missing_is_named(on_day: Any) -> None:
    on_day(date(2024, 1, 15))
    assert well(content.reports)
    on_day(date(2025, 1, 15))
    assert told(content.reports)[0].startswith(
        "warning: The newest report is of 2023-12, 381 days ago: 2 promised ones are missing."
    )


def test_a_natural_person_past_his_or_her_time_is_named(on_day: Any) -> None:
    person = NaturalRecipient(name="Jan Janssens", amount=1, as_of=date(2023, 5, 1), paid_in=2023)
    person.save()
    on_day(date(2025, 12, 31))
    assert well(content.persons)
    on_day(date(2026, 1, 1))
    [line] = told(content.persons)
    assert line.startswith("fault: 1 natural persons are still in the database past their time.")
    assert "Jan" not in line


def test_a_clock_that_went_back_is_named(on_day: Any) -> None:
    assert well(content.clock)
    newest = Change.objects.order_by("made_on").last()
    on_day(date(2020, 1, 1))
    lines = told(content.clock)
    assert any("The clock says 2020-01-01, and a report is of " in line for line in lines)
    assert newest is None or any("and a public change is of " in line for line in lines)


def test_a_statement_that_nobody_looked_at_for_a_year_is_named(on_day: Any) -> None:
    languages = Plan.objects.get().language_codes
    on_day(date(2027, 11, 23))
    assert well(content.statement)
    on_day(date(2028, 6, 1))
    lines = told(content.statement)
    assert len(lines) == len(languages)
    assert "warning: The accessibility statement (nl) was last looked at 556 days ago." in lines[0]
    Text.objects.filter(page="accessibility", language="fr").update(body="Revue le 1er mars 2027.")
    Text.objects.filter(page="accessibility", language="en").update(body="Some day.")
    lines = told(content.statement)
    assert any("(en) names no day on which it was made" in line for line in lines)
    assert any("(fr) was last looked at 458 days ago" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("op 23 november 2026.", "nl"),
        ("le 23 novembre 2026.", "fr"),
        ("am 23. November 2026", "de"),
        ("on 23 November 2026.", "en"),
    ],
)
def test_a_day_is_read_as_its_language_writes_it(text: str, language: str) -> None:
    assert content.days_named(text, language) == [date(2026, 11, 23)]


@pytest.mark.parametrize(("free", "level"), [(1 << 31, "ok"), (1 << 29, "warning"), (1, "fault")])
def test_a_disk_that_fills_up_is_named(
    monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=free))
    lines = told(machine.disk)
    assert all(line.startswith(f"{level}: ") for line in lines)
    assert level == "ok" or f"{free >> 20} MiB are left for temporary files" in " ".join(lines)


def test_a_folder_that_is_not_there_is_named(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = str(tmp_path / "none")
    assert f"fault: The folder of BACKUP_DIR is not there: {tmp_path}/none. Make it." in told(
        machine.disk
    )


def test_a_backup_that_was_not_made_is_named(settings: Any, tmp_path: Path) -> None:
    assert told(machine.backups)[0].startswith("warning: Nobody says where backups are.")
    settings.BACKUP_DIR = str(tmp_path)
    assert told(machine.backups)[0].startswith("fault: There is no backup in ")
    (tmp_path / ".begun.partial").touch()
    assert told(machine.backups)[0].startswith("fault: There is no backup in ")
    backup = tmp_path / "2026-11-25"
    backup.mkdir()
    assert well(machine.backups)
    ago = backup.stat().st_mtime - timedelta(hours=50).total_seconds()
    os.utime(backup, (ago, ago))
    assert "is 50 hours old. Look why the nightly one did not run" in told(machine.backups)[0]


def test_backups_that_the_site_may_not_read_are_seen_by_their_folder(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_DIR = str(tmp_path)

    def refused(_folder: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refused)
    assert well(machine.backups)
    os.utime(tmp_path, (0, 0))
    assert told(machine.backups)[0].startswith("fault: The newest backup in ")


def test_a_check_that_breaks_is_a_fault_of_its_own() -> None:
    @check("broken")
    def broken() -> Iterator[Any]:
        """All is well."""
        raise KeyError("surprise")

    assert told(broken) == ["fault: This could not be looked at: KeyError: 'surprise' Report it."]


def test_the_command_prints_a_line_a_thing_and_fails_on_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Check("good", list, "All is well.")
    odd = Check("odd", lambda: [warning("It is odd.", "Look.")], "")
    bad = Check("bad", lambda: [fault("It broke.", "Mend it.")], "")
    asked = Check("asked", list, "Asked.", option="links")
    monkeypatch.setattr("nextgen.doctor.CHECKS", [good, odd, asked])
    call_command("doctor")
    assert capsys.readouterr().out.splitlines() == [
        "ok      good        All is well.",
        "warning odd         It is odd. Look.",
    ]
    monkeypatch.setattr("nextgen.doctor.CHECKS", [bad, asked])
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True, links=True)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out) == [
        {"check": "bad", "level": "fault", "what": "It broke.", "do": "Mend it."},
        {"check": "asked", "level": "ok", "what": "Asked.", "do": ""},
    ]
