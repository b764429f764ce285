"""A page that is kept ready, and 304s, against nginx sending the same bytes from a file.

Ours is asked twice: straight at its processes, and through nginx as deploy/ has it, which holds a
page for one second and then asks whether it still stands. nginx's file is sent without our headers,
and with them, since each line of them costs either server something.
"""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from itertools import product
from pathlib import Path

from benchmarks.measured import Measured, alternated
from benchmarks.serving import CORES, ROOT, asked, free_port, got, needed, site, started

PAGE = "/en/projects/"
SECONDS = 3
ROUNDS = 5
# Few, as of a small site at any moment; and enough of them to keep all processes busy.
CONNECTIONS = (8, 64)
TARGET = 0.85
# A page names its own address, so that all are asked for by the same name.
ASKING = {"Host": "testserver", "Accept_Encoding": "gzip"}
DEPLOYED = ROOT / "deploy" / "nginx" / "nginx.conf"
OWN = {"server", "date", "connection", "content-length", "content-encoding", "etag", "content-type"}
CONFIG = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; gzip_static always; etag on; default_type text/html; sendfile on;
  tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  {zones}
  upstream nextgen {{ server {ours}; keepalive 32; }}
  server {{ listen 127.0.0.1:{port}; root {folder};
    location = /headed.html {{ {headers} }}
    location /en/ {{ {held} }} }} }}
"""


def deployed(pattern: str) -> str:
    """What the configuration of deploy/ says between two places."""
    found = re.search(pattern, DEPLOYED.read_text(), re.DOTALL | re.MULTILINE)
    if not found:
        raise SystemExit(f"{DEPLOYED} has no part like {pattern!r} any more.")
    return found[1]


@contextmanager
def nginx(folder: Path, page: bytes, headers: Message, ours: str) -> Iterator[str]:
    """nginx with as many workers as ours, sending this page, already compressed, from a file.

    /page.html is the file, /headed.html the same with our headers, and below /en/ nginx holds what
    our site at the address `ours` answers.
    """
    folder.mkdir()
    folder.chmod(0o755)
    for name in ("page", "headed"):
        (folder / f"{name}.html.gz").write_bytes(page)
    config = CONFIG.format(
        workers=CORES,
        folder=folder,
        port=(port := free_port()),
        ours=ours.removeprefix("http://"),
        zones=deployed(r"^    (proxy_cache_path.*?)^    include").replace(
            "/var/cache/nginx/nextgen", f"{folder}/held"
        ),
        held=deployed(r"^            (proxy_pass .*?)^        }"),
        headers="".join(
            f'add_header {name} "{value}";'
            for name, value in headers.items()
            if name.lower() not in OWN
        ),
    )
    (folder / "nginx.conf").write_text(config)
    command = [needed("nginx", "nginx-light"), "-c", str(folder / "nginx.conf")]
    url = f"http://127.0.0.1:{port}"
    with started([*command, "-p", str(folder)], f"{url}/page.html"):
        yield url


def measure(database: str, folder: Path) -> Iterator[Measured]:
    with site(database) as (ours, _pid):
        page, headers = got(f"{ours}{PAGE}", **ASKING)
        gzip.decompress(page)
        with nginx(folder / "nginx", page, headers, ours) as file:
            sent = {
                "straight from our processes": f"{ours}{PAGE}",
                "held by nginx, as in deploy/": f"{file}{PAGE}",
            }
            files = {
                "nginx, same gzip file": f"{file}/page.html",
                "nginx, that file with our headers": f"{file}/headed.html",
            }
            for url in (*sent.values(), *files.values()):
                if got(url, **ASKING)[0] != page:
                    raise SystemExit(f"{url} sends another page.")
            for connections, (how, mine), (name, other) in product(
                CONNECTIONS, sent.items(), files.items()
            ):
                yield Measured(
                    f"cached page {how}", "pages/s",
                    *_beside(mine, other, connections), name, TARGET,
                    f"{len(page)} bytes, {connections} connections, {CORES} workers each",
                )  # fmt: skip
            for how, mine in sent.items():
                tags = got(mine, **ASKING)[1], got(other, **ASKING)[1]
                yield Measured(
                    f"304 Not Modified {how}", "answers/s",
                    *_beside(mine, other, CONNECTIONS[-1], *(each["ETag"] for each in tags)),
                    "nginx, that file with our headers",
                    notes=f"{CONNECTIONS[-1]} connections",
                )  # fmt: skip


def _beside(
    mine: str, other: str, connections: int, *known: str
) -> tuple[list[float], list[float]]:
    """Both addresses asked in turn, by who knows these tags of theirs already, if any."""

    def asking(url: str, tag: str) -> float:
        headers = {"If_None_Match": tag} if tag else {}
        return asked(url, SECONDS, connections=connections, **ASKING, **headers)

    my_tag, other_tag = known or ("", "")
    return alternated(ROUNDS, lambda: asking(mine, my_tag), lambda: asking(other, other_tag))
