"""The pages are light, and nobody else learns who reads them: no third party, nothing stored."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.browser.pages import ENTRANCE, LANGUAGES, MISSING, address, addresses

STORED = """async () => [
    localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"""


def weight(page: Page, path: str) -> Mapping[str, int]:
    """The bytes that a first visit takes over the wire, by what they are, headers included."""
    kinds: dict[str, str] = {}
    bytes_of: dict[str, int] = defaultdict(int)

    def arrived(said: dict[str, Any]) -> None:
        bytes_of[kinds.get(said["requestId"], "Other")] += int(said["encodedDataLength"])

    wire = page.context.new_cdp_session(page)
    wire.on(
        "Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]})
    )
    wire.on("Network.loadingFinished", arrived)
    wire.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    return bytes_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_is_light_on_a_phone(new_page: Callable[..., Page], language: str) -> None:
    phone = new_page(viewport={"width": 360, "height": 740}, device_scale_factor=3, is_mobile=True)
    found = weight(phone, address("home", language))
    assert set(found) >= {"Document", "Stylesheet", "Font"}
    assert sum(found.values()) <= 60 * 1024, found
    assert found["Script"] <= 20 * 1024, found


@pytest.mark.parametrize("place", ["projects", "milestones"])
def test_the_lists_need_little_javascript(page: Page, place: str) -> None:
    found = weight(page, address(place, "en"))
    assert 0 < found["Script"] <= 20 * 1024, found


@pytest.mark.faults(MISSING)
def test_a_visit_leaves_nothing_behind(new_page: Callable[..., Page]) -> None:
    """The fixture `faults` sees to it that no page asks another origin or breaks the policy."""
    page = new_page(locale="ja")
    answers: list[Response] = []

    def answered(answer: Response) -> None:
        answers.append(answer)

    page.on("response", answered)
    for path in [ENTRANCE, *addresses("nl").values()]:
        page.goto(path)
        assert page.evaluate(STORED) == [0, 0, 0, 0, 0], path
    assert page.context.cookies() == []
    assert [answer.url for answer in answers if answer.header_value("set-cookie")] == []
