"""A chart is drawn when it comes into view, read unseen, clicked, printed and taken away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, Request, expect

PHONE = {"width": 360, "height": 740}


def drawing(page: Page, name: str) -> Locator:
    """The drawing of a chart, brought into view and made."""
    chart = page.locator(f"#{name}")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    return chart.locator(".drawing")


def test_nothing_of_plotly_is_loaded_before_a_chart_is_in_view(page: Page) -> None:
    asked: list[str] = []

    def heard(request: Request) -> None:
        asked.append(request.url)

    page.on("request", heard)
    page.goto("/en/figures/total-budget/", wait_until="networkidle")
    assert [url for url in asked if "plotly" in url or ".json" in url] == []
    drawing(page, "money-by-pillar")
    assert len([url for url in asked if "plotly" in url]) == 1


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=str)
def test_every_chart_is_drawn_within_its_page(
    new_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    page.goto("/de/diagramme/")
    names = [str(chart.get_attribute("id")) for chart in page.locator(".chart").all()]
    assert len(names) == 9
    for name in names:
        before = page.locator(f"#{name}").bounding_box()
        box = drawing(page, name).bounding_box()
        after = page.locator(f"#{name}").bounding_box()
        assert box
        assert before
        assert after
        assert box["width"] <= viewport["width"]
        assert abs(before["height"] - after["height"]) < 2, f"{name} moves the page"
    width = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = page.evaluate(width)
    assert scroll == client


def test_the_labels_on_a_phone_are_of_readable_size_and_not_cut(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(viewport=PHONE)
    page.goto("/fr/graphiques/")
    for name in ("money-by-component", "ways-of-the-money", "milestones-by-report"):
        texts = drawing(page, name).locator("svg text:visible")
        for text in texts.all():
            box = text.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"] + 1, text.text_content()
            size = text.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
            assert size >= 12


def test_the_table_is_one_key_away(page: Page) -> None:
    page.goto("/en/charts/slippage/")
    drawing(page, "slippage")
    table = page.get_by_role("region", name=re.compile("later than first promised"))
    expect(table).to_be_hidden()
    button = page.get_by_role("button", name=re.compile("^As a table"))
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#slippage .drawing")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(table).to_be_hidden()


def test_who_cannot_see_it_is_told_what_it_shows(page: Page) -> None:
    page.goto("/en/charts/climate-by-project/")
    drawing(page, "climate-by-project")
    picture = page.get_by_role("img", name=re.compile(r"51 % of the money counts for the climate"))
    expect(picture).to_have_count(1)


def test_a_click_on_a_bar_opens_its_projects(page: Page) -> None:
    page.goto("/en/charts/money-by-pillar/")
    bar = drawing(page, "money-by-pillar").locator(".bars .point path").first
    box = bar.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"/en/projects/\?pillar=1"))


def test_the_drawing_follows_the_scheme(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/en/charts/slippage/")
    bar = drawing(page, "slippage").locator(".bars .point path").first
    light = bar.evaluate("element => getComputedStyle(element).fill")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("#slippage .bars .point path").first).not_to_have_css("fill", light)


def test_a_drawing_hidden_by_its_table_comes_back_as_wide_as_there_is_room(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/en/charts/slippage/")
    drawing(page, "slippage")
    button = page.get_by_role("button", name=re.compile("^As a table"))
    button.click()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    button.click()
    room = page.locator("#slippage .drawing").bounding_box()
    assert room
    picture = page.locator("#slippage .main-svg").first
    expect(picture).to_have_attribute("width", str(round(room["width"])))


def test_print_shows_the_table_with_its_bars(page: Page) -> None:
    page.goto("/en/charts/slippage/")
    drawing(page, "slippage")
    page.emulate_media(media="print")
    expect(page.locator("#slippage-table")).to_be_visible()
    expect(page.locator("#slippage .drawing")).to_be_hidden()


def test_the_browser_makes_a_png(page: Page, tmp_path: Path) -> None:
    page.goto("/en/charts/money-by-authority/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("^PNG")).click()
    found: Download = waiting.value
    found.save_as(tmp_path / "chart.png")
    assert found.suggested_filename == "money-by-authority.png"
    data = (tmp_path / "chart.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) >= 1400


def test_without_javascript_the_table_stands_there_at_once(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    page.goto("/nl/grafieken/")
    for chart in page.locator(".chart").all():
        expect(chart.locator(".chart-table")).to_be_visible()
        expect(chart.locator(".chart-table svg rect").first).to_be_attached()
        expect(chart.locator(".drawing")).to_be_hidden()
        expect(chart.get_by_role("button")).to_have_count(0)


def test_the_bars_of_the_table_are_as_long_as_their_values(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/en/charts/money-by-pillar/")
    boxes = [bar.bounding_box() for bar in page.locator(".chart-table tbody rect").all()]
    widths = [box["width"] for box in boxes if box]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 200
    answer = page.request.get("/en/charts/money-by-pillar/data.json").json()
    values = [row["budget"] for row in answer["items"]]
    for width, value in zip(widths, values, strict=True):
        assert abs(width / widths[0] - value / values[0]) < 0.01


@pytest.mark.faults(r"status of 503")
def test_where_the_drawing_cannot_be_made_the_table_stands_in(page: Page) -> None:
    page.route("**/light.json*", lambda route: route.fulfill(status=503))
    page.goto("/en/charts/slippage/")
    expect(page.locator("#slippage-table")).to_be_visible()


def test_the_snippet_frames_it_and_its_links_leave_the_frame(page: Page) -> None:
    page.goto("/en/charts/milestones-by-report/")
    page.get_by_text("Embed", exact=False).first.click()
    snippet = page.locator("textarea").input_value()
    site = page.url.split("/en/")[0]
    page.route("**/frame.html", lambda route: route.fulfill(body=snippet, content_type="text/html"))
    page.goto(f"{site}/frame.html")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("milestones were done")
    expect(frame.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(frame.locator("base")).to_have_attribute("target", "_blank")
