"""What is larger than any use of the site is refused by a page that says so, and never read."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
MANY_MB = 7 * 2**20


def post(client: Client, address: str, length: str, media_type: str = "text/plain") -> Any:
    return client.generic("POST", address, b"x", media_type, CONTENT_LENGTH=length)


@pytest.mark.parametrize("length", [str(MANY_MB), "9" * 5000])
def test_a_body_that_is_too_large_is_not_read(client: Client, length: str) -> None:
    answer = post(client, "/admin/login/", length)
    assert answer.status_code == 413
    assert "Nothing has been changed" in answer.content.decode()


def test_a_form_that_is_too_large_is_refused_likewise(client: Client) -> None:
    answer = client.post("/admin/login/", {"username": "a" * 3_000_000})
    assert answer.status_code == 413
    assert "what you wrote is still there" in answer.content.decode()


def test_more_fields_than_any_form_has_are_refused(client: Client) -> None:
    answer = client.post("/admin/login/", {f"f{n}": "" for n in range(1100)})
    assert answer.status_code == 400


def test_an_address_that_is_too_long_is_refused(client: Client) -> None:
    answer = client.get("/fr/projets/", {"q": "a" * 5000})
    assert answer.status_code == 414
    assert answer.headers["Content-Language"] == "fr"
    program = client.get("/api/v1/projects", {"q": "a" * 5000})
    assert program.status_code == 414
    assert program.json()["status"] == 414


def test_the_longest_selection_fits(client: Client) -> None:
    words = "é" * 200  # all that the search field takes, nine characters each in an address
    assert (
        client.get("/en/projects/", {"q": words, "pillar": "1", "kind": "reform"}).status_code < 400
    )
