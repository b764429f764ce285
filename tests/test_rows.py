"""A row is drawn once for a state of the plan, and one that went meanwhile breaks no page."""

import pytest

from nextgen.pages.rows import drawn
from projects.models import Project

pytestmark = pytest.mark.django_db


def test_a_row_that_was_taken_away_meanwhile_is_left_out() -> None:
    project = Project.objects.get(code="I-2.09")
    shown = [(project.pk, {"project": project, "split": None, "outcomes": {}})]
    page = drawn([project.pk, 0], "a list", "parts/project_row.html", lambda _keys: shown)
    assert page.count("<li ") == 1
