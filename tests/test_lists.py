"""A list is one selection in several forms: its pages, its options and its chips agree."""

import re
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from nextgen.pages.lists import choose
from projects.models import Allocation, Authority, Project
from projects.selection import PAGE_SIZE
from tests.selections import LISTS, known, queries, rows_of, selected

pytestmark = pytest.mark.django_db


@settings(max_examples=20)
@given(st.sampled_from(LISTS), queries)
def test_the_pages_together_are_all_rows_once(name: str, query: tuple[list[str], str]) -> None:
    filters, sort = query
    selection = selected(name, f"{known(name, filters)}&sort={sort}")
    pages = [
        [row.code for row in replace(selection, page_number=number).page]
        for number in selection.page.paginator.page_range
    ]
    assert all(len(page) == PAGE_SIZE for page in pages[:-1])
    together = [code for page in pages for code in page]
    assert together == list(selection.rows.values_list("code", flat=True))
    assert len(set(together)) == len(together) == selection.matches.count()


@settings(max_examples=25)
@given(st.sampled_from(LISTS), queries)
def test_a_chip_takes_away_one_thing(name: str, query: tuple[list[str], str]) -> None:
    filters, sort = query
    asked = parse_qs(f"{known(name, filters)}&sort={sort}")
    chosen = {(key, v) for key, values in asked.items() for v in values}
    selection = choose(name, asked)
    chips = {(chip.name, chip.value): chip for chip in selection.chips}
    assert set(chips) == {(key, v) for key, v in chosen if key not in ("report", "sort")}
    for (key, value), chip in chips.items():
        left = asked | {key: [v for v in asked[key] if v != value]}
        assert chip.without == choose(name, left).query_string()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["", "pillar=1&authority=FLA", "q=renov&report=2022-10"])
def test_the_page_shows_what_the_selection_holds(client: Client, name: str, query: str) -> None:
    page = client.get(f"/en/{name}/?{query}").content.decode()
    selection = selected(name, query)
    assert rows_of(page, name) == [row.code for row in selection.page]
    assert f'<data data-results value="{selection.matches.count()}">' in page
    options = re.findall(r'data-facet="([^"]+)" data-value="([^"]+)" data-count="(\d+)"', page)
    assert options
    assert {(facet, value): int(count) for facet, value, count in options} == {
        (option.facet, option.value): option.count
        for _facet, options in selection.facets
        for option in options
    }


def test_a_link_to_an_option_gives_as_many_rows_as_the_option_said(client: Client) -> None:
    page = client.get("/fr/projets/?contributes=climate").content.decode()
    for value, count in re.findall(
        r'data-facet="kind" data-value="(\w+)" data-count="(\d+)"', page
    ):
        found = client.get(f"/fr/projets/?contributes=climate&kind={value}").content.decode()
        assert f'<data data-results value="{count}">' in found


def test_in_the_first_report_most_milestones_are_not_reported() -> None:
    def count(query: str) -> int:
        return selected("milestones", query).matches.count()

    assert count("report=2022-04") == count("report=2022-04&status=not-reported") + 138
    assert count("report=2022-04&status=done") == 27
    assert count("status=not-reported") == 0


def test_carried_by_is_lead_or_allocation() -> None:
    project = Project.objects.get(code="x-wal-tram-liege")
    assert project.lead.code == "WAL"
    for code, carried in (("WAL", True), ("DG", False)):
        found = selected("projects", f"authority={code}&report=2023-12").matches
        assert found.filter(pk=project.pk).exists() is carried
    Allocation.objects.create(project=project, authority=Authority.objects.get(code="DG"), amount=1)
    assert selected("projects", "authority=DG").matches.filter(pk=project.pk).exists()
    assert selected("milestones", "authority=DG").matches.filter(project=project).exists()


def test_no_project_of_this_plan_stands_outside_the_pillars(client: Client) -> None:
    page = client.get("/en/projects/?pillar=none").content.decode()
    assert '<data data-results value="0">' in page
    assert "Nothing fits all that is chosen." in page
    assert 'data-value="none"' in page  # chosen, so it can be taken back
    assert 'data-value="none"' not in client.get("/en/projects/").content.decode()


def test_an_empty_list_offers_ways_out_that_lead_somewhere(client: Client) -> None:
    page = client.get("/en/projects/?pillar=3&component=1.1").content.decode()
    ways = re.findall(r'<li><a href="([^"]+)">[^<]+</a> <span class="n">gives (\d+) result', page)
    assert len(ways) == 2
    for address, count in ways:
        found = client.get(address.replace("&amp;", "&")).content.decode()
        assert f'<data data-results value="{count}">' in found
