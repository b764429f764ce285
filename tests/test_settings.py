"""A start with a missing or wrong setting is refused in one sentence; without any, all is safe."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings as if these, and a key, were all that the environment said."""

    def read(**environment: str) -> dict[str, Any]:
        for name in ("DATABASE_URL", "LOG_LEVEL", "GRANIAN_BLOCKING_THREADS", "SECOND_FACTOR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"SECRET_KEY": KEY, **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "nextgen/settings.py"))

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "too-short"),
        ("DEBUG", "maybe"),
        ("HTTPS", "https"),
        ("SECOND_FACTOR", "sometimes"),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("DATABASE_URL", "postgres://user:password@host:port/name"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "db.sqlite3"),
        ("SITE_URL", "example.org"),
        ("SECURITY_CONTACT", "somebody"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("SLOW_PAGE_MS", "half a second"),
        ("METRICS_TOKEN", "too-short"),
        ("ADMIN_PATH", "/desk"),
        ("ADMIN_HOST", "https://desk.example.org"),
    ],
)
def test_a_wrong_setting_refuses_the_start(settings_with: Any, name: str, value: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        settings_with(**{name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "password@" not in sentence.replace("user:password@host/name.", "")


@pytest.mark.parametrize(
    "start",
    [["python", "manage.py", "check"], ["granian", "--interface=wsgi", "nextgen.wsgi:application"]],
    ids=["manage.py", "granian"],
)
def test_it_says_so_without_a_traceback_and_fails(start: list[str]) -> None:
    program = str(Path(sys.executable).with_name(start[0]))
    run = subprocess.run(
        [program, *start[1:]],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "", "GRANIAN_PORT": "0", "GRANIAN_LOG_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode != 0
    [sentence] = run.stderr.splitlines()
    assert sentence.startswith("SECRET_KEY is missing")


def test_nothing_debugs_and_nobody_else_is_answered_unless_told(settings_with: Any) -> None:
    settings = settings_with()
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_https_redirects_for_two_years_and_keeps_cookies_to_itself(settings_with: Any) -> None:
    settings = settings_with(HTTPS="1")
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] >= 63_072_000


def test_cookies_go_to_the_desk_alone(settings_with: Any) -> None:
    settings = settings_with(ADMIN_PATH="werk/plek/", ADMIN_HOST="desk.example.org")
    assert settings["SESSION_COOKIE_PATH"] == settings["CSRF_COOKIE_PATH"] == "/werk/plek/"
    assert "desk.example.org" in settings["ALLOWED_HOSTS"]


def test_a_second_factor_is_asked_for_unless_switched_off(settings_with: Any) -> None:
    assert settings_with()["SECOND_FACTOR"] is True
    assert settings_with(SECOND_FACTOR="0")["SECOND_FACTOR"] is False


def test_only_what_make_starts_to_try_the_desk_switches_the_second_factor_off() -> None:
    lines = (ROOT / "Makefile").read_text().splitlines()
    off = [line for line in lines if "SECOND_FACTOR" in line]
    assert off == ["run dev accounts: export SECOND_FACTOR := 0"]


def test_a_database_whose_machine_is_gone_is_not_waited_for_by_the_hour(settings_with: Any) -> None:
    options = settings_with(DATABASE_URL="postgres://u:p@h/n")["DATABASES"]["default"]["OPTIONS"]
    assert options["connect_timeout"] + options["tcp_user_timeout"] / 1000 <= 15
    silent = options["keepalives_interval"] * options["keepalives_count"]
    assert options["keepalives_idle"] + silent <= 30


def test_the_pool_is_larger_than_the_threads(settings_with: Any) -> None:
    url = "postgres://somebody@/plan?host=/run/postgresql&sslmode=disable"
    options = settings_with(DATABASE_URL=url, GRANIAN_BLOCKING_THREADS="7")["DATABASES"]["default"][
        "OPTIONS"
    ]
    assert options["pool"]["max_size"] > 7
    assert options["host"] == "/run/postgresql"


def test_every_answer_forbids_what_the_site_does_not_need(client: Client) -> None:
    response = client.get("/healthz")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Permissions-Policy" in response.headers
    assert not response.cookies
