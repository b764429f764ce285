"""Four languages say the same: every message is translated, every page has its twins."""

import re
from functools import cache
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from milestones.models import Change, Milestone, PublishedFigure
from nextgen.messages import extracted, languages, missing, read
from projects.models import Authority, Component, Pillar, Plan, Project, Text

LANGUAGES = ("nl", "fr", "de", "en")
PAGES: list[tuple[str, list[str]]] = [
    *((name, []) for name in ("home", "plan", "projects", "milestones", "progress", "figures")),
    *((name, []) for name in ("changes", "accessibility", "privacy")),
    ("project", ["x-wal-tram-liege"]), ("project", ["I-2.09"]), ("milestone", ["157"]),
    ("pillar", ["sustainability"]), ("authority", ["DG"]), ("report", ["2022-04"]),
    ("comparison", ["2023-06", "2023-12"]), ("figure", ["climate-share"]),
    ("edition_figure", ["milestones-done-share", "2022-04"]),
    ("figure", ["total-budget"]), ("figure", ["milestones-done-share"]),
]  # fmt: skip
PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%s|</?\w+[^>]*>")


def strings(message: Any) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (message,)


@cache
def page(name: str, arguments: tuple[str, ...], language: str) -> str:
    with override(language):
        address = reverse(name, args=arguments)
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def visible(html: str) -> str:
    """What a page shows and tells, without addresses, sources and the data of its figures."""
    html = re.sub(r'(?s)<(\w+) class="[^"]*\bsource\b[^"]*".*?</\1>|<script.*?</script>', "", html)
    html = re.sub(r'<[^>]*?(?:alt|label|content|title)="([^"]*)"[^>]*>', r" \1 ", html)
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("language", languages())
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    catalog = read(language)
    assert missing(catalog) == []
    assert {(m.context, m.id) for m in catalog} == {(m.context, m.id) for m in extracted()}
    assert not catalog.obsolete


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for message in read(language):
        if message.id:
            allowed = {p for text in strings(message.id) for p in PLACEHOLDER.findall(text)}
            for text in strings(message.string):
                assert set(PLACEHOLDER.findall(text)) <= allowed, text
                # One may be told without its number, all others need theirs.
                needed = set(PLACEHOLDER.findall(strings(message.id)[0])) & allowed
                assert needed <= set(PLACEHOLDER.findall(text)), text


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("plan", [], "plan/ plan/ plan/ plan/"),
        ("project", ["x"], "projecten/x/ projets/x/ projekte/x/ projects/x/"),
        ("pillar", ["x"], "pijlers/x/ piliers/x/ saeulen/x/ pillars/x/"),
        ("authority", ["x"], "overheden/x/ autorites/x/ behoerden/x/ authorities/x/"),
        ("milestone", ["x"], "mijlpalen/x/ jalons/x/ meilensteine/x/ milestones/x/"),
        ("progress", [], "voortgang/ avancement/ fortschritt/ progress/"),
        ("figure", ["x"], "cijfers/x/ chiffres/x/ zahlen/x/ figures/x/"),
        (
            "edition_figure",
            ["x", "2023-12"],
            "cijfers/x/2023-12/ chiffres/x/2023-12/ zahlen/x/2023-12/ figures/x/2023-12/",
        ),
        ("changes", [], "wijzigingen/ modifications/ aenderungen/ changes/"),
        (
            "accessibility",
            [],
            "toegankelijkheid/ accessibilite/ barrierefreiheit/ accessibility/",
        ),
        (
            "dictionary",
            [],
            "data/dictionary.csv donnees/dictionary.csv daten/dictionary.csv data/dictionary.csv",
        ),
        ("privacy", [], "privacy/ vie-privee/ datenschutz/ privacy/"),
    ],
)
def test_addresses_are_in_the_language_of_the_page(
    name: str, arguments: list[str], words: str
) -> None:
    for language, word in zip(LANGUAGES, words.split(), strict=True):
        with override(language):
            assert reverse(name, args=arguments) == f"/{language}/{word}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_a_page_has_a_twin_in_every_language_with_the_same_content(
    name: str, arguments: list[str]
) -> None:
    contents = set()
    for language in LANGUAGES:
        html = page(name, tuple(arguments), language)
        assert f'<html lang="{language}">' in html
        for twin in LANGUAGES:
            with override(twin):
                address = reverse(name, args=arguments)
            assert (
                f'<link rel="alternate" hreflang="{twin}" href="http://testserver{address}">'
                in html
            )
        figures = re.findall(r'data-figure="([^"]+)" value="([^"]*)"', html)
        rows = re.findall(r'data-(?:project|milestone|status|count)="([^"]+)"', html)
        contents.add((tuple(sorted(figures)), tuple(sorted(rows)), html.count("<h2")))
    assert len(contents) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", languages())
def test_no_page_speaks_english_in_between(language: str) -> None:
    sentences = {
        re.sub(r"\s+", " ", part).strip()
        for message in extracted()
        if message.id and message.context != "path"
        for text in strings(message.id)
        for part in PLACEHOLDER.split(text)
        if len(part.split()) >= 4
    }
    assert len(sentences) > 60
    for name, arguments in PAGES:
        text = re.sub(r"\s+", " ", visible(page(name, tuple(arguments), language)))
        assert [sentence for sentence in sentences if sentence in text] == [], name


@pytest.mark.django_db
def test_spaces_are_those_of_each_language() -> None:
    for name, arguments in PAGES:
        for language in LANGUAGES:
            assert "\u202f" not in page(name, tuple(arguments), language), (name, language)
        text = visible(page(name, tuple(arguments), "fr"))
        assert re.findall(r".{20}\S [:;?!»](?:\s.{0,20}|$)|« .{0,20}", text) == [], name
        assert re.findall(r".{20}\d [%€]", text) == [], name


@pytest.mark.django_db
def test_every_text_of_the_plan_is_there_in_every_language() -> None:
    told = {(text.page, text.language) for text in Text.objects.all() if text.title and text.body}
    names = {name for name, _language in told}
    assert told == {(name, language) for name in names for language in LANGUAGES}
    models = (Plan, Pillar, Component, Authority, Project, Milestone, PublishedFigure, Change)
    for model in models:
        fields = {f.name for f in model._meta.fields}
        texts = {name[:-3] for name in fields if {f"{name[:-3]}_{c}" for c in LANGUAGES} <= fields}
        assert texts
        for row in model._default_manager.all():
            for text in texts:
                filled = {bool(getattr(row, f"{text}_{language}")) for language in LANGUAGES}
                assert len(filled) == 1, (row, text)


@pytest.mark.django_db
def test_a_language_that_the_plan_does_not_speak_has_no_pages(client: Client) -> None:
    Plan.objects.update(languages="nl;fr")
    for path in ("/en/", "/de/", "/de/projekte/", "/en/projects/x-5g/"):
        assert client.get(path).status_code == 404, path
    html = client.get("/fr/").content.decode()
    assert re.findall(r'hreflang="(\w+)" href="http', html) == ["nl", "fr"]
    assert client.get("/", headers={"Accept-Language": "en, fr;q=0.5"})["Location"] == "/fr/"
    neutral = client.get("/", headers={"Accept-Language": "de"})
    assert neutral.status_code == 200
    assert "Kies uw taal" in neutral.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "language"), [("de-AT,en;q=0.3", "de"), ("FR", "fr"), ("x, nl;q=0.1", "nl")]
)
def test_the_visitor_is_sent_to_a_language_of_his_own(
    client: Client, accepted: str, language: str
) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert response["Location"] == f"/{language}/"
    assert "Accept-Language" in response["Vary"]
