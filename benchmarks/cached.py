"""A page that is kept ready against nginx sending the same bytes from a file, and 304s."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measured import Measured, alternated
from benchmarks.serving import CORES, asked, free_port, got, needed, site, started

PAGE = "/en/projects/"
SECONDS = 3
ROUNDS = 5
CONFIG = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; gzip_static always; etag on; default_type text/html; sendfile on;
  tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


@contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[str]:
    """nginx with as many workers as ours, sending this page, already compressed, from a file."""
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "page.html.gz").write_bytes(page)
    (folder / "nginx.conf").write_text(
        CONFIG.format(workers=CORES, folder=folder, port=(port := free_port()))
    )
    command = [needed("nginx", "nginx-light"), "-c", str(folder / "nginx.conf")]
    url = f"http://127.0.0.1:{port}/page.html"
    with started([*command, "-p", str(folder)], url):
        yield url


def measure(database: str, folder: Path) -> Iterator[Measured]:
    with site(database) as (ours, _pid):
        url = f"{ours}{PAGE}"
        page, headers = got(url, Accept_Encoding="gzip")
        gzip.decompress(page)
        with nginx(folder / "nginx", page) as file:
            same = len(got(file, Accept_Encoding="gzip")[0]) == len(page)
            pairs = alternated(
                ROUNDS,
                lambda: asked(url, SECONDS, Accept_Encoding="gzip"),
                lambda: asked(file, SECONDS, Accept_Encoding="gzip"),
            )
            yield Measured(
                "cached page", "pages/s", *pairs, "nginx, same gzip file", 0.85,
                f"{len(page)} bytes{'' if same else ', lengths differ'}, {CORES} workers each",
            )  # fmt: skip
            tag = got(file, Accept_Encoding="gzip")[1]["ETag"]
            pairs = alternated(
                ROUNDS,
                lambda: asked(url, SECONDS, Accept_Encoding="gzip", If_None_Match=headers["ETag"]),
                lambda: asked(file, SECONDS, Accept_Encoding="gzip", If_None_Match=tag),
            )
            yield Measured("304 Not Modified", "answers/s", *pairs, "nginx")
