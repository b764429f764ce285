"""A published page costs what a file costs; nobody gets a page that was made for another."""

import gzip
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextgen.pagecache.page import Key, coding_for
from nextgen.pagecache.published import normalised
from nextgen.pagecache.wrapper import PageCache
from tests.pagecache.standing_in import BODY, Plan, Site, Visitor, cache_before

parameters = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=6)


def test_a_page_is_built_once_and_sent_to_all(visitor: Visitor, django: Site) -> None:
    answers = {visitor.get("/en/")[2] for _visitor in range(5)}
    assert len(answers) == 1
    assert len(django.asked) == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "unpacked"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip;q=0, identity", "", bytes),
        ("", "", bytes),
    ],
)
def test_the_same_page_reaches_whoever_can_read_it(
    visitor: Visitor, accepted: str, coding: str, unpacked: Any
) -> None:
    for _again in range(2):
        _status, headers, body = visitor.get("/en/", HTTP_ACCEPT_ENCODING=accepted)
        assert headers.get("content-encoding", "") == coding
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding"
        assert unpacked(body).startswith(BODY)


def test_a_copy_that_still_holds_is_not_sent_again(visitor: Visitor) -> None:
    tags = {
        visitor.get("/en/", HTTP_ACCEPT_ENCODING=accepted)[1]["etag"]
        for accepted in ("br", "gzip", "")
    }
    assert len(tags) == 3  # strong: other bytes, another tag
    assert not any(tag.startswith("W/") for tag in tags)
    for tag in [*tags, f'"other", W/{min(tags)}', "*"]:
        status, headers, body = visitor.get("/en/", HTTP_IF_NONE_MATCH=tag)
        assert (status, body) == (304, b"")
        assert "etag" in headers
        assert "content-length" not in headers
    assert visitor.get("/en/", HTTP_IF_NONE_MATCH='"other"')[0] == 200


def test_a_head_has_the_length_and_no_body(visitor: Visitor) -> None:
    _status, headers, body = visitor.get("/en/", "HEAD")
    assert body == b""
    assert int(headers["content-length"]) > len(BODY)


def test_a_fragment_is_no_page(visitor: Visitor) -> None:
    fragment = visitor.get("/en/projects/", HTTP_HX_REQUEST="true")
    page = visitor.get("/en/projects/")
    restored = visitor.get(
        "/en/projects/", HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true"
    )
    assert fragment[2] != page[2] == restored[2]


def test_languages_hosts_and_schemes_are_kept_apart(visitor: Visitor) -> None:
    answers = {
        visitor.get("/en/")[2],
        visitor.get("/nl/")[2],
        visitor.get("/en/", HTTP_HOST="example.org")[2],
        visitor.get("/en/", **{"wsgi.url_scheme": "https"})[2],
    }
    assert len(answers) == 4


@given(parameters)
def test_a_normalised_query_stays_as_it_is(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import parse_qsl, urlencode  # noqa: PLC0415

    query = urlencode(pairs)
    once = normalised(query)
    assert once is not None
    assert normalised(once) == once
    kept = parse_qsl(once, keep_blank_values=True)
    for name in {name for name, _value in kept}:
        values = [v for n, v in parse_qsl(query, keep_blank_values=True) if n == name]
        assert [v for n, v in kept if n == name] == values


def test_who_is_logged_in_gets_and_leaves_nothing(
    visitor: Visitor, django: Site, cache: PageCache
) -> None:
    visitor.get("/en/", HTTP_COOKIE="sessionid=abc")
    assert len(cache.plain) == 0
    assert "HTTP_COOKIE" in django.asked[0]
    visitor.get("/en/")
    assert visitor.get("/en/", HTTP_COOKIE="a=b; sessionid=abc")[2].endswith(b" 3")


@pytest.mark.parametrize(
    "header",
    [
        {"Set-Cookie": "a=b"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "private, max-age=60"},
        {"Vary": "Accept-Encoding, Cookie"},
        {"Vary": "Accept-Language"},
    ],
)
def test_what_is_not_for_everybody_is_not_kept(plan: Plan, header: dict[str, str]) -> None:
    cache = cache_before(Site(**header), plan)
    assert Visitor(cache).get("/en/recipients/")[0] == 200
    assert len(cache.plain) == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/en/"), ("GET", "/admin/"), ("GET", "/healthz"), ("GET", "/"), ("PUT", "/api/v1/")],
)
def test_what_is_no_published_page_goes_straight_to_django(
    visitor: Visitor, cache: PageCache, method: str, path: str
) -> None:
    visitor.get(path, method)
    visitor.get(path, method)
    assert not len(cache.plain) + len(cache.chosen)
    assert cache.answers["passed"] == 2


def test_nothing_that_a_visitor_sends_finds_its_way_into_the_page_of_another(
    visitor: Visitor, django: Site
) -> None:
    """A poisoned key: only what a page is known by takes part in its making."""
    poison = {
        "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher",
        "HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_ACCEPT_LANGUAGE": "de", "HTTP_COOKIE": "django_language=fr", "HTTP_ORIGIN": "null",
        "HTTP_AUTHORIZATION": "Bearer x", "HTTP_HX_TARGET": "evil", "HTTP_USER_AGENT": "evil",
        "HTTP_HX_CURRENT_URL": "https://evil.example/", "HTTP_ACCEPT": "text/evil",
        "CONTENT_LENGTH": "4", "REMOTE_ADDR": "192.0.2.1", "SCRIPT_NAME": "/evil",
    }  # fmt: skip
    visitor.get("/en/", **poison)
    (asked,) = django.asked
    assert not [name for name in poison if asked.get(name)]


def test_another_spelling_of_the_name_makes_no_other_page(
    visitor: Visitor, django: Site, settings: Any
) -> None:
    settings.SITE_URL = "https://example.org"
    for host in ("localhost", "LOCALHOST", "localhost.", "localhost:1", "localhost:0002"):
        visitor.get("/en/", HTTP_HOST=host)
    assert [each["HTTP_HOST"] for each in django.asked] == ["localhost"]


def test_codings_are_understood_as_the_standard_says() -> None:
    assert coding_for("br;q=1.0, gzip;q=0.8, *;q=0.1") == "br"
    assert coding_for("*") == "br"
    assert coding_for("br;q=0, *") == "gzip"
    assert coding_for("identity") == ""
    assert Key("a", "http", "/en/").name != Key("a", "http", "/nl/").name
