"""A figure is the same on its page, in the edition, brochure, API, files, charts and embedded."""

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any

import openpyxl
import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from milestones.figures import ALL_DEFINITIONS
from milestones.models import Edition, Status
from nextgen.brochure.making import contents, typeset
from nextgen.brochure.source import Source
from nextgen.templatetags.site import shown
from projects.figures import Figure, share

pytestmark = pytest.mark.django_db
MONTH = "2023-12"
Rows = list[dict[str, Any]]
# The values that the files and charts of the plan give by themselves, by figure.
Values = dict[str, int]


@pytest.fixture
def figures(client: Client) -> dict[str, Figure]:
    """The figures as their pages show them."""
    return {
        name: client.get(reverse("figure", args=[name])).context["figure"]
        for name in ALL_DEFINITIONS
    }


def of_csv(client: Client, name: str) -> Rows:
    text = client.get(reverse(f"{name}_export", args=["csv"])).content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def of_json(client: Client, name: str) -> Rows:
    items: Rows = client.get(reverse(f"{name}_export", args=["json"])).json()["items"]
    return items


def of_xlsx(client: Client, name: str) -> Rows:
    file = io.BytesIO(client.get(reverse(f"{name}_export", args=["xlsx"])).content)
    heading, *rows = openpyxl.load_workbook(file, read_only=True).worksheets[0].values
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def of_api(client: Client, name: str) -> Rows:
    items: Rows = client.get(f"/api/v1/{name}?page_size=500&lang=en").json()["items"]
    return items


def counted(projects: Rows, milestones: Rows) -> Values:
    """What anybody computes from the rows, by the formulas that the figures' pages tell."""
    known = [row for row in projects if row["budget"] not in (None, "")]
    budget = sum(int(row["budget"]) for row in known)
    found = {
        "total-budget": budget,
        "projects": len(projects),
        **{
            f"projects-{kind}": sum(row["kind"] == kind for row in projects)
            for kind in ("investment", "reform")
        },
        "milestones": len(milestones),
    }
    for objective in ("climate", "digital"):
        parts = [row for row in known if row[f"{objective}_contribution"] not in (None, "")]
        weighted = sum(int(row["budget"]) * int(row[f"{objective}_contribution"]) for row in parts)
        found[f"{objective}-share"] = share(weighted, 100 * budget) or 0
    statuses = Counter(row["status"] for row in milestones)
    assessed = len(milestones) - statuses[Status.NOT_REPORTED]
    for status in Status:
        found[f"milestones-{status}"] = statuses[status]
        if status != Status.NOT_REPORTED:
            found[f"milestones-{status}-share"] = share(statuses[status], assessed) or 0
    return found


@pytest.mark.parametrize("read", [of_csv, of_json, of_xlsx, of_api])
def test_the_rows_give_the_figures(
    client: Client, figures: dict[str, Figure], read: Callable[[Client, str], Rows]
) -> None:
    found = counted(read(client, "projects"), read(client, "milestones"))
    assert found == {name: figures[name].value for name in found}
    assert set(ALL_DEFINITIONS) - set(found) == {"milestones-overdue"}
    overdue = client.get(reverse("milestones_export", args=["json"]) + "?overdue=yes").json()
    assert overdue["count"] == figures["milestones-overdue"].value


def test_the_api_tells_the_figures(client: Client, figures: dict[str, Figure]) -> None:
    told = {each["name"]: each for each in client.get("/api/v1/figures").json()["items"]}
    assert {name: each["value"] for name, each in told.items()} == {
        name: figure.value for name, figure in figures.items()
    }
    of_edition = client.get(f"/api/v1/figures?report={MONTH}").json()["items"]
    assert {each["name"]: each["value"] for each in of_edition} == {
        name: figure.value for name, figure in figures.items()
    }


def test_the_edition_tells_the_figures(client: Client, figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        html = client.get(reverse("edition_figure", args=[name, MONTH])).content.decode()
        assert f'<data data-figure="{name}" value="{figure.value}"' in html
        cited = client.get(reverse("edition_figure_citation", args=[name, MONTH, "json"])).json()
        assert shown(figure) in cited[0]["title"], name
    kept = {row["name"]: row["value"] for row in Edition.objects.get(
        report__month=MONTH).figures if not row["scope"]}  # fmt: skip
    assert kept == {name: figure.value for name, figure in figures.items()}


def test_the_charts_tell_the_figures(client: Client, figures: dict[str, Figure]) -> None:
    def rows(chart: str) -> Rows:
        items: Rows = client.get(reverse("chart_data", args=[chart, "json"])).json()["items"]
        return items

    def drawn(chart: str, axis: str) -> int:
        plot = client.get(reverse("chart_drawing", args=[chart, "light"])).json()
        return sum(value or 0 for trace in plot["data"] for value in trace[axis])

    money = figures["total-budget"].value
    for chart, column in (
        ("money-by-pillar", "budget"),
        ("money-by-component", "budget"),
        ("money-by-authority", "amount"),
    ):
        assert sum(row[column] or 0 for row in rows(chart)) == money
        assert drawn(chart, "x") == money
    assert drawn("ways-of-the-money", "x") == money
    for objective in ("climate", "digital"):
        figure = figures[f"{objective}-share"]
        assert drawn(f"{objective}-by-project", "x") == figure.numerator
    last = rows("milestones-by-report")[-1]
    assert {name: last[name] for name in last if name.startswith("milestones-")} == {
        f"milestones-{status}": figures[f"milestones-{status}"].value for status in Status
    }
    embed = client.get(reverse("embed", args=["milestones-by-report"])).content.decode()
    for status in Status:
        value = figures[f"milestones-{status}"].value
        assert f'<data data-figure="milestones-{status}" value="{value}"' in embed


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_brochure_tells_the_figures(figures: dict[str, Figure], language: str) -> None:
    """As words are read out of the PDF, by another program than the one that set it."""
    source = Source(Edition.objects.get(report__month=MONTH))
    whole = [scope for scope in source.scopes if not scope.name]
    with override(language):
        (pdf,) = typeset(contents(source, whole, language))
        wanted = {name: shown(figure) for name, figure in figures.items()}
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        text = " ".join(page.extract_text() for page in opened.pages)
    read = re.sub(r"\s+", " ", text.replace("\u00a0", " "))
    missing = {
        name: value for name, value in wanted.items() if value.replace("\u00a0", " ") not in read
    }
    assert missing == {}


def test_the_database_tells_the_figures(client: Client, figures: dict[str, Figure]) -> None:
    with closing(sqlite3.connect(":memory:")) as whole:
        whole.deserialize(client.get("/data/nextgen-belgium.sqlite").content)
        (budget,) = whole.execute(
            "SELECT SUM(budget) FROM projects WHERE joined <= '2023-12-31'"
            ' AND ("left" IS NULL OR "left" > \'2023-12-31\')'
        ).fetchone()
    assert Decimal(budget) == figures["total-budget"].value
    assert json.loads(client.get("/api/v1/figures/total-budget").content)["value"] == budget
