"""A chart shows the figures of the plan, and is the same in its table, CSV, picture and drawing."""

import csv
import hashlib
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from milestones.figures import plan_figures
from milestones.models import Change, Edition, ProgressReport, Status
from nextgen.charts import CHARTS, LABELS
from nextgen.charts import make as make_of
from nextgen.charts.chart import Chart
from nextgen.charts.colours import COLOURS
from nextgen.charts.picture import svg
from nextgen.charts.plotted import plotted
from nextgen.charts.scope import Scope
from projects.models import Pillar, Project
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "fr", "de", "en")
SVG = "{http://www.w3.org/2000/svg}"


def make(name: str, report: ProgressReport) -> Chart:
    return make_of(name, Scope.of(report))


@pytest.fixture
def report() -> ProgressReport:
    found = ProgressReport.objects.current()
    assert found
    return found


@pytest.fixture(params=CHARTS)
def chart(request: pytest.FixtureRequest, report: ProgressReport) -> Chart:
    return make(request.param, report)


def drawn(chart: Chart) -> list[list[int | None]]:
    """The values that a chart draws, a list a series."""
    return [[row.cells[place].value for row in chart.drawn_rows] for place, _s in chart.drawn]


def test_the_press_kit_names_every_chart_without_making_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(LABELS) == list(CHARTS)
    for name in CHARTS:
        monkeypatch.setitem(CHARTS, name, None)
    page = client.get("/en/data/").content.decode()
    for name, label in LABELS.items():
        assert f'<a href="/en/charts/{name}/">{label}</a>' in page
        assert f'href="/en/charts/{name}/picture.svg"' in page


def test_money_adds_up_to_the_plan(report: ProgressReport) -> None:
    total = plan_figures(report)["total-budget"].value
    for name in ("money-by-pillar", "money-by-component", "money-by-authority"):
        chart = make(name, report)
        assert chart.totals[0] == total, name
        assert sum(value or 0 for value in drawn(chart)[0]) == total, name
    ways = make("ways-of-the-money", report)
    assert sum(value or 0 for value in ways.totals) == total


@pytest.mark.parametrize("objective", ["climate", "digital"])
def test_the_share_can_be_recomputed_from_the_chart(report: ProgressReport, objective: str) -> None:
    figure = plan_figures(report)[f"{objective}-share"]
    chart = make(f"{objective}-by-project", report)
    assert chart.totals[0] == figure.numerator
    assert f"{figure.value}" in chart.title
    for row in chart.rows:
        counted, budget, contribution = (cell.value or 0 for cell in row.cells)
        assert counted == budget * contribution // 100
    assert sum(value or 0 for value in drawn(chart)[0]) == figure.numerator


def test_progress_is_that_of_the_reports(report: ProgressReport) -> None:
    now = plan_figures(report)
    by_report = make("milestones-by-report", report)
    assert [cell.value for cell in by_report.rows[-1].cells] == [
        now[f"milestones-{status}"].value
        for status in ("done", "on-track", "delayed", "not-reported")
    ]
    pace = make("planned-and-actual", report)
    assert pace.rows[-1].cells[0].value == now["milestones"].value
    assert max(row.cells[2].value or 0 for row in pace.rows) == now["milestones-done"].value
    slipped = make("slippage", report)
    assert sum(row.cells[0].value or 0 for row in slipped.rows) <= (now["milestones"].value or 0)


