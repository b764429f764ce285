"""A page ready to send: its headers, its bytes in each encoding, and by what it is known."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import brotli

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
# Compressing these again would cost time and save nothing.
PACKED = ("application/pdf", "application/zip", "application/vnd.", "image/png", "font/")
SHARED_BY_ALL = {"", "accept-encoding", "hx-request", "hx-history-restore-request"}
BROTLI_QUALITY = 6  # nine tenths of what the best one saves, in a fiftieth of its time
TAG = {"br": "-br", "gzip": "-gz", "": ""}


class Key(NamedTuple):
    """All that a page depends on: it is built from this and from nothing else of a request.

    `query` is normalised; `fragment` is what htmx asks for instead of the whole page.
    """

    host: str
    scheme: str
    path: str
    query: str = ""
    fragment: bool = False

    @property
    def alone(self) -> "Key":
        """The same address without its query."""
        return self._replace(query="")

    @property
    def name(self) -> str:
        """By which it is found again on a disk."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()


@dataclass
class Answer:
    """What Django answered to a key, before it is known whether it may be kept.

    `heard`: the query was looked at. `strange`: something in it was not understood.
    """

    status: str
    headers: Headers
    body: bytes
    heard: bool = True
    strange: bool = False

    @property
    def code(self) -> int:
        return int(self.status[:3])

    @property
    def packed(self) -> bool:
        return self.header("content-type").startswith(PACKED)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def may_be_kept(self) -> bool:
        """Public, the same for everybody who asks for the key, and understood."""
        caching = self.header("cache-control")
        varies = {each.strip().lower() for each in self.header("vary").split(",")}
        return (
            self.code == 200
            and not self.strange
            and not self.header("set-cookie")
            and "no-store" not in caching
            and "private" not in caching
            and varies <= SHARED_BY_ALL
        )

    def send(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Once, compressed if that helps and is accepted."""
        body, headers = self.body, self.headers
        if coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) and not self.packed:
            body = gzip.compress(body, 6)
            own = {"content-length", "etag"}
            headers = [(name, value) for name, value in headers if name.lower() not in own]
            headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
        start_response(self.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@dataclass
class Page:
    """A kept answer: built from a `state` of the plan (state.py), `made_at` this time (POSIX).

    The bytes are kept compressed where that helps, in `bodies` by content coding.
    """

    key: Key
    state: str
    made_at: float
    heard: bool
    headers: Headers
    bodies: dict[str, bytes]
    sent: dict[str, tuple[Headers, bytes]] = field(default_factory=dict, repr=False)
    used: bool = False

    @classmethod
    def of(cls, key: Key, answer: Answer, state: str, made_at: float) -> "Page":
        bodies = (
            {"": answer.body} if answer.packed else {"gzip": gzip.compress(answer.body, 9, mtime=0)}
        )
        tag = answer.header("etag") or f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
        own = {"content-length", "etag", "vary"}
        headers = [(k, v) for k, v in answer.headers if k.lower() not in own]
        varies = [v for v in answer.header("vary").split(", ") if v and v != "Accept-Encoding"]
        headers += [("ETag", tag), ("Vary", ", ".join(["Accept-Encoding", *varies]))]
        return cls(key, state, made_at, answer.heard, headers, bodies)

    @property
    def size(self) -> int:
        """What it takes in memory, about: its bytes in two codings, its headers, its key."""
        return 2 * len(next(iter(self.bodies.values()))) + 3000

    @property
    def whole(self) -> bytes:
        """The bytes in no encoding."""
        return self.bodies[""] if "" in self.bodies else gzip.decompress(self.bodies["gzip"])

    def in_coding(self, coding: str) -> tuple[Headers, bytes]:
        """Headers and bytes in a content coding; the tag is another for each, being strong."""
        if "" in self.bodies and len(self.bodies) == 1:
            coding = ""
        if coding not in self.sent:
            if coding == "br" and "br" not in self.bodies:
                self.bodies["br"] = brotli.compress(self.whole, quality=BROTLI_QUALITY)
            body = self.bodies[coding] if coding else self.whole
            headers = [
                (k, f'{v[:-1]}{TAG[coding]}"' if k == "ETag" else v) for k, v in self.headers
            ]
            headers.append(("Content-Length", str(len(body))))
            if coding:
                headers.append(("Content-Encoding", coding))
            if not coding and "" not in self.bodies:
                return headers, body
            self.sent[coding] = headers, body
        return self.sent[coding]

    def send(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The page, or that the visitor's copy still holds (RFC 9110, 13.1.2)."""
        headers, body = self.in_coding(coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if (known := environ.get("HTTP_IF_NONE_MATCH")) and self.is_known_by(known):
            start_response(
                "304 Not Modified", [h for h in headers if not h[0].startswith("Content-")]
            )
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def is_known_by(self, tags: str) -> bool:
        """Whether one of these tags names the page, in whichever coding a visitor has it."""
        if tags.strip() == "*":
            return True
        own = next(value for name, value in self.headers if name == "ETag")[:-1]
        forms = {f'{own}{suffix}"' for suffix in TAG.values()}
        return any(tag.strip().removeprefix("W/") in forms for tag in tags.split(","))

    def written(self) -> bytes:
        """As a file: a line that tells what it is, then the bytes."""
        (coding, body), *_more = self.bodies.items()
        told = {
            "key": self.key,
            "state": self.state,
            "made_at": self.made_at,
            "heard": self.heard,
            "headers": self.headers,
            "coding": coding,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        return json.dumps(told).encode() + b"\n" + body

    @classmethod
    def read(cls, key: Key, content: bytes) -> "Page | None":
        """What `written` wrote for this key; None if it is another's, or not whole."""
        line, _end, body = content.partition(b"\n")
        try:
            told = json.loads(line)
            if told["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            if told["key"] != list(key):
                return None
            headers = [(str(name), str(value)) for name, value in told["headers"]]
            bodies = {told["coding"]: body}
            return cls(key, told["state"], told["made_at"], told["heard"], headers, bodies)
        except (ValueError, KeyError, TypeError):
            return None


def coding_for(accepted: str) -> str:
    """The content coding to send to who accepts these: Brotli before gzip, '' where neither."""
    return _coding(accepted[:200])


@lru_cache(maxsize=256)
def _coding(accepted: str) -> str:
    found = {}
    for each in accepted.lower().split(","):
        name, _semicolon, weight = each.partition(";")
        found[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    other = found.get("*", False)
    return next((coding for coding in ("br", "gzip") if found.get(coding, other)), "")
