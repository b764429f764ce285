"""Whatever is sent to the desk gets an answer, and nothing is written by it."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client

from milestones import actions
from milestones.models import Milestone, ProgressReport, User
from milestones.quarter import Quarter

pytestmark = pytest.mark.django_db
HUGE, NUL = "9" * 30, "\0"
MOVE = {"seen": "2022-Q4", **{f"reason_{code}": "Late." for code in ("nl", "fr", "de", "en")}}
ASKED = [
    ("/admin/assess/", {"authority": NUL, "task": NUL, "q": NUL, "page": HUGE}),
    ("/admin/assess/%00/", {}),
    ("/admin/move/%00/", {}),
    ("/admin/report/2099-12/", {}),
    (f"/admin/correct/{HUGE}/", {}),
    ("/admin/milestones/milestone/", {"q": NUL, "p": HUGE}),
    ("/admin/milestones/milestone/", {"project__pillar__id__exact": NUL}),
    ("/admin/auditlog/logentry/", {"doing": NUL, "actor__id__exact": HUGE}),
]
SENT: list[tuple[str, dict[str, Any]]] = [
    ("/admin/assess/", {}),
    ("/admin/assess/", {"row": [HUGE, "x", "-1", NUL], "sign": "1", "chosen": [HUGE, NUL]}),
    ("/admin/assess/", {"status": "done", "quarter": "9999-Q4", "achieved_value": "1e400"}),
    ("/admin/assess/", {"status": "delayed", "quarter": "2025-Q1", "note_en": NUL}),
    ("/admin/assess/", {"status": "delayed", "quarter": "2025-Q1", "evidence": "javascript:x()"}),
    ("/admin/assess/", {"status": NUL, "quarter": NUL, "seen": HUGE}),
    ("/admin/move/157/", {"due": NUL, "seen": NUL}),
    ("/admin/move/157/", {**MOVE, "due": "2999-Q1"}),
    ("/admin/move/157/", {**MOVE, "due": "2025-Q1", "document": "javascript:x()"}),
    ("/admin/report/", {"month": NUL, "closes_on": "0000-00-00"}),
    ("/admin/report/2024-06/", {"seen": NUL}),
    ("/admin/you/", {"language": "xx", "email": NUL}),
]


@pytest.fixture
def browser_of(editor: User, draft: ProgressReport, as_person: Callable[[User], Client]) -> Client:
    return as_person(editor)


@pytest.mark.parametrize(("address", "query"), ASKED)
def test_whatever_is_asked_is_answered(
    browser_of: Client, address: str, query: dict[str, str]
) -> None:
    assert browser_of.get(address, query).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize(("address", "form"), SENT)
def test_what_makes_no_sense_writes_nothing(
    browser_of: Client, address: str, form: dict[str, Any]
) -> None:
    pk = str(Milestone.objects.get(code="x-fla-blue-deal-4").pk)
    if address == "/admin/assess/" and "row" not in form:
        form = {"row": pk, **{f"m{pk}-{name}": value for name, value in form.items()}}
    before = LogEntry.objects.count()
    assert browser_of.post(address, form).status_code in (200, 302)
    assert LogEntry.objects.count() == before


def test_a_date_far_from_the_plan_is_refused(editor: User) -> None:
    milestone = Milestone.objects.select_related("project").get(code="157")
    why = dict.fromkeys(("nl", "fr", "de", "en"), "Late.")
    with pytest.raises(ValidationError, match="2019-Q3 to 2028-Q3"):
        actions.move_due(milestone=milestone, due=Quarter(2999, 1), reasons=why, by=editor)
