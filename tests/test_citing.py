"""Whatever stands here can be cited: in one sentence, at an address that keeps what it says."""

import json
import re
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from milestones import editions
from milestones.actions import correct, open_report, publish, sign_unchanged
from milestones.figures import ALL_DEFINITIONS
from milestones.models import Assessment, Edition, Milestone, User
from milestones.quarter import Quarter
from nextgen import formats
from nextgen.citing import Citation, escaped
from nextgen.package.stored import stored
from nextgen.package.writing import zipped
from nextgen.pages.base import today
from nextgen.templatetags.site import shown
from projects.models import Project

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "fr", "de", "en")
TYPICAL = ("total-budget", "climate-share", "milestones-done")
MONTH, DAY = "2023-12", date(2023, 12, 31)
TOTAL, DONE = f"/en/figures/total-budget/{MONTH}/", f"/en/figures/milestones-done/{MONTH}/"
MANDATORY = {"id", "type", "title", "author", "publisher", "issued", "URL", "language"}


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", role="editor")


def shown_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def headline(page: str) -> str:
    """The value that the page of a figure gives, for machines."""
    found = re.search(r'(?s)<p class="headline">.*?value="(\d*)"', page)
    assert found
    return found[1]


def cited(page: str) -> list[str]:
    """The sentence, the BibTeX and the CSL-JSON that a page offers."""
    return [unescape(text) for text in re.findall(r"(?s)<(?:p|pre) data-cite[^>]*>(.*?)</p", page)]


def path_in(sentence: str) -> str:
    """The address at the end of a sentence, without the site."""
    parts = urlsplit(sentence.rpartition(", ")[2])
    assert (parts.scheme, parts.netloc) == ("http", "testserver")
    return parts.path + (f"?{parts.query}" if parts.query else "")


def address(language: str, name: str, *arguments: str) -> str:
    with override(language):
        return reverse(name, args=arguments)


