"""Each kind of answer carries the headers that forbid what the site does not need."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
KINDS = ["/en/", "/en/projects/?pillar=1", "/en/nothing", "/en/projects/export.csv", "/robots.txt",
         "/api/v1/figures", "/api/v1/nothing", "/data/plan.zip", "/admin/login/", "/healthz",
         "/en/charts/", "/sitemap.xml", "/en/feed-that-is-not/", "/"]  # fmt: skip
EMBED = "/en/embed/money-by-pillar/"


@pytest.mark.parametrize("address", KINDS)
def test_an_answer_forbids_what_the_site_does_not_need(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(each.strip().partition(" ")[::2] for each in headers[
        "Content-Security-Policy"].split(";"))  # fmt: skip
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert not [value for value in policy.values() if "unsafe" in value or "http" in value]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "camera=()" in headers["Permissions-Policy"]
    assert not {"Server", "X-Powered-By"} & headers.keys()


def test_only_an_embed_may_stand_in_the_page_of_another(client: Client) -> None:
    answer = client.get(EMBED)
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers


def test_behind_tls_browsers_are_told_to_stay_there(client: Client, settings: object) -> None:
    settings.SECURE_HSTS_SECONDS = 63_072_000  # type: ignore[attr-defined]
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # type: ignore[attr-defined]
    told = Client().get("/en/", secure=True).headers["Strict-Transport-Security"]
    assert told == "max-age=63072000; includeSubDomains"
