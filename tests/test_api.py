"""The API tells programs what the pages tell people: the same rows, order, values and refusals."""

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from milestones.actions import correct, open_report
from milestones.figures import ALL_DEFINITIONS, plan_figures
from milestones.models import Assessment, Milestone, ProgressReport, PublishedFigure, User
from milestones.quarter import Quarter
from nextgen.api.resources import RESOURCES
from nextgen.package.schema import columns
from nextgen.package.tables import TABLES
from nextgen.pages.lists import choose
from projects.models import NaturalRecipient, Project, Recipient
from tests.test_bad_input import NASTY, PARAMETERS, values
from tests.test_facets import Parameters, ordered

pytestmark = pytest.mark.django_db
LISTS = [*(resource.name for resource in RESOURCES), "figures"]
SINGLES = [
    "projects/x-wal-tram-liege", "milestones/157", "pillars/1", "components/1.1",
    "authorities/FLA", "reports/2023-12", "figures/total-budget",
]  # fmt: skip
PROBLEM = "application/problem+json"
LANGUAGES = ["nl", "fr", "de", "en"]


def get(address: str, **options: Any) -> Any:
    path, _mark, query = address.partition("?")
    path = path if path.startswith("/") else f"/api/v1/{path}"
    return Client(raise_request_exception=False).generic("GET", path, QUERY_STRING=query, **options)


def told(address: str) -> Any:
    response = get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return response.json()


def refused(address: str, status: int, *parameters: str) -> Any:
    response = get(address)
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    problem = response.json()
    assert problem["status"] == status
    assert problem.get("parameters", []) == sorted(parameters)
    return problem


@pytest.fixture
def recipient() -> Recipient:
    found = Recipient.objects.create(
        name="Example NV", identifier="BE0000000097", amount=1_000_000, as_of="2024-03-31"
    )
    found.projects.set(Project.objects.filter(code__in=["x-5g", "I-2.09"]))
    return found


@settings(max_examples=25)
@given(ordered, st.integers(1, 500))
def test_a_selection_gives_the_rows_of_its_page_in_their_order(
    request: tuple[str, Parameters], size: int
) -> None:
    name, parameters = request
    expected = [row.code for row in choose(name, parameters).rows]
    address: str | None = (
        f"/api/v1/{name}?{urlencode({**parameters, 'page_size': max(size, 40)}, doseq=True)}"
    )
    found = []
    while address:
        page = told(address)
        assert page["count"] == len(expected)
        found += [item["code"] for item in page["items"]]
        address = page["next"] and page["next"].removeprefix("http://testserver")
    assert found == expected


@pytest.mark.parametrize("name", ["projects", "milestones"])
@pytest.mark.parametrize("query", ["pillar=3&status=delayed", "q=energie&report=2022-10"])
def test_the_values_are_those_of_the_export(name: str, query: str) -> None:
    with override("fr"):
        export = get(f"{reverse(f'{name}_export', args=['csv'])}?{query}").content.decode()
    rows = list(csv.DictReader(io.StringIO(export, newline="")))
    items = told(f"{name}?{query}&lang=fr&page_size=500")["items"]
    assert len(rows) == len(items) > 0
    for row, item in zip(rows, items, strict=True):
        shared = {column: in_a_cell(item[column]) for column in row if column in item}
        assert shared == {column: row[column] for column in shared}
        assert len(shared) >= 14


def in_a_cell(value: Any) -> str:
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    return ";".join(value) if isinstance(value, list) else "" if value is None else str(value)


@pytest.mark.parametrize("name", [name for name in LISTS if name in TABLES])
def test_records_have_the_columns_of_the_data_package_in_its_languages(
    name: str, recipient: Recipient
) -> None:
    item = told(f"{name}?page_size=1")["items"][0]
    assert list(item)[: len(columns(name, LANGUAGES))] == columns(name, LANGUAGES)
    french = told(f"{name}?page_size=1&lang=fr")["items"][0]
    plain = [column.name for column in TABLES[name].columns]
    assert list(french)[: len(plain)] == plain
    for column in TABLES[name].columns:
        spoken = f"{column.name}_fr" if column.translated else column.name
        assert french[column.name] == item[spoken]


@pytest.mark.parametrize("single", SINGLES)
def test_a_record_by_its_id_is_that_of_the_list(single: str) -> None:
    name, _slash, key = single.partition("/")
    alone = told(f"{single}?lang=nl")
    listed = told(f"{name}?lang=nl&page_size=500")["items"]
    assert alone in listed
    assert key in map(str, alone.values())
    assert get(urlsplit(alone.get("url", "/nl/")).path).status_code == 200


def test_what_is_not_published_is_null_and_never_zero() -> None:
    items = told("projects?page_size=500")["items"]
    silent = Project.objects.filter(budget=None, code__in=[item["code"] for item in items])
    assert silent.exists()
    assert [item["budget"] for item in items].count(None) == silent.count()


