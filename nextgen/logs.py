"""What the log tells, and never of whom: lines for people, or JSON for machines (LOG_FORMAT).

A line holds the message, what `TOLD` names of a request, and of an error its types and its path
through the code. Nothing else of a record is written: Django hangs the whole request on it.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

TOLD = ("method", "route", "status", "ms", "queries", "database_ms")
# What an exception quotes may be what somebody typed; a database repeats whole rows below.
GIVEN = re.compile(r"""(['"]).*\1|\S+@\S+|\(.*\)=\(.*\)""")


def path_of(error: BaseException) -> str:
    """The errors that led to this one, the first above, each with its frames: no value in them."""
    told = []
    for each in _causes(error):
        first = str(each).partition("\n")[0]
        name = f"{type(each).__module__}.{type(each).__qualname__}".removeprefix("builtins.")
        frames = "".join(traceback.format_tb(each.__traceback__))
        told.append(f"{frames}{name}: {GIVEN.sub('…', first)}")
    return "\n\n".join(reversed(told))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


class Text(logging.Formatter):
    """`LEVEL logger: message`, below it the path of an error."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another formatter left there holds values
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is logging's)
        return path_of(ei[1])


class JsonLines(Text):
    """One JSON object a line; the time is UTC, `traceback` the path of an error."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name in TOLD if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = path_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)
