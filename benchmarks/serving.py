"""Servers to measure, all on this machine, and wrk, which asks them."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))
CONNECTIONS = 8
LIMIT = 120  # seconds until a server has to answer


def needed(program: str, package: str) -> str:
    """Where a program is; ends with one sentence where it is missing."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        raise SystemExit(f"{program} is missing: install Debian's {package}, then try again.")
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(database: str, **settings: str) -> dict[str, str]:
    ours = {"DATABASE_URL": database, "SECOND_FACTOR": "0", "LOG_LEVEL": "ERROR"}
    ours |= {"DJANGO_SETTINGS_MODULE": "nextgen.settings", "ALLOWED_HOSTS": "127.0.0.1,testserver"}
    return os.environ | ours | settings


def run(database: str, *command: str) -> str:
    """What a command of this Python prints, with this database."""
    told = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(database),
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout


def imported(database: str) -> None:
    """Fills a database with the plan of Belgium."""
    run(database, "manage.py", "migrate", "-v0")
    run(database, "manage.py", "import_plan", "fixtures/belgium", "-v0")


@contextlib.contextmanager
def started(command: list[str], url: str, env: dict[str, str] | None = None) -> Iterator[int]:
    """A server until it is no longer needed; gives its process."""
    server = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        waited_for(url, server)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def waited_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"{server.args!r} ended before it answered.")
        try:
            urlopen(url, timeout=LIMIT).close()  # noqa: S310
        except HTTPError as error:
            raise SystemExit(f"{url} answered {error.code}.") from error
        except (URLError, ConnectionError):
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"{url} did not answer.")


@contextlib.contextmanager
def site(
    database: str,
    application: str = "application",
    *,
    workers: int = CORES,
    threads: int = 16,
    **settings: str,
) -> Iterator[tuple[str, int]]:
    """Our site behind granian: `django` straight, or `application` with the pages kept ready."""
    port = free_port()
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws"]
    options = ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)]
    target = f"nextgen.wsgi:{application}"
    url = f"http://127.0.0.1:{port}"
    settings = {"GRANIAN_BLOCKING_THREADS": str(threads), **settings}
    env = environment(database, **settings)
    with started([*granian, *options, target], f"{url}/healthz", env) as pid:
        yield url, pid


def got(url: str, **headers: str) -> tuple[bytes, Message]:
    """What stands at an address, and the headers that it came with."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urlopen(Request(url, headers=named), timeout=LIMIT) as answer:  # noqa: S310
        return answer.read(), answer.headers


def asked(url: str, seconds: float, *, connections: int = CONNECTIONS, **headers: str) -> float:
    """Requests a second that are answered well; an answer that is none ends the measurement."""
    named = [f"-H{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    told = subprocess.run(
        [
            needed("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout",
            f"{LIMIT}s", *named, url,
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in told:
        raise SystemExit(f"{url} answered with errors:\n{told}")
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    return float(found[1]) if found else 0.0