def publish_the_next(editor: User) -> Edition:
    report = open_report(month="2024-06", closes_on=None, by=editor)
    milestones = Milestone.objects.filter(assessments__report__month=MONTH)
    sign_unchanged(milestones=milestones, report=report, by=editor)
    return publish(report=report, by=editor, pack=lambda: zipped(stored()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (name, each)
        for name in ALL_DEFINITIONS
        for each in LANGUAGES
        if each == "en" or name in TYPICAL
    ],
)
def test_a_figure_is_cited_with_its_value_its_date_its_edition_and_an_address_that_shows_it(
    client: Client, name: str, language: str
) -> None:
    sentence, *_forms = cited(shown_at(client, address(language, "figure", name)))
    kept = editions.as_published(Edition.objects.get(report__month=MONTH))[editions.PLAN][name]
    with override(language):
        for part in (shown(kept), formats.day(DAY), formats.month(DAY), "NextGen"):
            assert part in sentence
        assert str(kept.definition.title) in sentence
    assert path_in(sentence) == address(language, "edition_figure", name, MONTH)
    page = shown_at(client, path_in(sentence))
    assert cited(page)[0] == sentence
    assert headline(page) == str(kept.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_and_a_milestone_are_cited_as_they_stand_on_the_day_they_are_read(
    client: Client, language: str
) -> None:
    project, milestone = Project.objects.get(code="I-2.09"), Milestone.objects.get(code="157")
    cases: list[tuple[str, Any]] = [("project", project), ("milestone", milestone)]
    for name, thing in cases:
        here = address(language, name, thing.code)
        sentence, _bibtex, csl = cited(shown_at(client, here))
        assert path_in(sentence) == here
        with override(language):
            for part in (thing.title, formats.day(DAY), formats.day(today())):
                assert part in sentence, name
            if name == "project":
                assert formats.money(project.budget or 0) in sentence
        assert json.loads(csl)[0]["accessed"] == {
            "date-parts": [[today().year, today().month, today().day]]
        }


def test_what_no_report_speaks_of_yet_is_cited_as_of_today(client: Client) -> None:
    Project.objects.filter(code="I-2.09").update(joined=date(2024, 5, 1))
    sentence, bibtex, csl = cited(shown_at(client, "/en/projects/I-2.09/"))
    assert f"as of {formats.day(today())}" in sentence
    assert "December" not in sentence.replace(formats.day(today()), "")
    assert "version" not in bibtex + csl


def test_a_withdrawn_project_is_cited_as_withdrawn(client: Client) -> None:
    project = Project.objects.get(code="x-wal-tram-liege")
    Project.objects.filter(pk=project.pk).update(left=date(2023, 3, 1))
    sentence, *_forms = cited(shown_at(client, "/en/projects/x-wal-tram-liege/"))
    assert "withdrawn on 1\u00a0March\u00a02023" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_cited_with_its_count_its_money_and_what_was_chosen(
    client: Client, language: str
) -> None:
    here = address(language, "projects")
    page = shown_at(client, f"{here}?pillar=3&q=tram&budget_min=1000000&sort=title&page=7")
    sentence, *_forms = cited(page)
    count = re.search(r'data-results value="(\d+)"', page)
    money = re.search(r'data-figure="total-budget"[^>]*data-scope="selection">([^<]+)<', page)
    assert count
    assert money
    for part in (f"{count[1]} ", unescape(money[1]), "tram"):
        assert part in sentence
    with override(language):
        assert formats.money_in_full(1_000_000) in sentence
    query = "?q=tram&pillar=3&budget_min=1000000&report=2023-12&sort=title"
    assert path_in(sentence) == f"{here}{query}"


def test_a_fragment_for_htmx_cites_what_it_shows(client: Client) -> None:
    page = client.get("/en/milestones/?status=delayed", headers={"HX-Request": "true"})
    sentence, *_forms = cited(page.content.decode())
    assert "56 milestones" in sentence
    assert path_in(sentence) == "/en/milestones/?status=delayed&report=2023-12"


@pytest.mark.parametrize(
    "chosen", ["projects/?pillar=3", "milestones/?status=delayed", "projects/"]
)
def test_the_address_of_a_list_keeps_its_rows_when_the_next_report_appears(
    client: Client, editor: User, chosen: str
) -> None:
    sentence, *_forms = cited(shown_at(client, f"/en/{chosen}"))
    kept = path_in(sentence)

    def rows() -> list[str]:
        return re.findall(r'<li class="row[^>]* data-\w+="([^"]+)"', shown_at(client, kept))

    before = rows()
    assert before
    publish_the_next(editor)
    Project.objects.filter(code=before[0]).update(left=date(2024, 3, 1))
    assert rows() == before
    # Consulted on the same day, it is the same citation.
    assert cited(shown_at(client, kept))[0] == sentence


def test_reports_and_comparisons_are_cited_too(client: Client) -> None:
    for path in (f"/en/progress/{MONTH}/", f"/en/progress/2023-06/{MONTH}/"):
        sentence, *_forms = cited(shown_at(client, path))
        assert "138 of 410 milestones done as of 31\u00a0December\u00a02023" in sentence
        assert path_in(sentence) == path


def test_a_corrected_assessment_leaves_the_cited_value_and_is_told_beside_it(
    client: Client, editor: User
) -> None:
    sentence, *_forms = cited(shown_at(client, DONE))
    assert "would be" not in shown_at(client, DONE)
    said = Assessment.objects.filter(report__month=MONTH, status="done").order_by("pk")[0]
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 4)}
    correct(assessment=said, words=words, why="It was counted twice.", by=editor)
    page = shown_at(client, DONE)
    assert headline(page) == "138"
    assert cited(page)[0] == sentence
    assert "it would be 137 today" in page
    assert f'href="/en/progress/{MONTH}/#changed"' in page
    live = shown_at(client, "/en/figures/milestones-done/")
    assert headline(live) == "137"
    assert "as published: 138" in live
    assert cited(live)[0] == sentence


def test_a_changed_budget_leaves_the_cited_value_and_is_told_beside_it(client: Client) -> None:
    sentence, *_forms = cited(shown_at(client, TOTAL))
    Project.objects.filter(code="x-5g").update(budget=900_000_000)
    page = shown_at(client, TOTAL)
    assert headline(page) == "6600000000"
    assert "€6,600,000,000" in page
    assert cited(page)[0] == sentence
    assert "it would be €7.5\u00a0bn today" in page


def test_a_part_of_the_plan_has_its_own_value_address_and_canonical_page(client: Client) -> None:
    kept = editions.as_published(Edition.objects.get(report__month=MONTH))
    for scope, name in (("pillar-1", "climate-share"), ("lead-FLA", "milestones-done"),
                        ("authority-FED", "total-budget")):  # fmt: skip
        path = f"/en/figures/{name}/{MONTH}/?scope={scope}"
        page = shown_at(client, path)
        assert headline(page) == str(kept[scope][name].value), scope
        assert path_in(cited(page)[0]) == path
        assert f'<link rel="canonical" href="http://testserver{path}">' in page
        assert (
            f'hreflang="nl" href="http://testserver/nl/cijfers/{name}/{MONTH}/?scope={scope}"'
            in page
        )
        assert path in unescape(shown_at(client, f"/en/figures/{name}/{MONTH}/"))


