"""Selections of the lists, drawn from what their filters and orders offer."""

import re
from typing import Any
from urllib.parse import parse_qs

from hypothesis import strategies as st

from nextgen.pages.lists import choose

LISTS = ("projects", "milestones")
FILTERS = [
    "pillar=1", "pillar=3&pillar=5", "authority=WAL", "authority=FLA&authority=DG", "status=done",
    "status=delayed&status=on-track", "due=2024", "due=2023-Q4", "component=1.1", "kind=reform",
    "kind=target", "q=energie", "report=2022-04", "overdue=yes", "verdict=fulfilled",
    "budget_min=1000000", "budget_max=90000000", "contributes=digital",
]  # fmt: skip
SORTS = ["title", "-title", "code", "-code", "due", "-due", "delay", "-delay"]
queries = st.tuples(
    st.lists(st.sampled_from(FILTERS), max_size=3, unique_by=lambda f: f.split("=")[0]),
    st.sampled_from([*SORTS, ""]),
)


def selected(name: str, query: str, *, ever: bool = False) -> Any:
    return choose(name, parse_qs(query), ever=ever)


def known(name: str, filters: list[str]) -> str:
    """Those of the filters that this list has."""
    return "&".join(f for f in filters if not selected(name, f).unknown)


def rows_of(page: str, name: str) -> list[str]:
    """The codes of the rows that a page of a list shows."""
    return re.findall(rf'<li class="row[^>]* data-{name.removesuffix("s")}="([^"]+)"', page)
