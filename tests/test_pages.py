"""What a citizen finds on each page, and what a machine can read in it."""

import json
import re
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client

from milestones.models import Milestone
from nextgen.wall import Shape
from projects.models import Project

pytestmark = pytest.mark.django_db


def text(client: Client, address: str, **options: object) -> str:
    answer = client.get(address, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, address
    return answer.content.decode()


def structured(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_home_gives_the_headline_figures_and_says_that_a_report_is_missing(client: Client) -> None:
    page = text(client, "/en/")
    for name, value, shown in [
        ("total-budget", "6600000000", "€6.6\u00a0bn"),
        ("projects", "127", "127"),
        ("climate-share", "51", "51\u00a0%"),
        ("digital-share", "28", "28\u00a0%"),
        ("milestones-done-share", "34", "34\u00a0%"),
        ("milestones-on-track-share", "53", "53\u00a0%"),
        ("milestones-delayed-share", "14", "14\u00a0%"),
        ("milestones-done", "138", "138"),
        ("milestones-on-track", "216", "216"),
        ("milestones-delayed", "56", "56"),
    ]:
        assert f'<data data-figure="{name}" value="{value}">{shown}</data>' in page
    assert "together they make 101" in page
    assert "The report of June\u00a02024 was due and is not here." in page


def test_the_wall_draws_every_milestone_once(client: Client) -> None:
    wall = client.get("/en/").context["wall"]
    for drawing in (wall.standing, wall.lying):
        shapes: list[Shape] = [shape for column in drawing.columns for shape in column.shapes]
        squares = sum(len(re.findall(r"M", shape.path)) for shape in shapes)
        assert squares == wall.total == 410
        assert sum(column.total for column in drawing.columns) == 410


def test_a_quarter_of_the_wall_leads_to_its_milestones(client: Client) -> None:
    wall = client.get("/en/").context["wall"]
    for column in wall.standing.columns:
        page = text(client, f"/en/milestones/?baseline={column.quarter}")
        assert f'data-results value="{column.total}"' in page


def test_the_plan_tells_european_from_belgian_money(client: Client) -> None:
    page = text(client, "/en/plan/")
    for words in ("€5.0\u00a0bn", "€264.0\u00a0m", "€1.3\u00a0bn", "The promise is not kept."):
        assert words in page
    assert "Liège tram extension" in page


def test_a_withdrawn_project_keeps_its_page_with_reason_and_successor(client: Client) -> None:
    page = text(client, "/en/projects/x-wal-tram-liege/")
    assert "Withdrawn from the plan on 29\u00a0August\u00a02024" in page
    assert 'href="/en/projects/x-wal-tec-bus/"' in page
    successor = text(client, "/en/projects/x-wal-tec-bus/")
    assert 'href="/en/projects/x-wal-tram-liege/"' in successor
    assert "that report says nothing of it" in successor


def test_a_withdrawn_milestone_keeps_its_page_with_day_and_reason(client: Client) -> None:
    Milestone.objects.filter(code="157").update(left="2024-09-01", left_reason_en="Given up.")
    page = text(client, "/en/milestones/157/")
    assert "Withdrawn on 1\u00a0September\u00a02024" in page
    assert "Given up." in page
    assert 'data-verdict="not-fulfilled"' in page


def test_a_milestone_of_a_withdrawn_project_says_so(client: Client) -> None:
    page = text(client, "/en/milestones/x-wal-tram-liege-2/")
    assert "Withdrawn from the plan on 29\u00a0August\u00a02024" in page
    assert 'href="/en/progress/2023-12/"' in page


def test_declared_and_verified_are_two_things(client: Client) -> None:
    page = text(client, "/en/milestones/157/")
    declared, verified = page.split("Verified by the European Commission")
    verified = verified.split("</section>")[0]
    assert "data-verdict" not in declared
    assert "data-status" not in verified
    assert 'data-status="done"' in declared
    assert 'data-verdict="not-fulfilled"' in verified
    assert "2\u00a0July\u00a02024" in verified


def test_the_launch_day_counter_stands_beside_what_the_rows_give(client: Client) -> None:
    page = text(client, "/en/progress/2022-04/")
    row = page.split('href="/en/figures/milestones-done-share/">')[-1].split("</tr>")[0]
    assert "6\u00a0%" in row
    assert 'value="20"' in row
    assert "410" in row


def test_a_figure_shows_its_formula_with_the_numbers_and_the_rows(client: Client) -> None:
    page = text(client, "/en/figures/climate-share/")
    figure = client.get("/en/figures/climate-share/").context["figure"]
    assert f"{figure.numerator:,}" in page
    assert "€6,600,000,000" in page
    assert page.count("data-project=") == text(
        client, "/en/projects/export.csv?contributes=climate"
    ).count("\r\n") - 1 - len(re.findall(r",reform,", page))


@pytest.mark.parametrize("address", ["/en/", "/fr/projets/x-fla-cycling/"])
def test_search_engines_find_structured_data_and_a_picture(client: Client, address: str) -> None:
    page = text(client, address)
    assert structured(page)["@context"] == "https://schema.org"
    assert f'<link rel="canonical" href="http://testserver{address}">' in page
    picture = re.search(r'property="og:image" content="http://testserver(/static/[^"]+)"', page)
    assert picture


def test_the_sitemap_lists_every_project_in_four_languages(client: Client) -> None:
    page = text(client, "/sitemap.xml")
    for address in ("/nl/projecten/", "/fr/projets/", "/de/projekte/", "/en/projects/"):
        assert page.count(f"<loc>http://testserver{address}x-fla-cycling/</loc>") == 1


def test_every_address_of_the_sitemap_is_there_once_and_has_its_twins(client: Client) -> None:
    page = text(client, "/sitemap.xml")
    places = re.findall(r"<loc>http://testserver(/[^<]*)</loc>", page)
    assert len(places) == len(set(places))
    for language in ("nl", "fr", "de", "en"):
        assert page.count(f'hreflang="{language}"') == len(places)
    for place in ("/fr/jalons/157/", "/nl/cijfers/climate-share/", "/en/progress/2022-04/"):
        assert place in places
    for place in places[:: len(places) // 12]:
        assert client.get(place).status_code == 200, place


def test_machines_find_what_they_ask_for(client: Client) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in text(client, "/robots.txt")
    assert "Expires: " in text(client, "/.well-known/security.txt")
    assert text(client, "/healthz") == "ok\n"
    assert text(client, "/readyz") == "ready\n"
    with patch.object(connection, "cursor", side_effect=OSError):
        assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("address", ["/", "/en/", "/nl/projecten/", "/en/nowhere/"])
def test_every_answer_carries_the_headers_of_a_careful_site(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers


def test_htmx_gets_the_results_alone_and_the_normal_address(client: Client) -> None:
    address = "/en/projects/?status=done&pillar=1&utm_source=mail&q="
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert fragment.content.decode().strip().startswith('<div id="results">')
    assert fragment.headers["HX-Push-Url"] == "/en/projects/?pillar=1&status=done"
    assert "HX-Request" in fragment.headers["Vary"]
    restored = client.get(
        address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    for whole in (restored, client.get(address)):
        assert whole.content.decode().startswith("<!doctype html>")
        assert "HX-Request" in whole.headers["Vary"]
    assert restored.content == client.get(address).content
    rows = re.compile(r'data-project="([^"]+)"')
    assert rows.findall(fragment.content.decode()) == rows.findall(restored.content.decode())


def test_a_page_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get("/en/figures/")
    again = client.get("/en/figures/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    Project.objects.filter(code="x-5g").update(budget=1)
    changed = client.get("/en/figures/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_no_title_can_close_the_element_that_holds_the_structured_data(client: Client) -> None:
    Project.objects.filter(code="x-5g").update(title_en="</script><b>&")
    page = text(client, "/en/projects/x-5g/")
    assert "</script><b>" not in page
    assert structured(page)["name"] == "</script><b>&"
