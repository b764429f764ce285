"""A draft becomes the report that everybody reads, once and for good; errors are corrected."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from milestones import actions
from milestones.editions import PLAN, as_published
from milestones.models import (
    Assessment,
    Change,
    Edition,
    Milestone,
    ProgressReport,
    PublishedFigure,
    User,
)
from milestones.preview import state_of
from milestones.quarter import Quarter
from nextgen.package.reading import read
from nextgen.publishing import pack

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]
PREVIEW = "/admin/report/2024-06/"


@pytest.fixture
def filled(draft: ProgressReport, editor: User) -> ProgressReport:
    """The draft with every milestone signed as unchanged, and one newly done."""
    milestones = Milestone.objects.in_plan(draft).select_related("project")
    actions.sign_unchanged(milestones=milestones, report=draft, by=editor)
    actions.assess(
        milestone=milestones.get(code="x-fla-blue-deal-4"),
        report=draft,
        words={"status": "done", "done_quarter": Quarter(2024, 2)},
        by=editor,
    )
    return draft


def publish(report: ProgressReport, by: User, **more: Any) -> Edition:
    return actions.publish(report=report, by=by, pack=pack, **more)


def test_the_editor_sees_the_whole_report_before_it_exists(
    filled: ProgressReport, editor: User, as_person: AsPerson
) -> None:
    moved = Milestone.objects.select_related("project").get(code="157")
    why = dict.fromkeys(("nl", "fr", "de", "en"), "The parliament was dissolved.")
    actions.move_due(milestone=moved, due=Quarter(2025, 1), reasons=why, by=editor)
    page = as_person(editor).get(PREVIEW).content.decode()
    assert "The parliament was dissolved." in page
    assert 'data-figure="milestones-done" value="139"' in page  # the draft
    assert 'data-figure="milestones-done" value="138"' in page  # the report before
    assert "410 of 410 assessed" in page
    assert "x-fla-blue-deal-4" in page
    assert 'value="139"' not in Client().get("/en/").content.decode()


def test_published_it_is_current_and_frozen_and_told(filled: ProgressReport, editor: User) -> None:
    edition = publish(filled, editor)
    assert ProgressReport.objects.current() == filled
    assert as_published(edition)[PLAN]["milestones-done"].value == 139
    assert as_published(edition)["lead-FLA"]["milestones-done"].value == 33
    line = Change.objects.first()
    assert line
    assert (line.record_type, line.record, line.new, line.role) == (
        "report", "2024-06", "published", "editor",
    )  # fmt: skip
    assert 'value="139"' in Client().get("/en/").content.decode()


def test_the_edition_holds_the_plan_of_that_day_with_its_hash(
    filled: ProgressReport, editor: User, tmp_path: Path
) -> None:
    edition = publish(filled, editor)
    assert edition.package
    assert hashlib.sha256(edition.package).hexdigest() == edition.sha256
    with zipfile.ZipFile(io.BytesIO(edition.package)) as archive:
        assert "2024-06,published" in archive.read("reports.csv").decode()
    file = tmp_path / "edition.zip"
    file.write_bytes(edition.package)
    said = [row for row in read(file).tables["assessments"] if row["report"] == "2024-06"]
    assert len(said) == 410


def test_only_an_editor_publishes(
    filled: ProgressReport, person: Callable[..., User], as_person: AsPerson
) -> None:
    for role, authority in (("coordinator", "FLA"), ("auditor", ""), ("administrator", "")):
        somebody = person(role, authority)
        with pytest.raises(PermissionDenied):
            publish(filled, somebody)
        sent = {"seen": state_of(filled)}
        assert as_person(somebody).post(PREVIEW, sent).status_code in (200, 403)
        filled.refresh_from_db()
        assert filled.state == "draft"


def test_two_publishers_one_wins_and_the_other_is_told(
    filled: ProgressReport, editor: User, as_person: AsPerson
) -> None:
    seen = state_of(filled)
    first, second = as_person(editor), as_person(editor)
    first.post(PREVIEW, {"seen": seen})
    answer = second.post(PREVIEW, {"seen": seen}, follow=True)
    assert "The report 2024-06 was published" in answer.content.decode()
    assert Edition.objects.filter(report=filled).count() == 1
    assert Change.objects.filter(record_type="report").count() == 1


def test_what_the_publisher_did_not_see_is_not_published(
    filled: ProgressReport, editor: User, coordinator: User
) -> None:
    seen = state_of(filled)
    late = Milestone.objects.select_related("project").get(code="x-fla-blue-deal-4")
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 1)}
    actions.assess(milestone=late, report=filled, words=words, by=coordinator)
    with pytest.raises(ValidationError, match="changed since you looked"):
        publish(filled, editor, seen=seen)
    publish(filled, editor, seen=state_of(filled))


def test_a_contradiction_is_mended_or_explained_first(filled: ProgressReport, editor: User) -> None:
    other = PublishedFigure.objects.create(
        report=filled, figure="milestones-done", value=150, source="https://example.org/news"
    )
    with pytest.raises(ValidationError, match="150"):
        publish(filled, editor)
    other.explanation_en = "Counts what is almost done."
    other.save()
    with pytest.raises(ValidationError, match="150"):  # the other languages are missing
        publish(filled, editor)
    for code in ("nl", "fr", "de"):
        setattr(other, f"explanation_{code}", "…")
    other.save()
    publish(filled, editor)
    assert "Counts what is almost done." in Client().get("/en/progress/2024-06/").content.decode()


def test_a_note_that_lacks_a_language_is_told_before_it_is_published(
    filled: ProgressReport, editor: User, as_person: AsPerson
) -> None:
    said = Assessment.objects.get(report=filled, milestone__code="x-fla-blue-deal-4")
    said.note_nl = said.note_fr = said.note_de = ""
    said.note_en = "Half is built."
    said.save()
    told = "The note of x-fla-blue-deal-4 lacks a language of the plan."
    assert told in as_person(editor).get(PREVIEW).content.decode()
    with pytest.raises(ValidationError, match=told):
        publish(filled, editor)


def test_an_empty_report_is_not_published(draft: ProgressReport, editor: User) -> None:
    with pytest.raises(ValidationError, match="Nothing is assessed"):
        publish(draft, editor)


def test_a_publication_that_fails_leaves_a_draft(filled: ProgressReport, editor: User) -> None:
    def full_disk() -> bytes:
        raise OSError("No space left on device")

    lines = Change.objects.count()
    with pytest.raises(OSError, match="No space"):
        actions.publish(report=filled, by=editor, pack=full_disk)
    filled.refresh_from_db()
    assert filled.state == "draft"
    assert not Edition.objects.filter(report=filled).exists()
    assert Change.objects.count() == lines


def test_a_correction_is_a_new_version_and_the_edition_keeps_its_word(
    filled: ProgressReport, editor: User
) -> None:
    edition = publish(filled, editor)
    wrong = Assessment.objects.get(report=filled, milestone__code="x-fla-blue-deal-4")
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 1)}
    new = actions.correct(assessment=wrong, words=words, why="Only half is built.", by=editor)
    assert (new.version, new.corrects) == (2, wrong)
    edition.refresh_from_db()
    assert as_published(edition)[PLAN]["milestones-done"].value == 139
    assert 'value="138"' in Client().get("/en/").content.decode()
    told = Change.objects.filter(record="x-fla-blue-deal-4", kind="correction")
    assert ("status 2024-06", "done", "delayed") in told.values_list("field", "old", "new")
    with pytest.raises(actions.ConflictError):
        actions.correct(assessment=wrong, words=words, why="Twice.", by=editor)


def test_a_correction_says_why_and_changes_something(filled: ProgressReport, editor: User) -> None:
    publish(filled, editor)
    said = Assessment.objects.get(report=filled, milestone__code="x-fla-blue-deal-4")
    with pytest.raises(ValidationError, match="why"):
        actions.correct(assessment=said, words={"note_en": "New."}, why=" ", by=editor)
    with pytest.raises(ValidationError, match="Nothing differs"):
        actions.correct(assessment=said, words={"status": "done"}, why="No reason.", by=editor)


def test_the_editor_corrects_on_a_page(
    filled: ProgressReport, editor: User, as_person: AsPerson
) -> None:
    publish(filled, editor)
    said = Assessment.objects.select_related("milestone").get(
        report=filled, milestone__code="x-fla-blue-deal-4"
    )
    prefix = f"m{said.milestone_id}"
    sent = {f"{prefix}-status": "delayed", f"{prefix}-quarter": "2025-Q1",
            f"{prefix}-why": "Only half is built."}  # fmt: skip
    assert as_person(editor).post(f"/admin/correct/{said.pk}/", sent).status_code == 302
    newest = Assessment.objects.as_corrected().get(report=filled, milestone=said.milestone)
    assert (newest.status, newest.expected) == ("delayed", Quarter(2025, 1))


def test_a_report_is_opened_once_and_later_than_all_before(
    editor: User, draft: ProgressReport
) -> None:
    for month in ("2023-06", "2024-06", "2024-12"):
        with pytest.raises(ValidationError):
            actions.open_report(month=month, closes_on=None, by=editor)


def test_the_next_report_is_offered_by_its_promised_month(
    editor: User, as_person: AsPerson
) -> None:
    browser = as_person(editor)
    page = browser.get("/admin/report/").content.decode()
    assert 'value="2024-06"' in page
    browser.post("/admin/report/", {"month": "2024-06", "closes_on": "2024-07-15"})
    assert ProgressReport.objects.get(month="2024-06").state == "draft"
    assert "No report is open" not in browser.get("/admin/").content.decode()


def test_the_second_who_corrects_sees_the_first_and_loses_no_word(
    filled: ProgressReport, editor: User, as_person: AsPerson
) -> None:
    publish(filled, editor)
    said = Assessment.objects.select_related("report", "milestone__project__lead").get(
        report=filled, milestone__code="x-fla-blue-deal-4"
    )
    words = {"status": "delayed", "done_quarter": None, "expected": Quarter(2025, 3)}
    actions.correct(assessment=said, words=words, why="Only half.", by=editor)
    prefix = f"m{said.milestone_id}"
    sent = {f"{prefix}-status": "done", f"{prefix}-quarter": "2024-Q1",
            f"{prefix}-why": "It was done earlier."}  # fmt: skip
    page = as_person(editor).post(f"/admin/correct/{said.pk}/", sent).content.decode()
    for text in ("Somebody else corrected it meanwhile", "2025-Q3", "It was done earlier."):
        assert text in page
    assert Assessment.objects.filter(report=filled, milestone=said.milestone).count() == 2
