"""A figure has one value wherever it stands, and reads the same on every page of a language."""

import re
from collections import defaultdict
from html import unescape
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from milestones.figures import ALL_DEFINITIONS
from milestones.models import ProgressReport
from nextgen.charts import CHARTS
from projects.models import Authority, Pillar

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "fr", "de", "en")
FIGURE = re.compile(
    r'<data data-figure="(?P<name>[^"]+)" value="(?P<value>[^"]*)"'
    r'(?: data-scope="(?P<scope>[^"]*)")?(?: data-report="(?P<report>[^"]*)")?>'
    r"(?P<text>[^<]*)</data>"
)


def pages(language: str) -> list[str]:
    """The pages that show figures, in one language."""
    months = list(ProgressReport.objects.published().values_list("month", flat=True))
    with override(language):
        return [
            *(reverse(name) for name in ("home", "plan", "progress", "figures")),
            *(reverse("pillar", args=[pillar.slug]) for pillar in Pillar.objects.all()),
            *(reverse("authority", args=[body.code]) for body in Authority.objects.all()),
            *(reverse("report", args=[month]) for month in months),
            *(reverse("comparison", args=[a, b]) for a, b in pairwise(months)),
            # Each figure's own page in one of the languages; all of them stand in `figures`.
            *(
                reverse(route, args=arguments)
                for name in [*ALL_DEFINITIONS][LANGUAGES.index(language) :: len(LANGUAGES)]
                for route, arguments in (("figure", [name]), ("edition_figure", [name, months[0]]))
            ),
            *(reverse(name) for name in ("projects", "milestones", "charts")),
            *(reverse("embed", args=[name]) for name in CHARTS),
        ]


def test_one_value_and_one_text_a_language(client: Client) -> None:
    values: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    texts: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for language in LANGUAGES:
        for path in pages(language):
            response = client.get(path)
            assert response.status_code == 200, path
            for found in FIGURE.finditer(response.content.decode()):
                name, value, scope, report, text = found.groups("")
                if not scope.startswith("selection"):
                    values[name, scope, report].setdefault(value, path)
                    texts[language, name, scope, report].setdefault(unescape(text), path)
    assert {figure: said for figure, said in values.items() if len(said) > 1} == {}
    assert {figure: said for figure, said in texts.items() if len(said) > 1} == {}
    assert len(values) > 200
    assert {name for name, scope, report in values if not scope and not report} == set(
        ALL_DEFINITIONS
    )
    assert values["total-budget", "", ""].keys() == {"6600000000"}


def test_a_list_of_everything_shows_the_figures_of_the_plan(client: Client) -> None:
    for path, name in (("projects", "total-budget"), ("milestones", "milestones-done")):
        found = FIGURE.findall(client.get(f"/en/{path}/").content.decode())
        here = {value for figure, value, *_rest in found if figure == name}
        assert here == {
            value
            for figure, value, scope, *_rest in FIGURE.findall(client.get("/en/").content.decode())
            if figure == name and not scope
        }
