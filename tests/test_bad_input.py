"""Whatever is asked for, the site answers: it names what it did not understand, never breaks."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import DataError, connection
from django.test import Client
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from milestones.models import Milestone
from projects.models import Project
from projects.selection import PAGE_SIZE

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/", "/{}", "/en/{}", "/{}/", "/en/projects/{}", "/fr/projets/{}/", "/en/pillars/{}/",
    "/en/authorities/{}/", "/de/meilensteine/{}/", "/en/progress/{}/", "/nl/cijfers/{}/",
    "/en/authorities/{}/brochure.pdf", "/fr/autorites/{}/feed.atom", "/en/projects/{}/feed.atom",
    "/en/projects/{}/cite.bib", "/en/milestones/{}/cite.json", "/en/recipients/",
    "/en/recipients/export.csv",
    "/en/progress/{}/2023-12/", "/en/figures/total-budget/2023-12/", "/fr/chiffres/{}/2023-12/",
    "/en/projects/cite.bib", "/en/figures/{}/2023-12/cite.json",
    "/en/changes/", "/en/projects/", "/en/milestones/",
    "/nl/projecten/export.csv", "/en/milestones/export.csv", "/robots.txt", "/readyz",
    "/.well-known/{}", "/static/{}", "/admin/{}",
]  # fmt: skip
PARAMETERS = [
    "q", "pillar", "component", "authority", "kind", "status", "contributes", "due", "budget_min",
    "budget_max", "report", "as_of", "sort", "page", "project", "verdict", "overdue", "baseline",
    "scope", "", "x",
]  # fmt: skip
NASTY = [
    "%00", "%FF%FE", "%ED%A0%80", "%", "%zz", "../../etc/passwd", "'; DROP TABLE x;--", "9" * 400,
    "-1", "0", "1e9", "1" * 15, "9" * 15, "NaN", "2024-Q9", "9999-Q4", "0000", "0000-00", "1" * 7,
    "%E2%80%AE", "<script>", "a" * 5000, "None", "[]", "-", "--budget", "-relevance", "'",
    "2023-12", "%F0%9F%98%80", "{{7*7}}", "%25", "_", "\\", "%0d%0aSet-Cookie:x",
    "%D9%A2%D9%A0%D9%A2%D9%A4", "%C2%B2",
]  # fmt: skip
values = st.sampled_from(NASTY) | st.text(max_size=20).map(
    lambda text: quote(text, errors="ignore")
)
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), values), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
HEADERS = [
    "Accept-Language", "HX-Request", "HX-Current-URL", "HX-History-Restore-Request", "HX-Target",
    "HX-Boosted", "If-None-Match", "If-Modified-Since", "Range", "Accept-Encoding", "Cookie",
    "X-Forwarded-Host", "Accept", "Referer",
]  # fmt: skip
header_values = st.sampled_from(["true", "*", "bytes=0-", "sessionid=1; csrftoken=x", '"'])
header_values |= st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
headers = st.dictionaries(st.sampled_from(HEADERS), header_values, max_size=3)


def get(address: str, **options: Any) -> Any:
    path, _mark, query = address.partition("?")
    client = Client(raise_request_exception=False)
    return client.generic("GET", path, QUERY_STRING=query, **options)


def said(address: str) -> str:
    response = get(address)
    assert response.status_code == 200
    found = re.search(
        r'(?s)<div class="warning" role="alert">(.*?)</div>', response.content.decode()
    )
    return re.sub("<[^>]+>", "", found[1]) if found else ""


@settings(max_examples=200, phases=[Phase.explicit, Phase.generate])
@given(st.sampled_from(ADDRESSES), values, queries, headers)
@example("/en/projects/", "", "&".join(f"x{n}=1" for n in range(1100)), {})
@example("/en/projects/", "", "q=" + "+".join(f"w{n}" for n in range(60)), {})
def test_no_request_breaks_the_site(
    address: str, part: str, query: str, headers: dict[str, str]
) -> None:
    response = get(f"{address.format(part)}?{query}", headers=headers)
    assert response.status_code in (200, 206, 301, 302, 304, 400, 404, 414, 416)


def never_nul(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Asks the database what PostgreSQL would take, whichever it is."""
    if any("\0" in str(value) for value in params or ()):
        raise DataError("a value holds a NUL")
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/projects/%00/", 404),
        ("/en/projects/%00/feed.atom", 404),
        ("/en/projects/%00/cite.bib", 404),
        ("/en/milestones/%00/cite.json", 404),
        ("/en/authorities/%00/", 404),
        ("/en/authorities/%00/feed.atom", 404),
        ("/en/authorities/%00/brochure.pdf", 404),
        ("/en/recipients/?project=%00", 200),
        ("/en/recipients/export.csv?project=%00", 400),
        ("/en/milestones/?project=%00", 200),
        ("/api/v1/milestones?project=%00", 400),
    ],
)
def test_a_nul_in_an_address_is_never_looked_for(address: str, status: int) -> None:
    with connection.execute_wrapper(never_nul):
        response = get(address)
    assert response.status_code == status
    if status == 400:
        assert response.json()["parameters"] == ["project"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("pillar=9", "the value 9 of pillar"),
        ("kind=banana", "the value banana of kind"),
        ("due=2024-Q5", "the value 2024-Q5 of due"),
        ("budget_min=-5", "the value -5 of budget_min"),
        ("budget_max=1e9", "the value 1e9 of budget_max"),
        ("page=0", "the value 0 of page"),
        ("page=two", "the value two of page"),
        ("sort=beauty", "the value beauty of sort"),
        ("report=2024-06", "the value 2024-06 of report"),
        ("q=%00tram", "of q"),
        ("colour=red", "the parameter colour"),
        ("pillar=1&pillar=x", "the value x of pillar"),
        ("kind=%3Cb%3E", "the value &lt;b&gt; of kind"),
        ("pillar=%FF", "of pillar"),
    ],
)
def test_a_wrong_value_is_named_and_left_out(query: str, named: str) -> None:
    assert named in said(f"/en/projects/?{query}")


