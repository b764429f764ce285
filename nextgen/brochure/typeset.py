"""The process that sets brochures with typst; `making.typeset` runs it.

`python -m nextgen.brochure.typeset` reads one content as JSON a line and answers each with a line:
`{"pdf": base64}` or `{"fault": sentence}`. It knows neither Django nor the database.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent


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
            pdf_standards=["ua-1", "a-2a"],
            timestamp=datetime.fromisoformat("{:04}-{:02}-{:02}T00:00Z".format(*content["date"])),
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
