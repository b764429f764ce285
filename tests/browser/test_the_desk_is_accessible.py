"""Nobody is shut out of the desk: axe objects to no page of the admin, day or night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages import LANGUAGES
from tests.browser.test_accessible import by_day_and_by_night

PROJECT = "/admin/projects/project/"
MILESTONE = "/admin/milestones/milestone/"
# What differs in more than its fields, in every language.
MAIN = {
    "editor": ["/admin/", PROJECT, f"{PROJECT}1/change/", f"{PROJECT}1/history/"],
    "coordinator-fla": ["/admin/", MILESTONE],
}
# The rest, in one.
REST = {
    "editor": [
        f"{PROJECT}?q=zzz",
        f"{PROJECT}?kind__exact=reform&p=2",
        f"{PROJECT}add/",
        f"{MILESTONE}add/",
        f"{MILESTONE}1/change/",
        "/admin/projects/",
        "/admin/projects/plan/1/change/",
        "/admin/projects/recipient/add/",
        "/admin/milestones/paymentrequest/",
        "/admin/milestones/paymentrequest/add/",
        "/admin/milestones/paymentrequest/1/change/",
        "/admin/milestones/verdict/",
        "/admin/milestones/verdict/add/",
        "/admin/milestones/verdict/1/change/",
        "/admin/milestones/progressreport/1/change/",
        "/admin/milestones/publishedfigure/",
        "/admin/milestones/assessment/1/change/",
        "/admin/milestones/change/",
        "/admin/auditlog/logentry/",
    ],
    "auditor": [f"{PROJECT}1/change/", "/admin/milestones/paymentrequest/1/change/"],
    "administrator": [
        "/admin/milestones/user/",
        "/admin/milestones/user/add/",
        "/admin/milestones/user/1/change/",
        "/admin/milestones/user/1/password/",
        "/admin/axes/accesslog/",
    ],
}


@pytest.fixture(scope="session")
def site(desk: str) -> str:
    return desk


@pytest.mark.parametrize("name", MAIN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_objects_to_none_of_the_main_pages(
    log_in: Callable[..., Page], name: str, language: str
) -> None:
    page = log_in(name, locale=language)
    objections = []
    for path in MAIN[name]:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


@pytest.mark.parametrize("name", REST)
def test_axe_objects_to_no_page_of_the_admin(log_in: Callable[..., Page], name: str) -> None:
    page = log_in(name)
    objections = []
    for path in REST[name]:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        objections += by_day_and_by_night(page)
    assert not objections, "\n".join(objections)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_objects_to_no_login(new_page: Callable[..., Page], language: str) -> None:
    page = new_page(locale=language)
    page.goto("/admin/login/")
    assert not by_day_and_by_night(page)


def test_axe_objects_to_no_form_that_was_refused(log_in: Callable[..., Page]) -> None:
    page = log_in("editor")
    page.goto(f"{PROJECT}2/change/")
    page.fill("[name=budget]", "5")
    page.click("[name=_save]")
    page.get_by_text("Say why this public record changes.").first.wait_for()
    assert not by_day_and_by_night(page)


@pytest.mark.faults("status of 409")
def test_two_people_on_one_record_choose_with_eyes_or_ears(log_in: Callable[..., Page]) -> None:
    """And nothing that either typed is lost."""
    first, second = log_in("editor"), log_in("coordinator-fla")
    second.goto(f"{MILESTONE}?q=x-fla-blue-deal-1")
    second.get_by_role("link", name="x-fla-blue-deal-1", exact=True).click()
    address = second.url
    first.goto(address)
    for page, title in ((first, "By the editor"), (second, "By the coordinator")):
        page.fill("[name=title_en]", title)
        page.check("[name=change_kind][value=correction]")
        page.fill("[name=change_reason]", "A clearer title.")
    second.fill("[name=description_en]", "One line.\nAnother line.")
    first.click("[name=_save]")
    first.get_by_text("was changed successfully").wait_for()
    second.click("[name=_save]")
    second.get_by_text("By the editor", exact=True).wait_for()
    assert not by_day_and_by_night(second)
    second.set_viewport_size({"width": 1280, "height": 900})
    assert second.get_by_label("By the coordinator").is_checked()
    second.get_by_label("By the editor").check()
    second.get_by_role("button", name="Save").click()
    second.goto(address)
    assert second.input_value("[name=title_en]") == "By the editor"
    assert second.input_value("[name=description_en]") == "One line.\nAnother line."


@pytest.mark.parametrize(
    "path", ["/admin/", PROJECT, f"{PROJECT}1/change/", f"{PROJECT}1/history/"]
)
def test_no_page_is_wider_than_a_phone(log_in: Callable[..., Page], path: str) -> None:
    page = log_in("editor", viewport={"width": 360, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_desk_stores_nothing_in_the_browser(log_in: Callable[..., Page]) -> None:
    page = log_in("editor")
    page.goto(f"{PROJECT}1/change/")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.locator(".theme-toggle, #nav-sidebar").count() == 0
