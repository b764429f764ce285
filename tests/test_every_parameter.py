"""Every public address that the site knows, with whatever in it and after it, is answered."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.test_bad_input import NASTY, PARAMETERS, get, values

pytestmark = pytest.mark.django_db
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
SENSIBLE = {
    "code": ["FLA", "157", "I-1.01"],
    "identifier": ["157"],
    "number": ["1"],
    "slug": ["energy-transition", "1"],
    "form": ["csv", "json", "bib"],
    "month": ["2023-12"],
    "earlier": ["2023-06"],
    "later": ["2023-12"],
    "scheme": ["light", "dark"],
    "name": ["money-by-pillar", "total-budget", "plan.zip", "plan.xlsx"],
}
MORE = ["lang", "format", "fields", "limit", "offset", "columns", "order", "what", "of", "pillar[]",
        "from", "to", "theme", "callback", "_", "q[]", "page_size"]  # fmt: skip


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    """The addresses of these patterns, with <name> where a part is not fixed; not the desk's."""
    for each in patterns:
        if getattr(each, "app_name", "") == "admin":
            continue
        route = before + str(each.pattern).removeprefix("^").removesuffix("$").replace("\\", "")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield f"/{PART.sub(lambda part: f'<{part[1] or part[2]}>', route)}"


def known() -> list[str]:
    with translation.override("en"):
        return sorted(set(routes(get_resolver().url_patterns)))


@st.composite
def addresses(draw: st.DrawFn) -> str:
    def filled(part: re.Match[str]) -> str:
        return draw(st.sampled_from(SENSIBLE[part[1]]) | st.sampled_from(NASTY) | values)

    path = re.sub(r"<(\w+)>", filled, draw(st.sampled_from(known())))
    pairs = st.tuples(st.sampled_from(PARAMETERS + MORE) | values, values)
    query = "&".join(f"{name}={value}" for name, value in draw(st.lists(pairs, max_size=5)))
    return f"{path}?{query}"


def test_the_addresses_are_all_there() -> None:
    found = known()
    assert {"/en/projects/", "/en/projects/<code>/", "/catalog.<form>", "/api/v1/projects"} <= set(
        found
    )
    assert {name for route in found for name in re.findall(r"<(\w+)>", route)} <= SENSIBLE.keys()


@settings(max_examples=200, phases=[Phase.explicit, Phase.generate])
@given(addresses())
def test_no_parameter_of_any_address_breaks_it(address: str) -> None:
    answer = get(address)
    assert answer.status_code in (200, 301, 302, 304, 400, 404, 414), address
    body = b"".join(answer) if answer.streaming else answer.content
    assert b"Traceback (most recent call last)" not in body
    if answer.status_code == 400 and answer.headers["Content-Type"] == "application/problem+json":
        assert answer.json()["detail"]
