"""Nothing is hard-wired: the plan of an invented country works as well."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from milestones.figures import ALL_DEFINITIONS
from milestones.models import (
    Milestone,
    ProgressReport,
)
from nextgen.api.resources import RESOURCES
from nextgen.package.reading import read
from projects.models import (
    Authority,
    Pillar,
    Plan,
    Project,
)
from tests.minimal import MINIMAL, import_minimal_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan(db: None) -> Plan:
    """The minimal plan in place of the Belgian one, until the test is rolled back."""
    import_minimal_plan()
    return Plan.objects.get()


def addresses() -> list[str]:
    """Every page of the plan, in the language in force."""
    reports = [report.month for report in ProgressReport.objects.published()]
    return [
        *(
            reverse(name)
            for name in (
                "home", "plan", "projects", "projects_feed", "milestones", "milestones_feed",
                "progress", "figures", "changes", "changes_feed", "recipients", "accessibility",
                "privacy",
            )
        ),
        *(
            reverse(f"{name}_export", args=[form])
            for name in ("projects", "milestones", "changes", "recipients")
            for form in ("csv", "json")
        ),
        *(reverse("project", args=[project.code]) for project in Project.objects.all()),
        *(reverse("milestone", args=[each.code]) for each in Milestone.objects.all()),
        *(reverse("pillar", args=[pillar.slug]) for pillar in Pillar.objects.all()),
        *(reverse("authority", args=[each.code]) for each in Authority.objects.all()),
        *(reverse("report", args=[month]) for month in reports),
        reverse("comparison", args=[reports[0], reports[-1]]),
        reverse("comparison_export", args=[reports[0], reports[-1], "csv"]),
        reverse("comparison_feed", args=[reports[0], reports[-1]]),
        *(reverse("figure", args=[name]) for name in ALL_DEFINITIONS),
        reverse("api_docs"), reverse("openapi"),
        *(f"/api/v1/{resource.name}" for resource in RESOURCES),
    ]  # fmt: skip


def test_every_page_answers_in_the_languages_of_the_plan(plan: Plan, client: Client) -> None:
    for language in plan.language_codes:
        with translation.override(language):
            for address in addresses():
                answer = client.get(address)
                assert answer.status_code == 200, address
                assert "Belg" not in answer.content.decode().replace("Belgian money", ""), address


def test_a_language_that_the_plan_does_not_speak_has_no_pages(plan: Plan, client: Client) -> None:
    assert "nl" not in plan.language_codes
    assert client.get("/nl/").status_code == 404
    assert client.get("/nl/projecten/").status_code == 404


def test_the_api_knows_the_languages_of_the_plan_and_no_other(plan: Plan, client: Client) -> None:
    project = client.get("/api/v1/projects").json()["items"][0]
    assert [f"title_{code}" for code in plan.language_codes] == [
        name for name in project if name.startswith("title_")
    ]
    assert client.get("/api/v1/projects?lang=nl").status_code == 400
    assert b"title_nl" not in client.get("/api/v1/openapi.json").content.split(b"components")[-1]


def test_home_shows_the_projects_that_sit_in_no_pillar(client: Client) -> None:
    crossing = Project.objects.filter(pillar=None).count()
    assert crossing
    page = client.get("/en/").content.decode()
    assert 'href="/en/projects/?pillar=none"' in page
    listed = client.get("/en/projects/?pillar=none").content.decode()
    assert f'data-results value="{crossing}"' in listed


def test_what_is_not_published_is_not_zero(client: Client) -> None:
    project = Project.objects.filter(budget=None).first()
    assert project
    page = client.get(f"/en/projects/{project.code}/").content.decode()
    assert "not published" in page
    assert "€0" not in page


def test_milestones_that_no_report_speaks_of_are_counted_as_such(client: Client) -> None:
    page = client.get("/en/milestones/?status=not-reported").content.decode()
    assert 'data-status="not-reported"' in page
    assert 'data-results value="0"' not in page


def test_its_files_bear_its_own_name(plan: Plan, client: Client) -> None:
    page = client.get("/fr/donnees/").content.decode()
    for form in ("zip", "xlsx", "sqlite"):
        answer = client.get(f"/data/lorvania-recovers.{form}")
        assert answer.status_code == 200
        assert f'filename="lorvania-recovers.{form}"' in answer["Content-Disposition"]
        assert client.get(f"/data/nextgen-belgium.{form}").status_code == 404
        assert f'href="/data/lorvania-recovers.{form}"' in page
    setattr(plan, "name_en", "Λ")  # noqa: B010 - a column that only Django knows
    plan.save()
    assert client.get("/data/lor.zip").status_code == 200


def test_the_package_is_read_without_a_fault() -> None:
    assert read(MINIMAL).languages == ["fr", "en"]


def test_a_correction_that_came_with_the_plan_stands_beside_what_it_corrects(
    client: Client,
) -> None:
    page = client.get("/en/progress/2023-12/").content.decode()
    assert "It had come into use in November." in page.split('id="changed"')[1]
    assert '<span class="corrected">corrected since: ' in page