def test_a_withdrawn_project_is_still_there_by_its_code() -> None:
    gone = Project.objects.exclude(left=None)[0]
    assert told(f"projects/{gone.code}")["left"] == str(gone.left)


def test_a_former_code_leads_to_the_present_one() -> None:
    Project.objects.filter(code="x-5g").update(code="I-9.99", former_codes="x-4g;x-5g")
    response = get("projects/x-5g")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/projects/I-9.99")
    assert told("projects/I-9.99")["former_codes"] == ["x-4g", "x-5g"]


def test_figures_are_those_of_the_pages() -> None:
    current = plan_figures(ProgressReport.objects.get(month="2023-12"))
    items = told("figures?lang=en")["items"]
    assert [item["name"] for item in items] == list(ALL_DEFINITIONS)
    for item in items:
        figure = current[item["name"]]
        assert item["value"] == figure.value
        assert item["numerator"] == figure.numerator
        assert item["title"] == figure.definition.title
        assert not item["as_published"]
    pillar = told("figures/projects?scope=pillar-1")
    assert pillar["value"] == told("projects?pillar=1")["count"]
    assert told("figures?scope=lead-FED")["count"] < len(items)
    refused("figures/projects?scope=lead-FED", 404)
    refused("figures?scope=pillar-9", 400, "scope")


def test_a_report_is_told_as_published_and_says_what_was_corrected_since() -> None:
    editor = User.objects.create_user("ed", role="editor")
    said = Assessment.objects.filter(report__month="2023-12", status="done").order_by("pk")[0]
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 4)}
    correct(assessment=said, words=words, why="It was not done.", by=editor)
    published = told("figures/milestones-done?report=2023-12")
    assert (published["value"], published["corrected"], published["as_published"]) == (
        138,
        137,
        True,
    )
    assert told("figures/milestones-done")["value"] == 137
    versions = told(f"assessments?report=2023-12&milestone={said.milestone.code}")["items"]
    assert [(v["version"], v["corrects"], v["corrected_by"]) for v in versions] == [
        (1, None, 2),
        (2, 1, None),
    ]
    assert [version["status"] for version in versions] == ["done", "delayed"]
    assert told(f"milestones/{said.milestone.code}")["status"] == "delayed"


def test_a_figure_tells_what_the_authorities_themselves_published_and_why_it_is_another() -> None:
    found = told("figures/milestones-done-share?report=2022-04&lang=fr")
    theirs = PublishedFigure.objects.get(report__month="2022-04", figure="milestones-done-share")
    assert (found["value"], found["published"], found["as_published"]) == (20, 6, True)
    assert found["explanation"] == theirs.explanation_fr
    in_all = told("figures/milestones-done-share?report=2022-04")
    assert [in_all[f"explanation_{each}"] for each in LANGUAGES] == [
        getattr(theirs, f"explanation_{each}") for each in LANGUAGES
    ]
    agreed = told("figures/milestones-done-share?lang=en")
    assert agreed["published"] == agreed["value"] == 34
    for query in ("milestones-overdue?report=2022-04", "milestones-done-share?scope=pillar-1"):
        silent = told(f"figures/{query}&lang=nl")
        assert (silent["published"], silent["explanation"]) == (None, None)


@pytest.mark.parametrize("scope", ["", "pillar-1", "authority-FED", "lead-FLA"])
def test_a_figure_of_a_report_leads_to_the_page_that_stays(scope: str) -> None:
    for item in told(f"figures?report=2022-04&scope={scope}&lang=de")["items"]:
        with override("de"):
            path = reverse("edition_figure", args=[item["name"], "2022-04"])
        query = f"?scope={scope}" if scope else ""
        assert item["url"] == f"http://testserver{path}{query}"
    assert get(f"{path}{query}").status_code == 200


def test_assessments_are_narrowed_by_report_project_and_status() -> None:
    found = told("assessments?report=2023-12&report=2023-06&status=delayed&page_size=500")
    expected = Assessment.objects.filter(report__month__in=["2023-06", "2023-12"], status="delayed")
    assert found["count"] == expected.count()
    of_project = told("assessments?project=x-wal-tram-liege")["items"]
    assert {item["project"] for item in of_project} == {"x-wal-tram-liege"}


def test_a_draft_is_nobodys_business() -> None:
    before = told("assessments")["count"]
    draft = open_report(
        month="2024-06", closes_on=None, by=User.objects.create_user("ed", role="editor")
    )
    Assessment.objects.create(
        report=draft, milestone=Milestone.objects.get(code="157"), status="on-track"
    )
    assert told("assessments")["count"] == before
    refused("reports/2024-06", 404)
    for name in ("assessments", "projects", "figures", "milestones/157"):
        refused(f"{name}?report=2024-06", 400, "report")


