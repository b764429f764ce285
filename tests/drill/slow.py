"""Many slow clients at once: each begins a request and never ends it."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager

HEADERS = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n"


def possible(wanted: int) -> int:
    """How many connections this machine's limit on open files allows, up to those wanted."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    hard = 4 * wanted if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(wanted, hard - 1000)


@contextmanager
def slow_clients(port: int, number: int, begun: bytes) -> Iterator[list[socket.socket]]:
    """So many connections on which a request has begun."""
    clients: list[socket.socket] = []
    try:
        for _ in range(number):
            clients.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            clients[-1].sendall(begun)
        yield clients
    finally:
        for client in clients:
            client.close()
