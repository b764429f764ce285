"""A session that ended in the middle of a form brings the words back after the login."""

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from milestones import second_factor
from milestones.models import Milestone, User
from nextgen.desk import kept
from tests.desk.conftest import WORD

pytestmark = pytest.mark.django_db
TEXT = "The dyke is finished; <b>the locks</b> follow.\r\nBoth in spring."


@pytest.fixture
def form() -> str:
    """The address of a milestone's form."""
    return f"/admin/milestones/milestone/{Milestone.objects.get(code='157').pk}/change/"


def log_in(client: Client, user: User, words: str) -> Any:
    sent = {"username": user.username, "password": WORD, "kept": words}
    return client.post("/admin/login/", sent)


def send(client: Client, path: str, **fields: Any) -> Any:
    return client.post(path, {"description_en": TEXT, "title_nl": "", "_save": "Save", **fields})


def test_what_is_sent_without_a_session_is_kept_and_nothing_is_written(
    client: Client, form: str
) -> None:
    answer = send(client, form)
    assert answer.status_code == 403
    assert "is not lost" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Milestone.objects.filter(description_en=TEXT).exists()
    assert not Session.objects.exists()


def test_it_comes_back_after_the_login_readably(client: Client, form: str, editor: User) -> None:
    words = send(client, form, password1="a secret word").context["kept"]
    assert log_in(client, editor, words).headers["Location"] == "/admin/kept/"
    page = client.get("/admin/kept/")
    assert page.context["kept"].told() == [("Description (en)", TEXT)]
    shown = page.content.decode()
    assert form in shown
    assert "&lt;b&gt;the locks&lt;/b&gt;" in shown
    assert "a secret word" not in shown
    # An emptied field stays emptied when all is sent again.
    assert ("title_nl", "") in page.context["kept"].fields
    assert ("_save", "Save") in page.context["kept"].fields


def test_a_wrong_password_in_between_loses_nothing(client: Client, form: str, editor: User) -> None:
    words = send(client, form).context["kept"]
    wrong = {"username": editor.username, "password": "wrong", "kept": words}
    for _try in range(5):
        answer = client.post("/admin/login/", wrong)
        assert words in answer.content.decode()
    assert answer.status_code == 429


def test_it_waits_for_the_second_factor_too(
    client: Client, form: str, editor: User, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    [recovery, *_others] = second_factor.confirm(second_factor.app_of(editor))
    words = send(client, form).context["kept"]
    log_in(client, editor, words)
    asked = client.get("/admin/kept/").headers["Location"]
    assert client.post(asked, {"code": recovery}).headers["Location"] == "/admin/kept/"
    assert ("description_en", TEXT) in client.get("/admin/kept/").context["kept"].fields


def test_who_is_asked_for_the_second_factor_anew_loses_nothing(
    client: Client, form: str, editor: User, settings: Any
) -> None:
    """As when an administrator resets it in the middle of a form."""
    settings.SECOND_FACTOR = True
    log_in(client, editor, "")
    asked = send(client, form).headers["Location"]
    assert asked == "/admin/second-factor/?next=%2Fadmin%2Fkept%2F"
    [recovery, *_others] = second_factor.confirm(second_factor.app_of(editor))
    client.post(asked, {"code": recovery})
    assert ("description_en", TEXT) in client.get("/admin/kept/").context["kept"].fields


def test_what_was_sent_again_is_let_go_of_unless_it_was_refused(
    client: Client, form: str, editor: User, coordinator: User
) -> None:
    words = send(client, form).context["kept"]
    log_in(client, coordinator, words)
    assert send(client, form, _kept="1").status_code in {403, 404}
    assert client.get("/admin/kept/").status_code == 200
    log_in(other := Client(), editor, words)
    assert send(other, form, _kept="1").status_code == 200
    assert other.get("/admin/kept/").status_code == 302


def test_it_is_thrown_away_when_told(client: Client, form: str, editor: User) -> None:
    log_in(client, editor, send(client, form).context["kept"])
    client.post("/admin/kept/")
    assert client.get("/admin/kept/").headers["Location"] == "/admin/"


def test_files_are_not_kept_and_the_page_says_so(client: Client, editor: User) -> None:
    file = SimpleUploadedFile("rows.csv", b"code")
    log_in(client, editor, send(client, "/admin/assess/", file=file).context["kept"])
    page = client.get("/admin/kept/").content.decode()
    assert "Files are not kept" in page
    assert "rows.csv" in page


def test_a_row_of_the_list_is_called_by_its_code(client: Client, editor: User) -> None:
    row = Milestone.objects.get(code="157")
    sent = {f"m{row.pk}-note_en": "Late.", f"m{row.pk}-seen": "7", "row": str(row.pk)}
    log_in(client, editor, client.post("/admin/assess/", sent).context["kept"])
    assert client.get("/admin/kept/").context["kept"].told() == [("157 Note en", "Late.")]


def test_what_is_too_long_to_keep_is_said_at_once(client: Client, form: str) -> None:
    noise = signing.b64_encode(bytes(range(256))).decode()
    long = "".join(signing.Signer(salt=str(n)).signature(noise) for n in range(20_000))
    answer = send(client, form, title_fr=long)
    assert answer.status_code == 403
    assert "too long to be kept" in answer.content.decode()
    assert 'name="kept"' not in answer.content.decode()


def test_words_of_somebody_elses_making_or_too_old_are_not_brought_back(
    client: Client, form: str, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = send(client, form).context["kept"]
    later = time.time() + 12 * 3600 + 1
    log_in(client, editor, f"x{words}")
    assert client.get("/admin/kept/").status_code == 302
    with monkeypatch.context() as patched:
        patched.setattr(signing.time, "time", lambda: later)
        assert kept.unseal(words) is None
    assert kept.unseal(words)


def test_a_form_of_another_site_is_refused_as_ever_and_not_kept(form: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(form, {"description_en": TEXT})
    assert answer.status_code == 403
    assert "kept" not in (answer.context or {})
    assert "is not lost" not in answer.content.decode()


def test_a_code_or_a_changed_password_is_never_kept(client: Client) -> None:
    fields = {"old_password": "one", "new_password1": "two", "new_password2": "two"}
    for path, sent in (("/admin/password_change/", fields), ("/admin/second-factor/", {"code": 1})):
        answer = client.post(path, sent)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")