@pytest.mark.parametrize("name", LISTS)
def test_beyond_the_last_page_there_are_no_items(name: str) -> None:
    page = told(f"{name}?page=9999999&page_size=500")
    assert (page["items"], page["next"]) == ([], None)
    assert page["count"] == told(name)["count"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"), ("lang=xx", "lang"), ("lang=fr&lang=nl", "lang"),
        ("page=0", "page"),
        ("page=two", "page"), ("page_size=0", "page_size"), ("page_size=501", "page_size"),
        ("page=%20", "page"), ("page_size=%D9%A2", "page_size"), ("%00=1", "\0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", LISTS)
def test_what_is_not_understood_is_named(name: str, query: str, parameter: str) -> None:
    problem = refused(f"{name}?{query}", 400, parameter)
    assert {"page", "page_size", "lang"} <= set(problem["known"])


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "allowed"), [("page_size=5000", "1 to 500"), ("page=0", "1 to 9999999")]
)
def test_a_page_that_cannot_be_is_answered_by_those_that_can(
    name: str, query: str, allowed: str
) -> None:
    detail = refused(f"{name}?{query}", 400, query.partition("=")[0])["detail"]
    assert detail.endswith(f"; allowed: one whole number from {allowed}")


@pytest.mark.parametrize("address", [*LISTS, *SINGLES, "docs"])
def test_a_slash_too_many_leads_to_the_address_without_it(address: str) -> None:
    response = get(f"{address}/?lang=fr&q=a%20b")
    assert (response.status_code, response.content) == (301, b"")
    assert response["Location"] == f"/api/v1/{address}?lang=fr&q=a%20b"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("projects?pillar=9", "pillar"), ("projects?budget_min=-1", "budget_min"),
        ("projects?q=???", "q"), ("projects?overdue=yes", "overdue"),
        ("milestones?due=2024-Q5", "due"),
        ("milestones?report=1999-12", "report"), ("milestones?sort=beauty", "sort"),
        ("pillars?report=2023-12", "report"), ("pillars/1?report=2023-12", "report"),
        ("projects/x-5g?pillar=1", "pillar"), ("assessments?status=not-reported", "status"),
        ("figures?report=x", "report"), ("figures/projects?page=1", "page"),
        ("projects?" + "&".join(["kind=reform"] * 41), "kind"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_as_in_the_export(address: str, parameter: str) -> None:
    refused(address, 400, parameter)


def test_what_a_form_leaves_empty_or_a_campaign_adds_does_no_harm() -> None:
    page = told("projects?q=&pillar=&budget_min=&lang=&page=&page_size=&utm_source=x")
    assert page["items"] == told("projects")["items"]
    earlier = told("projects?report=2022-04&report=")
    assert earlier["items"] == told("projects?report=2022-04")["items"]
    assert {item["report"] for item in earlier["items"]} == {"2022-04"}


@pytest.mark.parametrize(
    "address",
    ["nothing", "nothing/", "projects/zz", "projects//", "pillars/x", "pillars/" + "9" * 3000,
     "pillars/99", "figures/luck", "reports/2024-13", "authorities/%00", "/api/",
     "/api/v2/projects"],
)  # fmt: skip
def test_what_is_not_there_is_said_so_that_a_program_understands(address: str) -> None:
    refused(address, 404)


@settings(max_examples=150, phases=[Phase.explicit, Phase.generate])
@given(
    st.sampled_from([*LISTS, *SINGLES, *(f"{name}/{{}}" for name in LISTS)]),
    st.sampled_from(NASTY),
    st.lists(
        st.tuples(
            st.sampled_from([*PARAMETERS, "lang", "page_size", "scope", "milestone"]), values
        ),
        max_size=4,
    ),
)
def test_no_request_breaks_the_api(address: str, part: str, query: list[tuple[str, str]]) -> None:
    asked = "&".join(f"{name}={value}" for name, value in query)
    response = get(f"{address.format(part.replace('?', ''))}?{asked}")
    assert response.status_code in (200, 400, 404, 414)
    assert response.status_code == 200 or response["Content-Type"] == PROBLEM
    assert response["Access-Control-Allow-Origin"] == "*"


def test_more_parameters_than_anyone_reads_are_refused_in_the_same_form() -> None:
    refused("projects?" + "&".join(f"x{n}=1" for n in range(1100)), 414)


def test_an_answer_that_has_not_changed_is_not_sent_again() -> None:
    first = get("projects?lang=de")
    assert not first["ETag"].startswith("W/")
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["Content-Language"] == "de"
    again = get("projects?lang=de", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    Project.objects.filter(code=first.json()["items"][0]["code"]).update(budget=7)
    assert get("projects?lang=de", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_answer_does_not_depend_on_the_browsers_language() -> None:
    answers = [
        get("projects?page_size=3", headers={"Accept-Language": spoken}) for spoken in LANGUAGES
    ]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["Content-Language"] for answer in answers}) == 1
    assert all("Accept-Language" not in answer["Vary"] for answer in answers)


def test_head_says_what_get_would() -> None:
    full, head = get("milestones"), Client().head("/api/v1/milestones")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == full["ETag"]


@pytest.mark.parametrize("address", ["projects", "projects/x-5g", "openapi.json", "docs", "none"])
def test_any_site_may_ask_first(address: str) -> None:
    answer = Client().options(
        f"/api/v1/{address}",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["projects", "milestones/157", "docs", "openapi.json"])
def test_nothing_can_be_written(method: str, address: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", [*LISTS, *SINGLES, "docs", "openapi.json", "none", "x?y=z"])
def test_no_answer_sets_a_cookie_or_reads_one(address: str) -> None:
    response = get(address, headers={"Cookie": "sessionid=x; csrftoken=y"})
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_recipients_are_told_with_their_projects(recipient: Recipient) -> None:
    found = told(f"recipients/{recipient.identifier}")
    assert sorted(found.pop("projects")) == ["I-2.09", "x-5g"]
    assert found == {
        "name": "Example NV", "identifier": "BE0000000097", "amount": 1_000_000,
        "as_of": "2024-03-31", "source": None,
    }  # fmt: skip


def test_recipients_are_those_of_the_newest_day_unless_another_is_asked_for(
    recipient: Recipient,
) -> None:
    Recipient.objects.create(name="Older NV", identifier="BE1", amount=2, as_of="2023-03-31")
    assert [item["name"] for item in told("recipients")["items"]] == ["Example NV"]
    assert [i["name"] for i in told("recipients?as_of=2023-03-31")["items"]] == ["Older NV"]
    assert told("recipients?project=x-5g&sort=name")["count"] == 1
    assert told("recipients/BE1")["as_of"] == "2023-03-31"
    refused("recipients?as_of=2020-01-01", 400, "as_of")


def test_a_natural_person_is_in_no_answer(recipient: Recipient) -> None:
    NaturalRecipient.objects.create(
        name="Jo Zwijger", amount=3, as_of=recipient.as_of, paid_in=timezone.localdate().year
    )
    for address in ("recipients", "recipients?q=zwijger", "recipients?lang=nl", "openapi.json"):
        assert "Zwijger" not in get(address).content.decode()
    assert told("recipients")["count"] == 1


def test_the_document_says_what_every_field_and_parameter_is(recipient: Recipient) -> None:
    document = told_document()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        for name, field in schema["properties"].items():
            assert field["description"], name
            assert field["examples"], name
    for operations in document["paths"].values():
        for parameter in operations["get"]["parameters"]:
            assert parameter["description"]
            assert "example" in parameter
        assert {"200", "304", "400", "404"} <= set(operations["get"]["responses"])
    project = document["components"]["schemas"]["Project"]["properties"]
    assert project["budget"]["unit"] == "EUR"
    assert project["climate_contribution"]["unit"] == "%"
    assert project["budget"]["examples"][0] == told("projects")["items"][0]["budget"]


def told_document() -> Any:
    response = get("openapi.json")
    assert response["Content-Type"] == "application/json"
    return response.json()


def test_people_find_the_same_on_a_page_without_anything_from_elsewhere() -> None:
    response = get("docs", headers={"Accept-Language": "fr"})
    page = response.content.decode()
    assert '<html lang="en">' in page
    assert response["Content-Language"] == "en"
    for path in told_document()["paths"]:
        assert f"GET /api/v1{path}</code>" in page
    assert "version 1 stays for at least two years" in page
    assert "style=" not in page
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://(?!testserver)', page)
    assert get("/api/v1/").headers["Location"] == "/api/v1/docs"


def test_the_page_shows_requests_as_they_are_written_and_says_its_language() -> None:
    page = unescape(get("docs").content.decode())
    assert "<code>?pillar=1&pillar=2</code>" in page
    assert "<code>?lang=nl</code>" in page
    assert "`" not in page
    assert "The descriptions on this page are in English." in page
    for described in re.findall(r'<td lang="en">([^<]+)', page):
        assert not described[0].islower(), described
    french = get("/fr/donnees/").content.decode()
    assert 'href="/api/v1/docs" hreflang="en"' in french
    assert 'href="/api/v1/openapi.json" hreflang="en"' in french


def test_a_list_is_said_to_be_joined_in_exports() -> None:
    fields = told_document()["components"]["schemas"]["Project"]["properties"]
    assert fields["former_codes"]["description"].endswith("(a list; exports join it by ;)")
