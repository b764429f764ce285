"""The doctor looks at the site as the world reaches it: certificate, code, mail server, links."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from milestones.models import Assessment, Change, ProgressReport
from nextgen.build import code
from nextgen.doctor import links, reach
from nextgen.doctor.finding import Check
from tests.thaw import thawed

# A key that opens nothing: for localhost, signed by itself, until 2126.
KEY = Path(__file__).with_name("localhost.pem")
Answers = dict[str, tuple[int, str]]


@contextmanager
def serving(answers: Answers, *, secured: bool = False) -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine with these answers: its address, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append(f"{self.command} {self.path}")
            both = answers.get(self.path, (404, ""))
            status, text = answers.get(f"{self.command} {self.path}", both)
            self.send_response(status)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(text.encode())

        do_GET = do_HEAD = answer  # noqa: N815 (the names are http.server's)

        def log_message(self, *_told: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if secured:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(KEY)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    scheme, host = ("https", "localhost") if secured else ("http", "127.0.0.1")
    try:
        yield f"{scheme}://{host}:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def told(settings: Any) -> Callable[..., list[str]]:
    """What a check says of a site with these answers."""

    def told(looked_at: Check, answers: Answers | None = None, **options: Any) -> list[str]:
        with serving(answers or {}, **options) as (url, _asked):
            settings.SITE_URL = url
            return [
                f"{each.level}: {each.what} {each.do}".rstrip() for each in looked_at.findings()
            ]

    return told


def answers(running: str = "", ready: tuple[int, str] = (200, "ready\n")) -> Answers:
    return {"/healthz": (200, f"ok {running}".strip() + "\n"), "/readyz": ready}


def test_a_site_that_serves_this_code_is_well(told: Any, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "x" * 32
    said = client.get("/healthz", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
    served = answers() | {"/healthz": (200, said.text)}
    assert told(reach.served, served) == [f"ok: {reach.served.sound}"]


def test_a_site_that_serves_other_code_is_named(told: Any) -> None:
    [line] = told(reach.served, answers("0123456789ab"))
    assert line.startswith(f"fault: The code that is served is 0123456789ab, this one is {code()}.")


def test_a_site_that_does_not_say_which_code_it_serves_is_a_warning(
    told: Any, client: Client
) -> None:
    served = answers() | {"/healthz": (200, client.get("/healthz").text)}
    [line] = told(reach.served, served)
    assert line.startswith("warning: Which code is served cannot be told. Set METRICS_TOKEN")


def test_a_site_without_its_database_is_named(told: Any) -> None:
    [line] = told(reach.served, answers(code(), ready=(503, "database away\n")))
    assert "/readyz answers 503. Read the site's log." in line


def test_a_site_that_is_away_is_named(settings: Any) -> None:
    with serving({}) as (url, _asked):
        settings.SITE_URL = url
    [finding] = reach.served.findings()
    assert finding.level == "fault"
    assert finding.what.startswith(f"{url} does not answer: ")
    settings.SITE_URL = url.replace("http", "https")
    [finding] = reach.certificate.findings()
    assert " does not answer: " in finding.what
    settings.SITE_URL = ""
    assert [each.what for each in reach.served.findings()] == ["Nobody says what is served where."]


def test_the_token_of_the_metrics_follows_no_redirect() -> None:
    told: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers["Authorization"])
            self.send_response(302 if self.path == "/healthz" else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        reach.ask(f"http://127.0.0.1:{server.server_port}/healthz", Authorization="Bearer x")
        server.shutdown()
    assert told == ["Bearer x", None]


def test_a_server_that_speaks_something_else_is_named(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SITE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"

        def greet() -> None:
            connection, _address = server.accept()
            with connection:
                connection.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = Thread(target=greet)
        thread.start()
        [finding] = reach.served.findings()
        thread.join()
    assert f"{settings.SITE_URL} does not answer: " in finding.what


def test_a_certificate_that_browsers_refuse_is_named(told: Any) -> None:
    [line] = told(reach.certificate, secured=True)
    assert line.startswith("fault: Browsers refuse the certificate of localhost: self-signed")


def test_a_certificate_is_named_before_it_ends(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(KEY))
    assert told(reach.certificate, secured=True) == [f"ok: {reach.certificate.sound}"]
    ends = ssl.cert_time_to_seconds(ssl._ssl._test_decode_cert(str(KEY))["notAfter"])  # type: ignore[attr-defined]
    monkeypatch.setattr("nextgen.doctor.reach.time", lambda: ends - 5 * 86400)
    [line] = told(reach.certificate, secured=True)
    assert line.startswith("warning: The certificate of localhost ends in 5 days.")


def test_a_mail_server_that_is_away_is_named(settings: Any) -> None:
    with serving({}) as (url, _asked):
        port = int(url.rpartition(":")[2])
    backend = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    [finding] = reach.mail.findings()
    assert finding.level == "fault"
    assert finding.what.startswith("The mail server does not let us in: ")


@pytest.mark.django_db
def test_links_that_lead_nowhere_are_named_with_what_points_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nextgen.doctor.links.BREATH", 0)
    pages = {
        "/good": (200, ""),
        "HEAD /shy": (405, ""),
        "GET /shy": (200, ""),
        "/gone": (410, ""),
        "/%C3%A9t%C3%A9": (200, ""),
    }
    with serving(pages) as (url, asked), thawed():
        first = Assessment.objects.filter(report__month="2023-12").first()
        assert first
        Assessment.objects.filter(pk=first.pk).update(evidence=f"{url}/gone")
        ProgressReport.objects.filter(month="2023-12").update(
            source=f"See {url}/good, {url}/été, {url}/shy."
        )
        document = f"{url}/gone-too"
        number = Change.objects.count() + 1000
        Change.objects.create(
            number=number,
            made_on="2024-01-01",
            kind="revision",
            record_type="plan",
            document=document,
        )
        ours = {a: where for a, where in links.addresses().items() if a.startswith(url)}
        monkeypatch.setattr("nextgen.doctor.links.addresses", lambda: ours)
        found = [f"{each.level}: {each.what}" for each in links.links.findings()]
    gone = f"warning: {url}/gone answers 410; assessment {first.pk}, evidence points to it."
    assert gone in found
    assert any(line.startswith(f"warning: {url}/gone-too answers 404; change ") for line in found)
    assert len(found) == 2
    assert asked.count("HEAD /good") == 1
    assert "GET /good" not in asked
    assert asked.index("HEAD /shy") < asked.index("GET /shy")


@pytest.mark.django_db
def test_the_plan_names_its_sources() -> None:
    assert len(links.addresses()) > 20
    assert not [address for address in links.addresses() if address.endswith((".", ",", ")"))]
