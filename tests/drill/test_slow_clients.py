"""Ten thousand clients that never end their request keep nobody else from the site."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.conftest import served
from tests.drill.nginx import in_front_of
from tests.drill.slow import BODY, HEADERS, possible, slow_clients

SETTINGS = {
    name: value
    for name, _is, value in (
        line.partition("=") for line in Path("deploy/example.env").read_text().splitlines()
    )
    if name.startswith("GRANIAN_BACK")
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A process as deploy/example.env starts it."""
    possible(10_000)  # the process inherits the limit
    folder = tmp_path_factory.mktemp("slow")
    database = f"sqlite:///{folder / 'site.sqlite3'}"
    with served(database, folder / "log", **SETTINGS) as url:
        yield urlsplit(url).port


@pytest.mark.parametrize(("number", "begun"), [(10_000, HEADERS), (3_000, BODY)])
def test_the_application_alone_answers_others_meanwhile(
    port: int, number: int, begun: bytes
) -> None:
    with slow_clients(port, possible(number), begun):
        for address in ("/en/", "/en/", "/en/projects/?q=tram", "/readyz"):
            assert urlopen(f"http://127.0.0.1:{port}{address}", timeout=20).status == 200


def test_behind_the_proxy_they_never_reach_it(port: int, tmp_path: Path) -> None:
    with in_front_of([port], tmp_path) as proxy, slow_clients(proxy.plain, possible(10_000), BODY):
        for address in ("/en/", "/en/projects/?q=tram", "/readyz"):
            assert proxy.ask(address)[0] == 200
