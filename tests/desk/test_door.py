"""The desk opens to who knows a password and holds a second factor; every try is written down."""

import re
import time
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from milestones import second_factor
from milestones.models import User
from tests.desk.conftest import WORD

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-factor/"
AsPerson = Callable[[User], Client]


@pytest.fixture
def asked(settings: Any) -> None:
    """A second factor is asked for, as in production."""
    settings.SECOND_FACTOR = True


def log_in(client: Client, name: str, password: str = WORD, **more: str) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password, **more})


def code(key: bytes, later: int = 0) -> str:
    totp = TOTP(key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def set_up(client: Client) -> list[str]:
    """Set an app up by the secret that the page shows; the recovery codes."""
    page = client.get(PAGE).content.decode()
    secret = re.search(r'id="secret">([^<]+)<', page)
    assert secret
    key = b32decode(secret[1].replace(" ", ""))
    answer = client.post(PAGE, {"code": code(key)})
    return list(answer.context["codes"])


@pytest.mark.usefixtures("asked")
def test_after_the_password_nothing_answers_until_a_second_factor_is_set_up(
    client: Client, editor: User
) -> None:
    answer = log_in(client, editor.username, next="/admin/projects/project/")
    assert answer.headers["Location"] == "/admin/projects/project/"
    for path in ("/admin/", "/admin/projects/project/", "/admin/password_change/", "/admin/you/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(PAGE)
    made = set_up(client)
    assert len(set(made)) == 10
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("asked")
def test_the_secret_stands_as_a_picture_without_styles_and_as_text(
    client: Client, editor: User
) -> None:
    log_in(client, editor.username)
    page = client.get(PAGE).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert second_factor.secret(second_factor.app_of(editor)) in page


@pytest.mark.usefixtures("asked")
def test_a_code_or_a_recovery_code_lets_in_and_each_works_once(
    client: Client, editor: User
) -> None:
    log_in(client, editor.username)
    [recovery, *_others] = set_up(client)
    key = second_factor.app_of(editor).bin_key
    for each in (code(key, later=1), recovery.upper()):
        for others, expected in (
            (Client(), 302),
            (Client(), 200),  # the form again, with the reason
        ):
            log_in(others, editor.username)
            answer = others.post(PAGE, {"code": each})
            assert answer.status_code == expected, each
            assert others.get("/admin/").status_code == (200 if expected == 302 else 302)
        TOTPDevice.objects.update(throttling_failure_count=0)
        StaticDevice.objects.update(throttling_failure_count=0)
    assert second_factor.codes_left(editor) == 9


@pytest.mark.usefixtures("asked")
def test_guessing_codes_is_slowed_down_listed_and_locks_out(client: Client, editor: User) -> None:
    log_in(client, editor.username)
    set_up(client)
    guesser = Client()
    log_in(guesser, editor.username)
    app = second_factor.app_of(editor)
    wrong = f"{(int(code(app.bin_key)) + 500_000) % 1_000_000:06}"
    assert "is not right" in guesser.post(PAGE, {"code": wrong}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=10)
    right = code(app.bin_key, later=1)
    assert "you have to wait" in guesser.post(PAGE, {"code": right}).content.decode()
    assert AccessFailureLog.objects.filter(username=editor.username).count() == 1
    for _guess in range(4):
        TOTPDevice.objects.update(throttling_failure_count=0)
        answer = guesser.post(PAGE, {"code": wrong})
    assert answer.status_code == 429
    assert guesser.get(PAGE).headers["Location"].startswith("/admin/login/")
    assert wrong not in str(AccessAttempt.objects.values_list("post_data"))


@pytest.mark.usefixtures("asked")
def test_somebody_elses_recovery_code_lets_nobody_in(
    client: Client, editor: User, coordinator: User
) -> None:
    log_in(client, editor.username)
    [theirs, *_others] = set_up(client)
    other = Client()
    log_in(other, coordinator.username)
    set_up(other)
    again = Client()
    log_in(again, coordinator.username)
    assert again.post(PAGE, {"code": theirs}).status_code == 200
    assert again.get("/admin/").status_code == 302


@pytest.mark.usefixtures("asked")
def test_recovery_codes_are_renewed_by_who_is_in(client: Client, editor: User) -> None:
    log_in(client, editor.username)
    old = set_up(client)
    new = client.post(PAGE, {"renew": "1"}).context["codes"]
    assert not set(old) & set(new)
    assert client.get("/admin/").status_code == 200
    other = Client()
    log_in(other, editor.username)
    assert "codes" not in (other.post(PAGE, {"renew": "1"}).context or {})
    assert other.post(PAGE, {"code": old[0]}).status_code == 200
    StaticDevice.objects.update(throttling_failure_count=0)
    assert other.post(PAGE, {"code": new[0]}).status_code == 302


@pytest.mark.usefixtures("asked")
def test_who_has_not_given_the_second_factor_can_log_out(client: Client, editor: User) -> None:
    log_in(client, editor.username)
    client.post("/admin/logout/")
    assert client.get(PAGE).headers["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("asked")
def test_an_administrator_resets_a_second_factor_and_the_history_says_so(
    client: Client, editor: User, person: Callable[..., User]
) -> None:
    log_in(client, editor.username)
    set_up(client)
    administrator = person("administrator")
    admins = Client()
    log_in(admins, administrator.username)
    set_up(admins)
    admins.post(
        "/admin/milestones/user/",
        {"action": "reset_second_factor", "_selected_action": [editor.pk]},
    )
    assert client.get("/admin/").headers["Location"].startswith(PAGE)
    assert "svg" in client.get(PAGE).content.decode()
    told = LogEntry.objects.get_for_object(editor).order_by("-pk")[0]
    assert told.changes == {"second factor": ["", "reset"]}
    assert (told.actor, told.additional_data["role"]) == (administrator, "administrator")


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_nobody_else_resets_a_second_factor(
    role: str, person: Callable[..., User], as_person: AsPerson, coordinator: User
) -> None:
    second_factor.confirm(second_factor.app_of(coordinator))
    as_person(person(role)).post(
        "/admin/milestones/user/",
        {"action": "reset_second_factor", "_selected_action": [coordinator.pk]},
    )
    assert TOTPDevice.objects.filter(user=coordinator, confirmed=True).exists()


def test_a_demonstration_asks_for_a_password_alone(client: Client, editor: User) -> None:
    log_in(client, editor.username)
    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE).headers["Location"] == "/admin/"


def test_five_wrong_passwords_lock_out_and_the_page_says_until_when(
    client: Client, editor: User
) -> None:
    answers = [log_in(client, editor.username, "wrong") for _try in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert re.search(r"try again after \d\d:\d\d", answers[-1].content.decode())
    assert log_in(client, editor.username).status_code == 429
    assert client.get("/admin/").status_code == 302
    AccessAttempt.objects.update(attempt_time=answers[-1].context["until"] - timedelta(hours=1))
    assert log_in(client, editor.username).status_code == 302


def test_a_lock_out_is_for_one_name_from_one_address(
    client: Client, editor: User, coordinator: User
) -> None:
    for _try in range(5):
        log_in(client, editor.username, "wrong")
    assert log_in(client, coordinator.username).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, editor.username).status_code == 302


@pytest.mark.parametrize(("trusted", "address"), [(True, "198.51.100.4"), (False, "192.0.2.1")])
def test_the_address_is_that_which_the_trusted_proxy_saw(
    settings: Any, editor: User, trusted: bool, address: str
) -> None:
    """What a client writes into the header itself stands before what the proxy adds."""
    settings.TRUST_PROXY = trusted
    client = Client(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4")
    log_in(client, editor.username, "wrong")
    assert AccessFailureLog.objects.get().ip_address == address


def test_every_login_refusal_and_logout_is_listed_and_logged(
    client: Client, editor: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    log_in(client, editor.username, "wrong")
    log_in(client, editor.username)
    client.post("/admin/logout/")
    assert AccessFailureLog.objects.get().username == editor.username
    assert AccessLog.objects.get().username == editor.username
    assert AccessLog.objects.get().logout_time
    for line in ("New login failure", "Successful login", "Successful logout"):
        assert line in caplog.text


@pytest.mark.parametrize("model", ["accesslog", "accessfailurelog", "accessattempt"])
def test_logins_are_read_by_auditors_and_administrators_and_written_by_nobody(
    model: str, person: Callable[..., User], as_person: AsPerson, coordinator: User
) -> None:
    log_in(Client(), coordinator.username)
    log_in(Client(), coordinator.username, "wrong")
    page = f"/admin/axes/{model}/"
    for role in ("auditor", "administrator"):
        reader = as_person(person(role))
        assert coordinator.username in reader.get(page).content.decode()
        assert reader.get(f"{page}add/").status_code == 403
        row = reader.get(page).context["cl"].result_list[0]
        one = reader.get(f"{page}{row.pk}/change/")
        assert one.status_code == 200
        assert WORD not in one.content.decode()
        assert reader.post(f"{page}{row.pk}/change/", {"username": "x"}).status_code == 403
        assert reader.post(f"{page}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    for other in (coordinator, person("editor")):
        assert as_person(other).get(page).status_code == 403


def test_what_is_refused_inside_is_logged_with_the_role_and_without_the_name(
    coordinator: User, as_person: AsPerson, caplog: pytest.LogCaptureFixture
) -> None:
    as_person(coordinator).get("/admin/projects/project/")
    [line] = [r for r in caplog.records if r.name == "nextgen.desk.middleware"]
    assert line.levelname == "WARNING"
    assert line.getMessage() == "Refused: GET /admin/projects/project/ (coordinator)"


def test_the_session_ends_after_four_hours_or_with_the_browser(
    client: Client, editor: User
) -> None:
    before = client.get("/admin/login/").cookies
    assert "sessionid" not in before
    cookie = log_in(client, editor.username).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert client.session.get_expiry_age() == 4 * 3600


def test_the_language_of_a_person_wins_over_that_of_the_browser(
    editor: User, as_person: AsPerson
) -> None:
    client = as_person(editor)
    german = {"headers": {"accept-language": "de"}}
    assert '<html lang="de"' in client.get("/admin/", **german).content.decode()
    User.objects.update(language="fr")
    for path in ("/admin/", "/admin/milestones/milestone/", "/admin/password_change/"):
        answer = client.get(path, **german)
        assert '<html lang="fr"' in answer.content.decode()
        assert answer.headers["Content-Language"] == "fr"
    assert client.get("/en/").headers["Content-Language"] == "en"


@pytest.mark.usefixtures("asked")
def test_everybody_finds_the_second_factor_on_the_own_page(
    client: Client, coordinator: User
) -> None:
    log_in(client, coordinator.username)
    set_up(client)
    link = 'href="/admin/second-factor/"'
    assert link in client.get("/admin/you/").content.decode()