def test_an_earlier_report_is_charted_as_of_its_day() -> None:
    first = ProgressReport.objects.get(month="2022-10")
    assert [row.code for row in make("milestones-by-report", first).rows] == ["2022-04", "2022-10"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_one_chart_in_every_form(client: Client, name: str, language: str) -> None:
    with override(language):
        made = make(name, ProgressReport.objects.get(month="2023-12"))
        page, embed = reverse("chart", args=[name]), reverse("embed", args=[name])
        data, picture = (
            reverse("chart_data", args=[name, "csv"]),
            reverse("chart_picture", args=[name]),
        )
        drawing = reverse("chart_drawing", args=[name, "dark"])
        rows = list(csv.reader(io.StringIO(client.get(data).content.decode())))
        figure = client.get(drawing).json()
        values = drawn(made)
    assert rows[0] == [made.key, "label", *(series.name for series in made.series), "as_of"]
    assert [row[0] for row in rows[1:]] == [str(row.code) for row in made.rows]
    assert [row[2:-1] for row in rows[1:]] == [
        ["" if cell.value is None else str(cell.value) for cell in row.cells] for row in made.rows
    ]
    axis = "x" if made.kind == "bars" else "y"
    assert [trace[axis] for trace in figure["data"]] == values
    for path in (page, embed):
        html = client.get(path).content.decode()
        assert html.count('<figure class="chart"') == 1
        assert len(re.findall(r"<tr[^>]*><th scope=\"row\">", html)) == len(made.rows) + made.total
    parsed = ElementTree.fromstring(client.get(picture).content)  # noqa: S314 - our own picture
    assert parsed.findtext(f"{SVG}title") == made.title
    words = [text.text for text in parsed.iter(f"{SVG}text")]
    assert made.source in words
    if made.kind == "bars":
        assert all(row.label in " ".join(str(word) for word in words) for row in made.drawn_rows)


def test_every_bar_opens_its_selection(client: Client, chart: Chart) -> None:
    for row in chart.rows[:8]:
        if row.address:
            response = client.get(row.address)
            assert response.status_code == 200
            assert not getattr(response.context.get("selection"), "unknown", ()), row.address


def test_a_bar_stands_for_the_projects_it_opens(client: Client, report: ProgressReport) -> None:
    for name in ("money-by-pillar", "money-by-component"):
        for row in make(name, report).rows:
            opened = client.get(row.address).context["selection"].matches
            assert opened.count() == row.cells[1].value, row.address


def test_a_chart_of_a_selection_is_of_its_projects_alone(client: Client) -> None:
    path = "/en/charts/money-by-component/data.csv?pillar=1&kind=investment"
    rows = list(csv.DictReader(io.StringIO(client.get(path).content.decode())))
    chosen = Project.objects.filter(pillar__number=1, kind="investment")
    assert sum(int(row["budget"] or 0) for row in rows) == sum(
        project.budget or 0 for project in chosen if project.left is None
    )


@pytest.mark.parametrize("form", ["light.json", "data.csv", "picture.svg"])
def test_a_wrong_filter_is_named(client: Client, form: str) -> None:
    answer = client.get(f"/en/charts/slippage/{form}?pillar=99")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["parameters"] == ["pillar"]


def test_a_page_of_charts_names_a_wrong_filter_and_goes_on(client: Client) -> None:
    for path in ("/en/charts/", "/en/charts/slippage/", "/en/embed/slippage/"):
        html = client.get(f"{path}?pillar=99").content.decode()
        assert "<q>99</q> of <code>pillar</code>" in html
        assert '<figure class="chart"' in html
    assert client.get("/en/charts/shoe-sizes/").status_code == 404


def test_only_an_embedded_chart_may_be_framed(client: Client) -> None:
    embed = client.get("/fr/integrer/slippage/")
    assert embed.status_code == 200
    assert "frame-ancestors *" in embed.headers["Content-Security-Policy"]
    assert "unsafe" not in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
    assert embed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    page = client.get("/fr/graphiques/slippage/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_the_snippet_frames_the_chart_of_this_selection(client: Client) -> None:
    html = client.get("/en/charts/money-by-component/?pillar=1&authority=FLA").content.decode()
    found = re.search(r"&lt;iframe src=\"([^\"]+)\"", html)
    assert found
    address = unescape(unescape(found[1]))
    assert address.startswith("http://testserver/en/embed/money-by-component/?")
    assert client.get(address).context["selection"].filters() == "?pillar=1&authority=FLA"


def test_what_is_reconstructed_is_said_on_every_form(chart: Chart) -> None:
    assert chart.reconstructed == ("reconstructed" in chart.source)
    assert chart.source in svg(chart)


def test_the_drawing_carries_no_style_that_the_policy_forbids(chart: Chart) -> None:
    """plotly.js turns tags in a text into style attributes."""
    described = json.dumps(plotted(chart))
    assert not re.search(r"<(?!br>|extra>|/extra>)", described)


def test_a_plan_without_money_or_reports_is_charted(report: ProgressReport) -> None:
    nothing = Project.objects.none()
    for name in CHARTS:
        chart = make_of(name, Scope.of(report, lambda _report: nothing, name="selection"))
        assert chart.title
        assert svg(chart).startswith("<svg")
        assert plotted(chart)["layout"]


def test_the_colours_are_those_of_the_stylesheet() -> None:
    css = (ROOT / "static/css/base.css").read_text()
    for name, pair in COLOURS.items():
        word = "--pillar" if name.startswith("pillar-") else f"--{name}"
        place = rf"\.{name} \{{ " if name.startswith("pillar-") else ""
        found = re.search(rf"{place}{word}: light-dark\((#\w+), (#\w+)\)", css)
        assert found, name
        assert found.groups() == pair, name


def test_plotly_is_the_library_it_says_it_is() -> None:
    folder: Path = ROOT / "static/vendor"
    said: dict[str, Any] = json.loads((folder / "plotly-basic.json").read_text())
    script = (folder / "plotly-basic.min.js").read_bytes()
    assert hashlib.sha256(script).hexdigest() == said["sha256"]
    assert f"v{said['version']}".encode() in script[:200]
    assert said["licence"] in (folder / "plotly-basic.LICENSE.txt").read_text()


def test_the_gallery_shows_every_chart_offline(tmp_path: Path) -> None:
    call_command("charts", str(tmp_path), stdout=io.StringIO())
    page = (tmp_path / "index.html").read_text()
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == len(CHARTS) * len(LANGUAGES)
    for picture in pictures:
        assert (tmp_path / picture).read_text().startswith("<svg")


def test_a_name_cannot_break_out_of_the_snippet_or_the_drawing(client: Client) -> None:
    Pillar.objects.filter(number=1).update(name_en='A" onload="alert(1) <b>&')
    html = client.get("/en/charts/money-by-pillar/").content.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert found
    frame = ElementTree.fromstring(unescape(found[1]).replace("></iframe>", "/>"))  # noqa: S314
    assert set(frame.attrib) == {"src", "title", "width", "height", "style", "loading"}
    assert 'A" onload="alert(1) <b>&' in frame.attrib["title"]
    drawing = client.get("/en/charts/money-by-pillar/light.json").content.decode()
    assert "<b>" not in drawing


def test_what_is_not_published_is_not_told_as_zero(report: ProgressReport) -> None:
    Project.objects.update(budget=None)
    for name in ("climate-by-project", "digital-by-project", "money-by-pillar"):
        chart = make(name, report)
        assert "€" not in chart.title
        assert "%" not in chart.title
        assert chart.totals[0] is None


def test_a_part_is_told_as_its_editions_tell_it(client: Client) -> None:
    """Also of a project that has left since."""
    gone = Project.objects.filter(pillar__number=1, milestones__isnull=False).first()
    assert gone
    Project.objects.filter(pk=gone.pk).update(left="2023-11-01", left_reason_en="It ended.")
    path = "/en/charts/milestones-by-report/data.json?pillar=1"
    told = {row["report"]: row for row in client.get(path).json()["items"]}
    assert list(told) == ["2022-04", "2022-10", "2023-06", "2023-12"]
    kept = {
        row["name"]: row["value"]
        for row in Edition.objects.get(report__month="2023-06").figures
        if row["scope"] == "pillar-1"
    }
    for status in Status:
        name = f"milestones-{status}"
        assert told["2023-06"][name] == kept[name]


def test_projects_without_a_component_are_in_the_total(report: ProgressReport) -> None:
    Project.objects.filter(component__code="1.1").update(component=None)
    chart = make("money-by-component", report)
    assert chart.totals[0] == plan_figures(report)["total-budget"].value
    assert next(row for row in chart.rows if row.code == "none").address == ""
    ways = make("ways-of-the-money", report)
    assert all(row.address for row in ways.rows if row.code != "none")


def test_links_say_what_the_rows_count_or_nothing(client: Client) -> None:
    rows = client.get("/en/charts/milestones-by-report/?contributes=digital").context["chart"].rows
    assert {cell.address for row in rows for cell in row.cells} == {""}
    rows = client.get("/en/charts/milestones-by-report/?pillar=1").context["chart"].rows
    for cell in rows[-1].cells:
        assert client.get(cell.address).context["selection"].matches.count() == cell.value


def test_an_embedded_chart_says_when_its_edition_was_corrected(client: Client) -> None:
    page = client.get("/en/embed/money-by-pillar/").content.decode()
    edition = Edition.objects.get(report__month="2023-12")
    assert f"Edition {edition.short_hash}" in page
    Change.objects.create(
        number=9999, made_on=timezone.localdate(), kind="correction", record_type="project",
        record="x-5g", field="budget", old="1", new="2", reason_en="It was wrong.", role="editor",
    )  # fmt: skip
    page = client.get("/en/embed/money-by-pillar/").content.decode()
    assert f"edition {edition.short_hash}, corrected since" in page
