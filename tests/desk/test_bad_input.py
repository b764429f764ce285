"""Whatever is sent to the desk gets an answer, and nothing is written by it."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from milestones import actions
from milestones.models import Assessment, Milestone, ProgressReport, User
from milestones.quarter import Quarter
from projects.models import Project

pytestmark = pytest.mark.django_db
HUGE, NUL, BELL = "9" * 30, "\0", "a\x07b"
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
    ("/admin/assess/", {"status": "delayed", "quarter": "2025-Q1", "note_en": BELL}),
    ("/admin/assess/", {"status": "delayed", "quarter": "2025-Q1", "evidence": "javascript:x()"}),
    ("/admin/assess/", {"status": "on-track", "evidence": f"https://example.org/{BELL}"}),
    ("/admin/assess/", {"status": NUL, "quarter": NUL, "seen": HUGE}),
    ("/admin/move/157/", {"due": NUL, "seen": NUL}),
    ("/admin/move/157/", {**MOVE, "due": "2999-Q1"}),
    ("/admin/move/157/", {**MOVE, "due": "2025-Q1", "document": "javascript:x()"}),
    ("/admin/move/157/", {**MOVE, "due": "2025-Q1", "reason_en": BELL}),
    ("/admin/move/157/", {**MOVE, "due": "2025-Q1", "document": f"https://example.org/{BELL}"}),
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


def test_the_reason_of_a_correction_holds_no_control_character(
    browser_of: Client, editor: User
) -> None:
    said = Assessment.objects.filter(status="on-track").as_corrected().first()
    assert said
    sent = {f"m{said.milestone.pk}-{name}": value for name, value in (
        ("status", "on-track"), ("note_en", "x"), ("note_fr", "x"), ("note_nl", "x"),
        ("note_de", "x"), ("why", BELL),
    )}  # fmt: skip
    answer = browser_of.post(f"/admin/correct/{said.pk}/", sent)
    assert "control character U+0007" in answer.content.decode()
    assert not Assessment.objects.filter(corrects=said).exists()


def takes(model: Any, name: str, field: forms.Field, text: str) -> bool:
    """Whether a field of a form over this model takes a text."""
    try:
        value = field.clean(text)
        if name in {each.name for each in model._meta.fields}:
            model._meta.get_field(name).clean(value, None)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("role", ["editor", "administrator"])
@pytest.mark.parametrize("sign", ["\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff"])
def test_no_text_that_is_typed_takes_a_control_character(
    person: Callable[..., User], rf: RequestFactory, role: str, sign: str
) -> None:
    """Neither a feed nor a picture could hold it, nor would an import take it back."""
    request, asked = rf.get("/"), 0
    request.user = person(role, name="somebody")
    for model, desk in admin.site._registry.items():
        if not (desk.has_add_permission(request) or desk.has_change_permission(request)):
            continue
        form: Any = desk.get_form(request)
        texts = {
            name: field for name, field in form().fields.items()
            if isinstance(field, forms.CharField) and "password" not in name
        }  # fmt: skip
        wrong = [name for name, each in texts.items() if takes(model, name, each, f"a{sign}b")]
        assert wrong == [], model
        asked += len(texts)
    assert asked > (50 if role == "editor" else 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("two\nlines", "Write it on one line, without tabs."),
        ("a\tb", "Write it on one line, without tabs."),
        ("a\x0bb", "It holds the control character U+000B, which nobody sees: remove it."),
    ],
)
def test_a_text_of_one_line_has_no_other(text: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Project(title_en=text).clean_fields()
    assert refused.value.message_dict["title_en"] == [told]
    Project._meta.get_field("description_en").run_validators("two\r\n\tlines")


def test_a_date_far_from_the_plan_is_refused(editor: User) -> None:
    milestone = Milestone.objects.select_related("project").get(code="157")
    why = dict.fromkeys(("nl", "fr", "de", "en"), "Late.")
    with pytest.raises(ValidationError, match="2019-Q3 to 2028-Q3"):
        actions.move_due(milestone=milestone, due=Quarter(2999, 1), reasons=why, by=editor)