@pytest.mark.parametrize("query", ["scope=pillar-99", "scope=%00", "colour=red"])
def test_what_the_address_says_beyond_that_is_named(client: Client, query: str) -> None:
    page = shown_at(client, f"{TOTAL}?{query}&utm_source=x")
    assert 'role="alert"' in page
    assert headline(page) == "6600000000"
    assert f'rel="canonical" href="http://testserver{TOTAL}"' in page
    wrong = client.get(f"{TOTAL}cite.json?{query}")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")


def test_a_figure_or_an_edition_that_is_not_there_is_not_found(
    client: Client, editor: User
) -> None:
    open_report(month="2024-06", closes_on=None, by=editor)
    for path in ("nonsense/2023-12/", "total-budget/2030-06/", "total-budget/2024-06/",
                 "total-budget/2023-13/", "total-budget/2024-06/cite.bib"):  # fmt: skip
        assert client.get(f"/en/figures/{path}").status_code == 404, path


def test_editions_follow_one_another_and_name_their_package(client: Client, editor: User) -> None:
    assert "next" not in re.findall(r'rel="(prev|next)"', shown_at(client, TOTAL))
    edition = publish_the_next(editor)
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', shown_at(client, TOTAL)) == [
        ("prev", "/en/figures/total-budget/2023-06/"),
        ("next", "/en/figures/total-budget/2024-06/"),
    ]
    page = shown_at(client, "/en/figures/total-budget/2024-06/")
    assert edition.sha256 in page
    assert 'href="/en/progress/2024-06/package.zip"' in page
    assert "before this site kept editions" in shown_at(client, TOTAL)


def test_a_figure_that_was_published_otherwise_says_so(client: Client) -> None:
    page = shown_at(client, "/en/figures/milestones-done-share/2022-04/")
    assert "The authorities themselves published 6\u00a0% for this report" in page
    assert headline(page) == "20"


def test_the_history_of_a_figure_leads_to_its_editions_and_so_does_the_sitemap(
    client: Client,
) -> None:
    months = re.findall(
        r'<a href="/fr/chiffres/total-budget/([\d-]+)/">',
        shown_at(client, "/fr/chiffres/total-budget/"),
    )
    assert months == ["2023-12", "2023-06", "2022-10", "2022-04"]
    sitemap = shown_at(client, "/sitemap.xml")
    for name in ALL_DEFINITIONS:
        assert f"<loc>http://testserver/fr/chiffres/{name}/2022-10/</loc>" in sitemap


@pytest.mark.parametrize(
    "page",
    [TOTAL, f"{TOTAL}?scope=pillar-1", "/en/projects/I-2.09/", "/en/milestones/157/",
     "/en/projects/?pillar=1&q=energie", "/en/milestones/", "/en/progress/2023-12/",
     "/en/progress/2023-06/2023-12/"],
)  # fmt: skip
def test_the_citation_of_a_page_is_also_a_file_below_it(client: Client, page: str) -> None:
    shown_page = shown_at(client, page)
    _sentence, bibtex, csl = cited(shown_page)
    links = [
        unescape(path) for path in re.findall(r'href="([^"]+)" download>Download<', shown_page)
    ]
    assert [urlsplit(path).path.rpartition("/")[2] for path in links] == ["cite.bib", "cite.json"]
    for path, text, kind in zip(
        links, (bibtex, csl), ("application/x-bibtex", "application/vnd.citationstyles.csl+json"),
        strict=True,
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content.decode() == text
        assert answer["Content-Type"].split(";")[0] == kind
    [item] = json.loads(csl)
    assert item.keys() >= MANDATORY
    assert item["type"] in ("dataset", "webpage")
    assert item["author"] == [{"literal": "NextGen Belgium"}]
    assert item["issued"]["date-parts"] == [[2023, 12, 31]]
    assert (item["version"], item["language"]) == (MONTH, "en")


def test_a_file_of_something_unknown_is_not_found_and_a_former_code_leads_on(
    client: Client,
) -> None:
    assert client.get("/en/projects/x-none/cite.bib").status_code == 404
    assert client.get("/en/projects/I-2.09/cite.ris").status_code == 404
    Project.objects.filter(code="I-2.09").update(former_codes="x-old")
    moved = client.get("/en/projects/x-old/cite.bib")
    assert (moved.status_code, moved["Location"]) == (301, "/en/projects/I-2.09/cite.bib")
    turned = client.get("/en/progress/2023-12/2023-06/cite.json")
    assert turned["Location"] == "/en/progress/2023-06/2023-12/cite.json"
    assert client.get(turned["Location"]).status_code == 200


def test_a_list_that_was_not_understood_is_no_file(client: Client) -> None:
    for page, query, wrong in (
        ("projects", "pillar=99", "pillar"), ("projects/I-2.09", "colour=red", "colour"),
        ("milestones/157", "colour=red", "colour"), ("progress/2023-12", "colour=red", "colour"),
        ("progress/2023-06/2023-12", "pillar=1", "pillar"),
    ):  # fmt: skip
        answer = client.get(f"/en/{page}/cite.bib?{query}&utm_source=x")
        assert answer.status_code == 400, page
        assert answer.json()["parameters"] == [wrong]


def fields_of(entry: str) -> dict[str, str]:
    """An entry read as BibTeX does: a value ends where its braces, escaped or not, are even."""
    head = re.match(r"@misc\{([A-Za-z0-9-]+),\n", entry)
    assert head, entry
    fields, place = {}, head.end()
    while name := re.match(r"\s*(\w+) = \{", entry[place:]):
        start = place = place + name.end()
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[place], 0)
            place += 1
        fields[name[1]] = entry[start : place - 1]
        place += entry[place] == ","
    assert entry[place:] == "\n}\n"
    return fields


