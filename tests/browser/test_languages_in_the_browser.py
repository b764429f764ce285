"""One site in four languages: the switch keeps the page and what was chosen on it."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.pages import LANGUAGES, PLACES, address


@pytest.mark.parametrize("place", ["home", "projects, filtered", "milestone", "comparison"])
def test_the_switch_keeps_page_and_filter(page: Page, place: str) -> None:
    page.goto(address(place, "nl"))
    for language in ["fr", "de", "en", "nl"]:
        page.click(f".languages a[hreflang={language}]")
        page.wait_for_selector(f"html[lang={language}]")
        here, there = urlsplit(page.url), urlsplit(address(place, language))
        assert here.path == there.path
        assert sorted(parse_qsl(here.query)) == sorted(parse_qsl(there.query))


# A frame in somebody's page stands for the page of its chart, which names the twins.
@pytest.mark.parametrize("place", [p for p in PLACES if "," not in p and p != "embed"])
def test_the_twins_of_a_page_answer_and_point_back(page: Page, place: str) -> None:
    page.goto(address(place, "en"))
    read = "links => links.map(link => [link.hreflang, link.href])"
    twins = page.eval_on_selector_all("link[rel=alternate][hreflang]", read)
    assert [language for language, _href in twins] == LANGUAGES
    for language, href in twins:
        answer = page.request.get(href)
        assert answer.status == 200
        assert f'<html lang="{language}">' in answer.text()
        for other, back in twins:
            assert f'hreflang="{other}" href="{back}"' in answer.text()


@pytest.mark.parametrize(
    ("accepted", "arrives"), [("de-BE", "/de/"), ("nl", "/nl/"), ("fr-CA", "/fr/"), ("ja", "/")]
)
def test_the_entrance_follows_the_browser_or_offers_a_choice(
    new_page: Callable[..., Page], accepted: str, arrives: str
) -> None:
    page = new_page(locale=accepted)
    page.goto("/")
    assert page.url.removeprefix(page.evaluate("location.origin")) == arrives
    if arrives == "/":
        page.click("main a[hreflang=de]")
        page.wait_for_url("**/de/")
