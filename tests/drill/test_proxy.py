"""The recipe for nginx keeps what it promises: limits with a page, and copies that are safe."""

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import free_port
from tests.drill.nginx import RECIPE, Proxy, in_front_of


@pytest.fixture
def proxy(site: str, tmp_path: Path) -> Iterator[Proxy]:
    """nginx before the site, and before a process that is not there."""
    gone = free_port()
    with in_front_of([urlsplit(site).port or 0, gone], tmp_path) as proxy:
        yield proxy


def test_a_process_that_is_away_costs_no_request(proxy: Proxy) -> None:
    addresses = [f"/en/projects/?page={page}" for page in range(1, 6)] * 2
    assert {proxy.ask(address)[0] for address in addresses} == {200}


def test_what_is_too_large_gets_a_page_that_says_so(proxy: Proxy) -> None:
    refused = {
        413: proxy.ask("/admin/login/", "POST", Content_Length=str(7 * 2**20)),
        414: proxy.ask(f"/en/?{'a' * 5000}"),
        431: proxy.ask("/en/", X_Long="a" * 9000),
    }
    for status, (answered, headers, body) in refused.items():
        assert answered == status
        assert b'<section lang="nl">' in body
        assert "default-src 'none'" in headers["content-security-policy"]


def test_who_asks_too_much_waits_and_nobody_else_does(proxy: Proxy) -> None:
    statuses = [proxy.ask("/en/projects/?q=tram")[0] for _ in range(60)]
    assert set(statuses) == {200, 429}
    _status, headers, body = next(
        answer for _ in range(20) if (answer := proxy.ask("/en/projects/?q=tram"))[0] == 429
    )
    assert headers["retry-after"] == "10"
    assert b"Nothing has been lost" in body
    assert proxy.ask("/en/projects/?q=tram", source="127.0.0.2")[0] == 200


def test_a_program_that_asks_too_much_is_told_so_as_a_program(proxy: Proxy) -> None:
    answers = [proxy.ask("/api/v1/figures") for _ in range(100)]
    status, headers, body = next(answer for answer in answers if answer[0] != 200)
    assert status == 429
    assert headers["content-type"] == "application/problem+json"
    assert headers["retry-after"] == "10"
    assert headers["access-control-allow-origin"] == "*"
    assert b'"status": 429' in body


def test_passwords_cannot_be_tried_by_the_hundred(proxy: Proxy) -> None:
    statuses = [proxy.ask("/admin/login/", "POST")[0] for _ in range(25)]
    assert statuses[0] == 403  # no form of the site
    assert statuses[-1] == 429


def test_a_page_is_held_and_a_session_gets_none_of_it(proxy: Proxy) -> None:
    first, second = proxy.ask("/en/plan/"), proxy.ask("/en/plan/")
    assert first[2] == second[2]
    assert proxy.ask("/en/plan/", If_None_Match=first[1]["etag"])[0] == 304
    proxy.ask("/en/plan/", Cookie="sessionid=somebodys")
    proxy.ask("/admin/login/")
    proxy.ask("/admin/login/")
    assert proxy.held[0] == "MISS"
    assert proxy.held[3] == "BYPASS"
    assert proxy.held[-2:] == ["MISS", "MISS"]


def test_codings_and_parts_of_pages_are_held_apart(proxy: Proxy) -> None:
    whole = proxy.ask("/en/projects/")
    part = proxy.ask("/en/projects/", HX_Request="true")
    packed = proxy.ask("/en/projects/", Accept_Encoding="gzip, deflate, br")
    assert whole[2].startswith(b"<!doctype html>")
    assert not part[2].startswith(b"<!doctype html>")
    assert packed[1]["content-encoding"] in ("br", "gzip")
    assert "content-encoding" not in whole[1]


def test_static_files_come_packed_and_for_good(proxy: Proxy) -> None:
    [name] = set(re.findall(rb"/static/css/base\.[0-9a-f]{12}\.css", proxy.ask("/en/")[2]))
    _status, headers, _body = proxy.ask(name.decode(), Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"


def test_who_asks_by_ipv6_is_one_visitor_in_all_of_a_network() -> None:
    """nginx writes addresses short: '::' may stand for the end of the network too."""
    (pattern,) = re.findall(r'"~(.*)" \$network;', (RECIPE / "nginx.conf").read_text())
    networks = {
        "2001:db8:1:2:": ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::6"],
        "2001:db8:1:": ["2001:db8:1::6", "2001:db8:1::5:6"],
        "2001:db8:": ["2001:db8::6"],
    }
    for network, addresses in networks.items():
        for address in addresses:
            found = re.match(pattern.replace("(?<", "(?P<"), address)
            assert found
            assert found["network"] == network
    assert not re.match(pattern.replace("(?<", "(?P<"), "192.0.2.1")


def test_nothing_is_written_of_who_asked_for_what(proxy: Proxy) -> None:
    proxy.ask("/en/projects/?q=secret-word", source="127.0.0.3")
    for written in (proxy.log, proxy.log.with_name("error.log")):
        assert "127.0.0" not in written.read_text()
        assert "secret-word" not in written.read_text()


def test_figures_for_prometheus_and_plain_http_stop_here(proxy: Proxy) -> None:
    assert proxy.ask("/metrics")[0] == 404
    plain = HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    plain.request("GET", "/en/?q=1", headers={"Host": "example.org"})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, "https://example.org/en/?q=1")
    plain.close()
