"""The lists of an archive find what the live site found, and nobody is shut out of it."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection, transaction
from django.utils import translation
from playwright.sync_api import Page, expect

from nextgen.archive.writing import Writer
from nextgen.pages.lists import choose
from nextgen.whole.plan import WholePlan
from projects.models import Project, Recipient
from tests.browser.test_accessible import by_day_and_by_night
from tests.selections import FILTERS, SORTS

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr"]
LISTS = {
    "en": {"projects": "projects", "milestones": "milestones", "recipients": "recipients"},
    "fr": {"projects": "projets", "milestones": "jalons", "recipients": "beneficiaires"},
}
PAGES = [
    "/", "/en/", "/fr/", "/en/plan/", "/en/progress/", "/en/charts/", "/en/changes/", "/en/data/",
    "/api/v1/docs", "/en/embed/milestones-by-report/", "/en/projects/I-2.09/",
    "/en/milestones/157/", "/en/recipients/",
]  # fmt: skip
QUERIES = [
    *FILTERS,
    *(f"sort={sort}" for sort in [*SORTS, "budget", "-budget", "amount", "-amount", "name"]),
    "pillar=1&status=done", "pillar=1&pillar=4&authority=FLA", "authority=FED&sort=title",
    "status=delayed&due=2024&sort=-delay", "q=energie&kind=investment", "q=rail+wal",
    "q=%C3%89NERGIE", "q=r%C3%A9novation+b%C3%A2timents&sort=-title", "q=zzzz&pillar=1",
    "q=bus&authority=WAL&status=done", "q=5g", "q=%21%21", "budget_min=many",
    "budget_min=50000000&budget_max=60000000", "due=2025-Q2", "baseline=2024-Q4&pillar=1",
    "due=1999-Q1", "pillar=none", "project=I-2.09", "project=I-2.09&project=x-5g",
    "overdue=yes&overdue=no", "overdue=no&q=a", "verdict=none&status=done",
    "verdict=not-fulfilled", "contributes=climate&contributes=digital", "pillar=99&colour=red",
    "page=3", "page=x", "utm_source=letter", "sort=beauty", "report=2022-04&q=a",
    "report=1822-10", "q=a&q=e", "kind=reform&kind=investment&kind=target", "q=recipient",
]  # fmt: skip
OF_RECIPIENTS = [
    "", "q=example", "q=5g", "q=city+5g", "sort=name", "sort=-name", "sort=amount", "pillar=2",
    "authority=FED&q=a", "project=x-5g", "project=x-5g&project=I-2.09", "status=done",
    "as_of=2024-01-01",
]  # fmt: skip
QUERY = {"q": ["zzz"], "pillar": ["1"]}
ROWS = """() => [...document.querySelectorAll("#results .rows > li")].map(row =>
    row.dataset.project ?? row.dataset.milestone ?? row.dataset.recipient)"""
COUNTS = """() => Object.fromEntries([...document.querySelectorAll(".facets label[data-facet]")]
    .map(({dataset}) => [`${dataset.facet}=${dataset.value}`, Number(dataset.count)]))"""


Found = tuple[list[str], dict[str, int], list[str], int]


def expected(name: str, query: str) -> Found:
    """Rows in order, counts of options, chips and what is not understood, as on the live site."""
    selection = choose(name, parse_qs(query))
    rows = [getattr(row, "identifier", None) or row.code for row in selection.rows]
    counts = {
        f"{facet.name}={option.value}": option.count
        for facet, options in selection.facets
        for option in options
        if option.value in dict(facet.choices())
    }
    return rows, counts, [str(chip.value) for chip in selection.chips], len(selection.unknown)


@dataclass
class Shelf:
    """Part of an archive of the plan of Belgium, and what its live site said of recipients."""

    folder: Path
    recipients: dict[str, Found]


def some_recipients() -> None:
    """Belgium has published none: these are made up, of two days."""
    for number, (name, codes) in enumerate(
        [("City of Example", ["x-5g", "I-2.09"]), ("Example 5G NV", []), ("Old Mill", ["x-5g"])]
    ):
        for day in ("2024-01-01", "2024-06-30"):
            made = Recipient.objects.create(
                name=name, identifier=f"{number}-{day}", amount=10**6 * (3 - number), as_of=day
            )
            made.projects.set(Project.objects.filter(code__in=codes))


@pytest.fixture(scope="module")
def shelf(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Shelf:
    folder = tmp_path_factory.mktemp("archive")
    with django_db_blocker.unblock(), transaction.atomic():
        some_recipients()
        whole = WholePlan.now()
        assert whole
        lists = [f"/{code}/{word}/" for code, words in LISTS.items() for word in words.values()]
        older = [f"/{code}/{word}/?report=2022-04" for code, words in LISTS.items()
                 for name, word in words.items() if name != "recipients"]  # fmt: skip
        of_a_day = ["/en/recipients/?as_of=2024-01-01"]
        Writer.of(folder, whole, follow=False).write([*lists, *older, *of_a_day, *PAGES])
        with translation.override("en"):
            recipients = {query: expected("recipients", query) for query in OF_RECIPIENTS}
        transaction.set_rollback(True)
    connection.close()  # which nobody waits for when the database is taken away
    return Shelf(folder, recipients)


@pytest.fixture(scope="module")
def site(shelf: Shelf) -> Iterator[str]:
    """The address of that archive on a plain file server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["projects", "milestones"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_selection_finds_what_the_live_site_found(
    page: Page, name: str, language: str
) -> None:
    different = []
    for query in QUERIES:
        with translation.override(language):
            live = expected(name, query)
        if (found := shown(page, f"/{language}/{LISTS[language][name]}", query)) != live:
            different.append((query, found, live))
    assert different == []


def test_each_selection_of_recipients_finds_what_the_live_site_found(
    page: Page, shelf: Shelf
) -> None:
    found = {query: shown(page, "/en/recipients", query) for query in OF_RECIPIENTS}
    assert found == shelf.recipients


def shown(page: Page, address: str, query: str) -> Found:
    """The same as it shows in the browser."""
    page.goto(f"{address}/index.html?{query}")
    for older in ("report=2022-04", "as_of=2024-01-01"):
        if older in query:  # which is another page
            page.wait_for_url(f"**/index-{older.replace('=', '-')}.html**")
    chips = page.locator(".chips a[data-drop]").all()
    rows = page.evaluate(ROWS)
    assert page.locator("[data-results]").get_attribute("value") == str(len(rows)), query
    return (
        rows,
        page.evaluate(COUNTS),
        [str(chip.get_attribute("data-drop-value")) for chip in chips],
        page.locator(".warning[role=alert] li").count(),
    )


@pytest.fixture
def projects(page: Page) -> Page:
    page.goto("/en/projects/index.html")
    return page


def found(page: Page) -> str:
    return page.locator("[data-results]").inner_text()


def test_a_choice_follows_at_once_and_is_announced(projects: Page) -> None:
    before = found(projects)
    expect(projects.get_by_role("status")).to_be_empty()
    projects.check("#f-pillar-1")
    expect(projects).to_have_url(re.compile(r"/index\.html\?pillar=1$"))
    expect(projects.get_by_role("status")).to_have_text(f"{found(projects)} found")
    assert found(projects) != before
    expect(projects.locator("#f-pillar-1")).to_be_focused()
    expect(projects.locator("#chosen")).to_have_text("(1)")
    projects.locator(".chips a[data-drop]").click()
    expect(projects).to_have_url(re.compile(r"/index\.html$"))
    expect(projects.locator("#f-pillar-1")).not_to_be_checked()
    expect(projects.locator("#f-pillar-1")).to_be_focused()
    assert found(projects) == before


def test_typing_searches_and_the_order_follows(projects: Page) -> None:
    projects.locator("#q").press_sequentially("rail", delay=20)
    expect(projects).to_have_url(re.compile(r"\?q=rail$"))
    projects.locator("#sort-title").click()
    expect(projects).to_have_url(re.compile(r"\?q=rail&sort=title$"))
    rows, *_others = expected("projects", "q=rail&sort=title")
    assert projects.evaluate(ROWS) == rows


def test_back_and_forward_show_what_the_address_says(projects: Page) -> None:
    before = found(projects)
    projects.check("#f-kind-reform")
    chosen = found(projects)
    projects.go_back()
    expect(projects.locator("[data-results]")).to_have_text(before)
    expect(projects.locator("#f-kind-reform")).not_to_be_checked()
    projects.go_forward()
    expect(projects.locator("[data-results]")).to_have_text(chosen)
    expect(projects.locator("#f-kind-reform")).to_be_checked()


def test_a_choice_goes_along_into_another_language_and_another_report(projects: Page) -> None:
    projects.check("#f-pillar-1")
    projects.get_by_role("link", name="April 2022").click()
    expect(projects).to_have_url(re.compile(r"/index-report-2022-04\.html\?pillar=1$"))
    projects.get_by_role("link", name="Français").click()
    expect(projects).to_have_url(re.compile(r"/projets/index-report-2022-04\.html\?pillar=1$"))
    expect(projects.locator("#f-pillar-1")).to_be_checked()


def test_what_finds_nothing_says_what_to_drop(projects: Page) -> None:
    projects.goto("/en/projects/index.html?q=zzz&pillar=1")
    live = {chip.name: count for chip, count in choose("projects", QUERY).ways_out()}
    ways = projects.locator(".empty li")
    assert ways.count() == len(live) == 1
    expect(ways.locator(".n")).to_have_text(f"gives {live['q']} results")
    ways.locator("a").click()
    expect(projects).to_have_url(re.compile(r"/index\.html\?pillar=1$"))


def test_without_javascript_all_rows_are_there(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    for name in ("projects", "milestones"):
        page.goto(f"/en/{name}/index.html?pillar=1")
        rows, *_others = expected(name, "")
        expect(page.locator("#results .rows > li")).to_have_count(len(rows))
        expect(page.locator("#filters")).to_be_hidden()
    page.goto("/index.html")
    page.get_by_role("main").get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile("/fr/index.html$"))


@pytest.mark.faults("another origin: file:")
def test_from_a_disk_the_lists_are_filtered_too(page: Page, shelf: Shelf) -> None:
    page.goto((shelf.folder / "en/projects/index.html").as_uri())
    page.check("#f-pillar-1")
    rows, *_others = expected("projects", "pillar=1")
    expect(page.locator("#results .rows > li")).to_have_count(len(rows))
    page.goto(f"{(shelf.folder / 'fr/projets/index.html').as_uri()}?pillar=1")
    expect(page.locator("#results .rows > li")).to_have_count(len(rows))


@pytest.mark.parametrize("place", [*PAGES, "/en/projects/?pillar=1&colour=red", "/fr/jalons/"])
def test_axe_objects_to_nothing_in_an_archive(page: Page, place: str) -> None:
    path, _mark, query = place.partition("?")
    file = path.strip("/") + ("/index.html" if path.endswith("/") else ".html")
    page.goto(f"/{file.strip('/')}?{query}")
    objections = by_day_and_by_night(page)
    assert not objections, "\n".join(objections)
