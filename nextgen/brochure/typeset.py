"""Sets brochures with typst, in a process of its own: compiling keeps memory that it never frees.

`python -m nextgen.brochure.typeset` reads one content as JSON a line and answers each with a line:
`{"pdf": base64}` or `{"fault": sentence}`. It knows neither Django nor the database.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
PATIENCE = 300
"""Seconds that setting the brochures of one language may take."""


class TypesettingError(Exception):
    """Why a brochure could not be set, in a sentence."""


def typeset(contents: Sequence[dict[str, Any]]) -> list[bytes]:
    """The PDFs of these contents (`content.content`), the same bytes for the same content.

    Raises TypesettingError for the first that cannot be set: a text has a letter that the
    typeface lacks, or typst itself failed.
    """
    lines = "".join(f"{json.dumps(content)}\n" for content in contents)
    command = [sys.executable, "-m", "nextgen.brochure.typeset"]
    try:
        child = subprocess.run(  # noqa: S603 (our own module)
            command, input=lines, capture_output=True, text=True, encoding="utf-8",
            cwd=HERE.parent.parent, timeout=PATIENCE, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise TypesettingError(error.stderr.strip().splitlines()[-1]) from error
    except subprocess.TimeoutExpired as error:
        raise TypesettingError(f"not done after {PATIENCE} seconds") from error
    answers = [json.loads(line) for line in child.stdout.splitlines()]
    for answer in answers:
        if "fault" in answer:
            raise TypesettingError(answer["fault"])
    return [base64.b64decode(answer["pdf"]) for answer in answers]


def main() -> None:
    compiler = typst.Compiler(
        HERE / "brochure.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True
    )
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_set(compiler, line))}\n")


def _set(compiler: typst.Compiler, line: str) -> dict[str, str]:
    content = json.loads(line)
    try:
        pdf = compiler.compile(
            format="pdf",
            sys_inputs={"content": line},
            pdf_standards=STANDARDS,
            timestamp=datetime(*content["date"], tzinfo=UTC),
        )
    except typst.TypstError as error:
        return {"fault": f"{content['title']}: {_why(error.message, content)}"}
    if not isinstance(pdf, bytes):
        raise TypeError(type(pdf))
    return {"pdf": base64.b64encode(pdf).decode()}


def _why(message: str, content: Any) -> str:
    """What typst says, and for a letter that the typeface lacks, the text that it stands in."""
    lacking = re.search(r'the text `"(.+?)"` could not be displayed', message)
    where = next((text for text in _texts(content) if lacking and lacking[1] in text), "")
    return f"{message.strip()} ({where!r})" if where else message.strip()


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _texts(each)


if __name__ == "__main__":
    main()