def test_all_that_was_wrong_is_named_and_the_rest_still_counts() -> None:
    page = get("/en/projects/?pillar=3&pillar=8&colour=red&sort=x").content.decode()
    for wrong in ("<q>8</q>", "<code>colour</code>", "<q>x</q>"):
        assert wrong in page
    assert '<data data-results value="22">' in page


def test_of_a_parameter_that_takes_one_value_the_last_counts_and_the_others_are_named() -> None:
    assert "the value tram of q" in said("/en/projects/?q=tram&q=bus")
    assert (
        'name="q" type="search" value="bus"' in get("/en/projects/?q=tram&q=bus").content.decode()
    )


@pytest.mark.parametrize("name", ["due", "project", "baseline"])
def test_hundreds_of_values_make_no_endless_page(name: str) -> None:
    codes = Project.objects.values_list("code", flat=True)
    given = codes if name == "project" else [f"{year}-Q1" for year in range(1760, 2000)]
    response = get(f"/en/milestones/?{'&'.join(f'{name}={value}' for value in given)}")
    assert response.status_code == 200
    assert len(response.content) < 400_000
    assert f"of <code>{name}</code>" in response.content.decode()


@pytest.mark.parametrize("name", ["utm_source", "utm_campaign", "fbclid", "gclid", "mc_cid"])
def test_tracking_parameters_are_dropped_in_silence(name: str) -> None:
    assert said(f"/en/projects/?{name}=x&pillar=1") == ""
    assert name not in get(f"/en/projects/?{name}=x&pillar=1").content.decode().split("<main")[1]


@pytest.mark.parametrize("name", ["projects", "milestones"])
def test_a_page_beyond_the_end_is_the_last(name: str) -> None:
    page = get(f"/en/{name}/?page=9999").content.decode()
    count = int(re.search(r'data-results value="(\d+)"', page)[1])  # type: ignore[index]
    last = -(-count // PAGE_SIZE)
    assert re.findall(r'id="page-(\d+)"[^>]* aria-current="page"', page) == [str(last)]
    assert len(re.findall(r'<li class="row', page)) == count - (last - 1) * PAGE_SIZE


@pytest.mark.parametrize("name", ["projects", "milestones"])
@pytest.mark.parametrize(
    ("query", "parameter"), [("pillar=9", "pillar"), ("colour=red", "colour"), ("q=???", "q")]
)
def test_an_export_refuses_what_it_does_not_understand(
    name: str, query: str, parameter: str
) -> None:
    response = get(f"/en/{name}/export.csv?{query}&status=done")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert problem["parameters"] == [parameter]
    assert parameter in problem["detail"]
    assert "pillar" in problem["known"]
    assert get(f"/en/{name}/export.csv?utm_source=x").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/en/", "/nl/projecten/", "/fr/jalons/157/", "/de/zahlen/"])
@pytest.mark.parametrize("checked", [False, True])
def test_a_page_can_be_read_and_not_written(method: str, path: str, checked: bool) -> None:
    response = getattr(Client(enforce_csrf_checks=checked), method)(path)
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) >= {"GET", "HEAD"}
    page = response.content.decode()
    assert f'<html lang="{path[1:3]}">' in page
    assert '<main id="main"' in page


def test_an_unknown_project_offers_the_search() -> None:
    for path in ("/en/projects/x-fed-teleporter/", "/en/milestones/x-fed-teleporter-1/"):
        response = get(path)
        page = response.content.decode()
        assert response.status_code == 404
        assert 'action="/en/projects/"' in page
        assert 'value="fed teleporter"' in page
        assert '<meta name="robots" content="noindex">' in page


def test_a_project_that_got_a_new_code_is_found_by_the_old_one() -> None:
    Project.objects.filter(code="x-5g").update(code="I-9.99", former_codes="x-4g;x-5g")
    Milestone.objects.filter(code="157").update(code="200", former_codes="157")
    for old, new in (("projects/x-5g", "projects/I-9.99"), ("milestones/157", "milestones/200")):
        response = get(f"/en/{old}/")
        assert (response.status_code, response["Location"]) == (301, f"/en/{new}/")
    assert get("/en/projects/5g/").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "a b", "[::", "x" * 300])
def test_another_host_is_refused_with_a_page(host: str) -> None:
    assert get("/en/", headers={"Host": host}).status_code == 400
