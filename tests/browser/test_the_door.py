"""In a browser: in by a second factor, out by wrong passwords, and no words lost on the way."""

import time
from base64 import b32decode
from collections.abc import Callable, Iterator

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import WORD, desk_in

FORM = "/admin/milestones/milestone/"
TEXT = "The interim report was late.\nThe minister’s letter says why."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk as in production: it asks for a second factor."""
    with desk_in(tmp_path_factory.mktemp("door"), SECOND_FACTOR="1") as url:
        yield url


def give(page: Page, name: str, word: str = WORD) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(word)
    page.get_by_role("button", name="Log in").click()


def set_up(page: Page) -> tuple[bytes, list[str]]:
    """Do what the page for the second factor says; the secret and the recovery codes."""
    expect(page.get_by_role("img", name="secret for your app")).to_be_visible()
    key = b32decode(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(code(key))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = page.locator(".recovery code").all_inner_texts()
    page.get_by_role("link", name="go on").click()
    return key, codes


def code(key: bytes, later: int = 0) -> str:
    totp = TOTP(key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def test_a_second_factor_is_set_up_and_asked_for_and_a_recovery_code_stands_in(
    new_page: Callable[..., Page],
) -> None:
    page = new_page()
    page.goto("/admin/projects/project/")
    give(page, "auditor")
    key, codes = set_up(page)
    assert len(codes) == 10
    page.wait_for_url("/admin/projects/project/")
    for each in (code(key, later=1), codes[0]):
        page = new_page()
        page.goto("/admin/")
        give(page, "auditor")
        page.get_by_label("Code").fill(each)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("/admin/")
    page.goto("/admin/second-factor/")
    expect(page.get_by_text("9 recovery codes are left")).to_be_visible()


@pytest.mark.faults("429")
def test_five_wrong_passwords_lock_out_and_the_page_says_until_when(page: Page) -> None:
    page.goto("/admin/")
    for _try in range(5):
        give(page, "administrator", "a-wrong-password")
    expect(page.get_by_role("alert")).to_contain_text("try again after")
    give(page, "administrator")
    expect(page.get_by_role("alert")).to_contain_text("try again after")


@pytest.mark.faults("403")
def test_a_session_that_ended_in_the_middle_of_a_form_brings_the_text_back(page: Page) -> None:
    page.goto(f"{FORM}?q=157")
    give(page, "editor")
    _key, codes = set_up(page)
    page.get_by_role("link", name="157", exact=True).click()
    address = page.url
    page.locator("[name=description_en]").fill(TEXT)
    page.locator("[name=change_kind][value=correction]").check()
    page.locator("[name=change_reason]").fill("A reader found it.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is not lost")
    give(page, "editor")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("/admin/kept/")
    expect(page.get_by_role("row", name="Description (en)")).to_contain_text("minister’s letter")
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto(address)
    assert page.locator("[name=description_en]").input_value() == TEXT