SPECIAL = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~",
           "asciicircum": "^"}  # fmt: skip
ESCAPED = re.compile(r"\\text([a-z]+)\{\}|\\([&%$#_])")
HOSTILE = [
    "{",
    "}}",
    "\\",
    r"\input{x}",
    "100 % & more",
    "a_b^c~d#e$f",
    "É—ž “œ”",
    "a\n@book{x,",
    "",
]
titles = st.text() | st.lists(st.sampled_from(HOSTILE)).map("".join)


@given(titles)
def test_bibtex_holds_any_title_and_nothing_that_tex_would_run(title: str) -> None:
    citation = Citation(title, title, DAY, MONTH, DAY, "http://x/en/?a=1&b=%7B_", "fr", DAY)
    fields = fields_of(citation.bibtex)
    for name in ("title", "author"):
        value = fields[name]
        assert (value[0], value[-1]) == ("{", "}")
        assert not re.search(r"[\\{}&%$#_~^]", ESCAPED.sub("", value[1:-1]))
        read = ESCAPED.sub(lambda found: SPECIAL.get(found[1], found[2]), value[1:-1])
        assert read == " ".join(filter(None, re.split(r"[\x00-\x20\x7f]+", title)))
    assert fields["url"] == citation.address
    assert (fields["urldate"], fields["language"]) == ("2023-12-31", "french")
    [item] = json.loads(citation.csl)
    assert item["title"] == title
    assert item.keys() >= MANDATORY | {"accessed", "version"}


def test_bibtex_keeps_letters_that_are_not_english() -> None:
    assert escaped("Électricité à 100 % für Łódź") == r"Électricité à 100 \% für Łódź"


def test_a_hostile_title_breaks_neither_page_nor_file(client: Client) -> None:
    hostile = '</pre><script>x</script> {50 % & "quotes" \\'
    Project.objects.filter(code="I-2.09").update(title_en=hostile)
    page = shown_at(client, "/en/projects/I-2.09/")
    assert "<script>x</script>" not in page.split("<main")[1]
    _sentence, bibtex, csl = cited(page)
    assert r"\textbraceleft{}50 \% \& " in fields_of(bibtex)["title"]
    assert json.loads(csl)[0]["title"].startswith(hostile)


def test_a_citation_says_what_is_reconstructed(client: Client) -> None:
    for path, name in (
        ("/en/figures/milestones-overdue/", "[reconstructed]"),
        ("/fr/projets/x-r-fed-vehicle-fleet/", "[reconstitué]"),
        ("/de/projekte/?contributes=climate", "[rekonstruiert]"),
    ):
        citation = client.get(path).context["citation"]
        assert name in citation.sentence, path
        assert name in json.loads(citation.csl)[0]["title"]
        assert name in citation.bibtex
    assert "[" not in client.get("/en/figures/climate-share/").context["citation"].sentence
