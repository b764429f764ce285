"""How an answer of the live site becomes a file: its links relative, its policy on the page.

Only the attributes that hold addresses are touched; all else stays byte for byte.
"""

import json
import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

# What the live site sends as a header. A page cannot say who may frame it.
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
    ]
)
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
CHARSET = '<meta charset="utf-8">'
TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""\s+([^\s"'>/=]+)(?:=(?:"([^"]*)"|'([^']*)'))?""")
ADDRESSES = {
    "href", "src", "action", "data-light", "data-dark", "data-chart-png", "data-plotly",
}  # fmt: skip
# A citation on a page, whose files hold the same text.
CITED = re.compile(r"""<pre data-cite[^>]*>([^<]*)</pre>.*?<a href="([^"]*)" download>""")
CSS_ADDRESS = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
# Gives the relative address of a link, None where it leads out of the site.
Lead = Callable[[str], str | None]


def page(html: str, lead: Lead) -> str:
    """A page with relative links; what htmx would ask of a server is left out."""

    def attribute(found: re.Match[str]) -> str:
        name, value = found[1], found[2] if found[2] is not None else found[3]
        if name.startswith("data-hx-"):
            return ""
        if name not in ADDRESSES or not value or value.startswith("#"):
            return found[0]
        address = lead(unescape(value))
        return found[0] if address is None else f' {name}="{escape(address)}"'

    tags = TAG.sub(lambda tag: ATTRIBUTE.sub(attribute, tag[0]), html)
    return tags.replace(CHARSET, f"{CHARSET}\n{META}", 1)


def citations(html: str) -> dict[str, bytes]:
    """The files of the citations on a page, by their addresses."""
    return {unescape(found[2]): unescape(found[1]).encode() for found in CITED.finditer(html)}


def style(css: str, lead: Lead) -> str:
    """A stylesheet: its links are relative already, and are only followed."""
    for found in CSS_ADDRESS.finditer(css):
        lead(found[1])
    return css


def drawing(text: str, lead: Lead) -> str:
    """What plotly draws: each bar leads on, seen from this file."""

    def led(part: Any, *, leads: bool = False) -> Any:
        match part:
            case dict():
                return {key: led(value, leads=key == "customdata") for key, value in part.items()}
            case list():
                return [led(value, leads=leads) for value in part]
            case str() if leads and part:
                return lead(part) or part
            case _:
                return part

    return json.dumps(led(json.loads(text)))
