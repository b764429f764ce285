"""The brochure: whole and readable by everybody, with the figures of the pages, the same for ever.

The brochures of the plan are made once for all these tests: they are looked at, not kept.
"""

import io
import re
from collections.abc import Iterator
from subprocess import CalledProcessError
from typing import Any

import pdfplumber
import pikepdf
import pytest
from django.test import Client
from django.utils import translation
from pikepdf import Array, Dictionary

from milestones.actions import correct
from milestones.models import Assessment, Edition, User
from milestones.quarter import Quarter
from nextgen.brochure.making import TypesettingError, contents, typeset
from nextgen.brochure.source import Source
from nextgen.brochure.words import LOCAL
from projects.models import Pillar

pytestmark = pytest.mark.django_db
LANGUAGES = ["nl", "fr", "de", "en"]
PARTS = {"pillar-3", "authority-FLA"}
MADE = [("", language) for language in LANGUAGES] + [(part, "en") for part in sorted(PARTS)]
LIMIT = 2 * 1024 * 1024
Pdfs = dict[tuple[str, str], bytes]


def source() -> Source:
    return Source(Edition.objects.get(report__month="2023-12"))


@pytest.fixture(scope="module")
def pdfs(django_db_setup: None, django_db_blocker: Any) -> Pdfs:
    """The brochure of the plan in each language, and of a pillar and an authority in English."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    with django_db_blocker.unblock():
        found = source()
        for scope, language in MADE:
            scopes = [each for each in found.scopes if each.name == scope]
            told[scope, language] = contents(found, scopes, language)[0]
    return dict(zip(told, typeset(list(told.values())), strict=True))


@pytest.fixture(params=MADE, ids=lambda made: f"{made[0] or 'plan'}-{made[1]}")
def opened(request: pytest.FixtureRequest, pdfs: Pdfs) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdfs[request.param])) as pdf:
        yield pdf


def text_of(pdf: bytes, pages: slice) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages[pages])


@pytest.fixture(scope="module")
def words(pdfs: Pdfs) -> list[list[dict[str, Any]]]:
    """The words of each page of the French brochure, with where they stand."""
    with pdfplumber.open(io.BytesIO(pdfs["", "fr"])) as pdf:
        return [page.extract_words() for page in pdf.pages]


def tags(node: Any) -> Iterator[Dictionary]:
    """Every element of the structure below a node."""
    if isinstance(node, Array):
        for child in node:  # type: ignore[attr-defined]
            yield from tags(child)
    elif isinstance(node, Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tags(node.K)


def links(pdf: pikepdf.Pdf) -> set[str]:
    """Where the links of a file lead to, outside it."""
    return {
        str(annotation.A.URI)
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if annotation.get("/A", {}).get("/S") == "/URI"
    }


def bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as outline:
        return [item.title for item in outline.root]


def test_everybody_can_read_it(opened: pikepdf.Pdf) -> None:
    assert opened.Root.MarkInfo.Marked
    metadata = opened.open_metadata()
    assert (metadata["pdfuaid:part"], metadata["pdfaid:part"]) == ("1", "2")
    assert metadata["pdfaid:conformance"] == "A"
    assert metadata["dc:title"]
    assert metadata["dc:creator"] == ["NextGen Belgium"]
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    found = list(tags(opened.Root.StructTreeRoot))
    figures = [tag for tag in found if tag.S == "/Figure"]
    assert len(figures) > 2
    assert all(str(tag.get("/Alt", "")).strip() for tag in figures)
    assert {"/H1", "/H2", "/H3", "/P", "/Link"} <= {str(tag.S) for tag in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_its_language_and_leads_through_its_chapters(pdfs: Pdfs, language: str) -> None:
    with pikepdf.open(io.BytesIO(pdfs["", language])) as pdf:
        assert str(pdf.Root.Lang) == f"{language}-BE"
        marks = bookmarks(pdf)
        with translation.override(language):
            names = [pillar.name for pillar in Pillar.objects.all()]
        assert set(names) <= set(marks)
        assert len(marks) == len(names) + 5


def test_its_fonts_come_along(opened: pikepdf.Pdf) -> None:
    fonts = {str(o.FontName) for o in opened.objects if isinstance(o, Dictionary)
             and o.get("/Type") == "/FontDescriptor"}  # fmt: skip
    assert {name.partition("+")[2] for name in fonts} == {
        "HankenGrotesk-Regular", "HankenGrotesk-Bold",
    }  # fmt: skip


def test_it_stays_light(pdfs: Pdfs) -> None:
    assert {made: len(pdf) for made, pdf in pdfs.items() if len(pdf) > LIMIT} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_figures_read_as_on_the_page_of_the_report(
    client: Client, pdfs: Pdfs, language: str
) -> None:
    with translation.override(language):
        page = client.get(f"/{language}/").content.decode()
    shown = re.findall(r'<data data-figure="([^"]+)" value="\d+">([^<]+)</data>', page)
    head = [
        "total-budget", "projects", "climate-share", "digital-share", "milestones-done-share",
        "milestones-on-track-share", "milestones-delayed-share", "milestones-done",
    ]  # fmt: skip
    figures = {name: value.replace("\u00a0", " ") for name, value in reversed(shown)}
    text = text_of(pdfs["", language], slice(2, 3)).replace("\u00a0", " ")
    assert {name: figures[name] for name in head if figures[name] not in text} == {}


def test_a_brochure_of_a_part_has_the_figures_of_its_page(client: Client, pdfs: Pdfs) -> None:
    for scope, address in (
        ("pillar-3", "/en/pillars/mobility/"),
        ("authority-FLA", "/en/authorities/FLA/"),
    ):
        page = client.get(address).content.decode().split('class="rows"')[0]
        own = rf'<data data-figure="([^"]+)" value="\d+" data-scope="{scope}">([^<]+)</data>'
        text = text_of(pdfs[scope, "en"], slice(1, 3)).replace("\u00a0", " ")
        shown = dict(re.findall(own, page))
        assert {"total-budget", "projects", "climate-share", "milestones-done"} <= set(shown)
        missing = {n: v for n, v in shown.items() if v.replace("\u00a0", " ") not in text}
        assert missing == {}


def test_every_project_of_the_plan_is_in_it_with_a_link_that_leads_there(
    client: Client, pdfs: Pdfs
) -> None:
    with pikepdf.open(io.BytesIO(pdfs["", "de"])) as pdf:
        found = {address.removeprefix(LOCAL) for address in links(pdf)}
    projects = {address for address in found if address.startswith("/de/projekte/")}
    assert len([address for address in projects if "?" not in address]) == 127
    assert {a for a in found if not a.startswith("/de/")} == set()
    sample = sorted(projects)[::9] + sorted(found - projects)[::4]
    assert {a: n for a in sample if (n := client.get(a).status_code) != 200} == {}


def test_the_index_names_the_page(pdfs: Pdfs) -> None:
    text = text_of(pdfs["", "en"], slice(-3, None))
    found = re.search(r"Liège tram extension (\d+)", text)
    assert found
    page = int(found[1])
    assert "Liège tram extension" in text_of(pdfs["", "en"], slice(page - 1, page))


def test_each_page_is_text_and_says_what_edition_it_is(
    words: list[list[dict[str, Any]]],
) -> None:
    edition = source().edition
    assert re.fullmatch(r"[0-9a-f]{12}", edition.short_hash)
    for page in words:
        text = " ".join(word["text"] for word in page)
        assert edition.short_hash in text
        assert not {"\ufffd", "\x00"} & set(text)


def test_nothing_is_set_beyond_the_edge_of_its_page(words: list[list[dict[str, Any]]]) -> None:
    """An A4 page of 595 by 842 points."""
    beyond = [
        (number, word["text"])
        for number, page in enumerate(words, 1)
        for word in page
        if word["x0"] < 50 or word["x1"] > 545 or word["bottom"] > 822
    ]
    assert beyond == []


def test_the_same_edition_gives_the_same_bytes(pdfs: Pdfs) -> None:
    found = source()
    pillar = [scope for scope in found.scopes if scope.name == "pillar-3"]
    assert typeset(contents(found, pillar, "en")) == [pdfs["pillar-3", "en"]]


def test_a_letter_that_the_typeface_lacks_is_said_with_its_text() -> None:
    Pillar.objects.filter(number=3).update(challenge_en="From road \u2192 rail.")
    found = source()
    pillar = [scope for scope in found.scopes if scope.name == "pillar-3"]
    with pytest.raises(TypesettingError, match="From road \u2192 rail"):
        typeset(contents(found, pillar, "en"))


@pytest.mark.parametrize("scope", ["", "authority-FED"])
def test_it_reads_as_published_whatever_was_corrected_since(scope: str) -> None:
    def told() -> Any:
        found = source()
        return contents(found, [each for each in found.scopes if each.name == scope], "en")

    before = told()
    said = Assessment.objects.filter(
        report__month="2023-12", status="done", milestone__project__lead__code="FED"
    ).first()
    assert said
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 1)}
    by = User.objects.create_user("ed", role="editor")
    correct(assessment=said, words=words, why="Only half is built.", by=by)
    assert told() == before


def test_a_typesetter_that_is_killed_is_told_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """For want of memory the system kills it without a word."""

    def killed(command: list[str], **_options: Any) -> None:
        raise CalledProcessError(-9, command, output="", stderr="")

    monkeypatch.setattr("subprocess.run", killed)
    with pytest.raises(TypesettingError, match="ended with code -9"):
        typeset([{}])
