"""The desk stands where its settings say, and nothing public tells where."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import clear_url_caches, path, set_urlconf

from milestones.models import ProgressReport, User
from nextgen import urls
from nextgen.desk import mail as letters

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/robots.txt", "/sitemap.xml", "/en/", "/fr/projets/", "/en/data/", "/nothing"]


@pytest.fixture
def moved(settings: Any) -> Iterator[None]:
    """The desk at /werkplek/."""
    settings.ADMIN_PATH = "werkplek/"
    elsewhere = ModuleType("urls_with_the_desk_elsewhere")
    vars(elsewhere).update(vars(urls))
    public = [each for each in urls.urlpatterns if getattr(each, "app_name", "") != "admin"]
    vars(elsewhere)["urlpatterns"] = [path("werkplek/", admin.site.urls), *public]
    settings.ROOT_URLCONF = elsewhere
    clear_url_caches()
    yield
    set_urlconf(None)
    clear_url_caches()


def test_the_desk_moves_with_the_setting() -> None:
    start = "import django; django.setup(); from django.urls import reverse; "
    shown = f"{start}print(reverse('admin:login'))"
    environment = os.environ | {"ADMIN_PATH": "werk/plek/"}
    told = subprocess.check_output([sys.executable, "-c", shown], env=environment, text=True)
    assert told.strip() == "/werk/plek/login/"


def test_a_desk_that_moved_works_and_keeps_its_cookies(
    moved: None, editor: User, draft: ProgressReport, as_person: Callable[[User], Client]
) -> None:
    client = as_person(editor)
    start = client.get("/werkplek/")
    assert start.status_code == 200
    assert start.headers["X-Robots-Tag"] == "noindex"
    assert "/admin/" not in start.content.decode().replace("/static/admin/", "")
    assert client.get("/werkplek/assess/").status_code == 200
    assert client.get("/admin/").status_code == 404


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_public_tells_where_it_is(moved: None, client: Client, address: str) -> None:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert "werkplek" not in b"".join(answer).decode()
    assert not answer.cookies


def test_it_answers_under_its_own_name_alone(client: Client, settings: Any) -> None:
    settings.ADMIN_HOST = "desk.example.org"
    settings.ALLOWED_HOSTS = ["desk.example.org", "example.org"]
    for host in ("desk.example.org", "desk.example.org:8443"):
        assert client.get("/admin/login/", headers={"Host": host}).status_code == 200
    missing = client.get("/admin/login/", headers={"Host": "example.org"})
    assert missing.status_code == 404
    assert "There is no such page" in missing.content.decode()
    assert not missing.cookies
    assert client.get("/en/", headers={"Host": "example.org"}).status_code == 200


def test_under_another_name_no_slash_is_added_to_it(client: Client, settings: Any) -> None:
    assert client.get("/admin").headers["Location"] == "/admin/"
    settings.ADMIN_HOST = "desk.example.org"
    for address in ("/admin", "/admin/login"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["", "desk.example.org"])
def test_a_host_that_is_not_ours_learns_nothing_of_it(
    client: Client, settings: Any, name: str
) -> None:
    settings.ADMIN_HOST = name
    for address in ("/admin/", "/admin/login/", "/nothing/"):
        assert client.get(address, headers={"Host": "other.example"}).status_code == 400


def test_letters_lead_to_it(
    settings: Any, person: Callable[..., User], draft: ProgressReport
) -> None:
    settings.SITE_URL, settings.ADMIN_HOST = "https://example.org", "desk.example.org"
    someone = person("coordinator", "FLA")
    someone.email = "someone@example.org"
    someone.save()
    letters.opened(draft)
    [letter] = mail.outbox
    assert "https://desk.example.org/admin/\n" in letter.body
    assert "https://example.org/admin/" not in letter.body
