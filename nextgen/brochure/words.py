"""Text as the typesetter takes it: strings, and what in them is marked, linked or emphasised."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import ngettext
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from nextgen.templatetags.site import NOUNS, said, shown
from projects.figures import Figure, Figures

Inline = str | dict[str, Any] | list[Any]
"""A string; or `{"text": …, "unsourced": true}`, `{"href": …, "body": …}`, `{"strong": …}`,
`{"em": …}`, `{"code": …}`; or several of them in a row."""

PLACE = re.compile(r"(%\(\w+\)s|\{\w+\})")
LOCAL = "http://127.0.0.1:8000"
MARKDOWN = MarkdownIt("commonmark", {"html": False})


def absolute(path: str) -> str:
    """A full address: a file that is handed on knows no host, so SITE_URL gives it."""
    return f"{settings.SITE_URL or LOCAL}{path}"


def link(path: str, body: Inline) -> Inline:
    return {"href": absolute(path), "body": body}


def valued(text: str, provenance: str) -> Inline:
    """A value, marked unless it is sourced."""
    return text if provenance == "sourced" else {"text": text, "unsourced": True}


def figure(found: Figure | None) -> Inline:
    """A figure as it reads on the pages; a dash where there is none."""
    return valued(shown(found), found.provenance) if found else "\u2013"


def filled(pattern: str, **parts: Inline) -> list[Inline]:
    """A translated pattern with these parts in the places of `%(name)s` or `{name}`."""
    pieces = PLACE.split(pattern)
    return [parts[re.sub(r"\W|s$", "", p)] if PLACE.fullmatch(p) else p for p in pieces if p]


def counted(figures: Figures, name: str) -> list[Inline]:
    """A count with its noun: '1 project', '410 milestones'."""
    found = figures.get(name)
    n = (found.value or 0) if found else 0
    words = NOUNS[name](n) if name in NOUNS else ngettext("{n} milestone", "{n} milestones", n)
    return filled(words, n=figure(found))


def told(figures: Figures, status: str) -> list[Inline]:
    """A count of milestones with what is said of them: '138 done'."""
    found = figures.get(f"milestones-{status}")
    return filled(said(status, (found.value or 0) if found else 0), n=figure(found))


def standing(counts: Mapping[str, int]) -> str:
    """The milestones of a project in words: '2 done, 1 delayed'."""
    return ", ".join(said(status, n).format(n=n) for status, n in counts.items() if n)


def prose(markdown: str) -> list[dict[str, Any]]:
    """Markdown as blocks: `{"p": Inline}`, `{"list": [Inline, …]}`, `{"title": Inline}`."""
    return [_block(node) for node in SyntaxTreeNode(MARKDOWN.parse(markdown)).children]


def _block(node: SyntaxTreeNode) -> dict[str, Any]:
    match node.type:
        case "bullet_list" | "ordered_list":
            return {"list": [_inline(item) for item in node.children]}
        case "heading":
            return {"title": _inline(node)}
        case _:
            return {"p": _inline(node)}


def _inline(node: SyntaxTreeNode) -> Inline:
    body: list[Inline] = [_inline(child) for child in node.children]
    match node.type:
        case "strong" | "em":
            return {node.type: body}
        case "link":
            href = str(node.attrs["href"])
            return {"href": absolute(href) if href.startswith("/") else href, "body": body}
        case "softbreak" | "hardbreak":
            return " "
        case _:
            return body or node.content
