"""A demonstration has an account of each role; production has none, and strong passwords."""

from io import StringIO
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from milestones.models import User
from milestones.rights import Role
from projects.models import Authority, Plan

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def accounts() -> dict[str, str]:
    """What the command prints: names and passwords."""
    out = StringIO()
    call_command("demonstration_accounts", stdout=out)
    return dict(line.split() for line in out.getvalue().splitlines())


def test_each_role_and_each_authority_gets_an_account_that_works(client: Client) -> None:
    made = accounts()
    assert len(made) == Authority.objects.count() + len(Role) - 1
    assert {"coordinator-fla", "editor", "auditor", "administrator"} <= made.keys()
    for name, password in made.items():
        client.post("/admin/login/", {"username": name, "password": password})
        assert client.get("/admin/").status_code == 200, name
        client.post("/admin/logout/")
    assert User.objects.get(username="coordinator-fla").authority.code == "FLA"  # type: ignore[union-attr]


def test_asked_again_it_renews_the_passwords_of_the_same_accounts() -> None:
    first, again = accounts(), accounts()
    assert first.keys() == again.keys()
    assert not set(first.values()) & set(again.values())
    assert User.objects.count() == len(first)


@pytest.mark.parametrize("real", ["second factor", "plan"])
def test_production_gets_none_and_one_sentence_says_why(real: str, settings: Any) -> None:
    if real == "plan":
        Plan.objects.update(demonstration=False)
    settings.SECOND_FACTOR = real == "second factor"
    with pytest.raises(CommandError) as refusal:
        accounts()
    assert "\n" not in str(refusal.value)
    assert not User.objects.exists()


def test_passwords_are_stored_by_argon2(settings: Any) -> None:
    """The tests themselves use a faster hash; this reads what production uses."""
    settings.PASSWORD_HASHERS = run_path(str(ROOT / "nextgen/settings.py"))["PASSWORD_HASHERS"]
    assert make_password("correct-horse").startswith("argon2$argon2id$")
    User.objects.create_user("somebody", "correct-horse-battery")
    assert User.objects.get().password.startswith("argon2$")


@pytest.mark.parametrize(
    "weak",
    ["too-short-1", "qwerty123456", "749205738261", "Johanna-Peeters", "j.peeters@fla.example"],
)
def test_a_weak_password_is_refused(weak: str) -> None:
    somebody = User(username="johanna", full_name="Johanna Peeters", email="j.peeters@fla.example")
    with pytest.raises(ValidationError):
        validate_password(weak, somebody)
    validate_password("three-plain-long-words", somebody)


def test_a_closed_account_lets_nobody_in() -> None:
    User.objects.create_user("gone", "correct-horse-battery", is_active=False)
    client = Client()
    client.post("/admin/login/", {"username": "gone", "password": "correct-horse-battery"})
    assert client.get("/admin/").status_code == 302
