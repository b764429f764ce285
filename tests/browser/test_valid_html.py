"""The pages and styles say what the standards say: the Nu checker finds nothing."""

import json
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path
from urllib.request import HTTPErrorProcessor, Request, build_opener

from django.template.loader import render_to_string
from django.utils import translation

from tests.browser.pages import ENTRANCE, LANGUAGES, addresses
from tests.conftest import ROOT

VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"

# Its own checker of styles cannot add a per cent to a length that comes from a variable.
MISTAKEN = "CSS: “inline-size”: The types are incompatible."


class WhateverTheStatus(HTTPErrorProcessor):
    """A page that says that something is missing is a page too."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return response


def objections(files: Iterable[Path], *options: str) -> list[str]:
    """Errors and warnings alike, of one run over all files."""
    # Without the stack of its own it stumbles over its schemas.
    java = ["java", "-Xss8m", "-jar", str(VNU), "--format", "json", "--exit-zero-always", *options]
    run = subprocess.run([*java, *map(str, files)], capture_output=True, text=True, check=True)
    return [
        f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']} {said.get('extract')}"
        for said in json.loads(run.stderr)["messages"]
        if said["message"] != MISTAKEN
    ]


def test_every_page_is_valid_html_in_every_language(site: str, tmp_path: Path) -> None:
    asked = {f"{lang} {p}": a for lang in LANGUAGES for p, a in addresses(lang).items()}
    opener = build_opener(WhateverTheStatus)
    opener.addheaders = [("Accept-Language", "ja")]

    def fetch(name: str, path: str) -> Path:
        file = tmp_path / f"{re.sub(r'\W+', '-', name)}.html"
        with opener.open(site + path, timeout=30) as answer:
            file.write_bytes(answer.read())
        return file

    with ThreadPoolExecutor(4) as readers:
        files = list(readers.map(fetch, [*asked, "entrance"], [*asked.values(), ENTRANCE]))
    for language in LANGUAGES:
        with translation.override(language):
            for trouble in ("500", "no_plan"):
                files.append(tmp_path / f"{language}-{trouble}.html")
                files[-1].write_text(render_to_string(f"errors/{trouble}.html"))
    found = objections(files)
    assert not found, "\n".join(found)


def test_the_styles_are_valid_css() -> None:
    found = objections(sorted(ROOT.glob("static/css/*.css")), "--css")
    assert not found, "\n".join(found)
