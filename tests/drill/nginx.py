"""The nginx of deploy/nginx/ as it is, but for its ports and folders, in front of a served site."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from ssl import create_default_context
from typing import Any

from tests.conftest import ROOT, free_port, wait_until

RECIPE = ROOT / "deploy/nginx"
BROTLI = Path("/etc/nginx/modules-enabled/50-mod-http-brotli-static.conf")
CERTIFICATE = [
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
    "-keyout", "privkey.pem", "-out", "fullchain.pem",
]  # fmt: skip


@dataclass
class Proxy:
    """`ask` sends one request as a visitor from this address of this machine."""

    port: int
    plain: int
    log: Path

    def ask(
        self, path: str, method: str = "GET", source: str = "127.0.0.1", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPSConnection(
            "127.0.0.1", self.port, timeout=20, source_address=(source, 0),
            context=create_default_context(cafile=self.log.with_name("tls") / "fullchain.pem"),
        )  # fmt: skip
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return answer.status, told, body

    @property
    def held(self) -> list[str]:
        """What the cache said of each request: MISS, HIT, BYPASS, STALE or '-'."""
        return [line.split()[-1] for line in self.log.read_text().splitlines()]


@contextmanager
def in_front_of(ports: list[int], folder: Path) -> Iterator[Proxy]:
    """nginx before the processes that listen on these ports."""
    (folder / "tls").mkdir()
    subprocess.run(CERTIFICATE, cwd=folder / "tls", check=True, capture_output=True)
    port, plain = free_port(), free_port()
    moved = {
        "user www-data;": "user root;",
        "/run/nginx.pid": f"{folder}/pid",
        "/var/log/nginx": str(folder),
        "/var/cache/nginx/nextgen": f"{folder}/cache",
        "/etc/nextgen/tls": f"{folder}/tls",
        "/etc/nginx/nextgen": str(RECIPE / "nextgen"),
        "/srv/nextgen/current": str(ROOT),
        "include mime.types": "include /etc/nginx/mime.types",
        "include modules-enabled": "include /etc/nginx/modules-enabled",
        "include nextgen/upstream.conf": f"include {folder}/upstream.conf",
        "include nextgen/headers.conf": f"include {RECIPE}/nextgen/headers.conf",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
    }
    if not BROTLI.exists():
        moved["brotli_static on;"] = ""
    text = "\n".join(
        line for line in (RECIPE / "nginx.conf").read_text().splitlines() if "[::]" not in line
    )
    for there, here in moved.items():
        assert there in text, there
        text = text.replace(there, here)
    (folder / "nginx.conf").write_text(text)
    upstream = (RECIPE / "nextgen/upstream.conf").read_text()
    for recipes, own in zip((8001, 8002), (ports * 2)[:2], strict=True):
        upstream = upstream.replace(f":{recipes}", f":{own}")
    (folder / "upstream.conf").write_text(upstream)
    command: list[Any] = ["nginx", "-c", folder / "nginx.conf", "-g", "daemon off;"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    proxy = Proxy(port, plain, folder / "access.log")
    try:
        wait_until(lambda: server.poll() is not None or (folder / "pid").exists(), seconds=20)
        assert server.poll() is None, "nginx did not start"
        yield proxy
    finally:
        server.terminate()
        server.wait(20)
