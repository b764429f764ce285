"""What an import changes of public data stands in the log, with its reason; all else does not."""

from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from milestones.models import Assessment, Change
from nextgen.package.actions import UnexplainedError, import_plan
from nextgen.package.fault import FaultsError
from nextgen.package.reading import read
from nextgen.package.stored import stored
from nextgen.package.writing import files
from projects import history
from projects.models import Project
from tests.package.edits import FIXTURES, append, cell, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_plan", "_imported")]


@pytest.fixture
def _imported(no_plan: None) -> None:
    import_plan(read(FIXTURES / "minimal"))


def told() -> list[tuple[str, ...]]:
    """The lines that an import has added."""
    columns = ("record_type", "record", "field", "old", "new")
    return list(Change.objects.filter(number__gt=2).order_by("number").values_list(*columns))


def test_a_first_import_adds_nothing_to_the_log_of_the_package() -> None:
    assert Change.objects.count() == 2


def test_each_changed_value_is_a_line_with_its_reason(lorvania: Path) -> None:
    for edit in (
        cell("projects", "I-2.01", "budget", "50000000"),
        cell("allocations", "I-2.01 STA", "amount", "50000000"),
        cell("milestones", "10", "due", "2025-Q1"),
        cell("milestones", "10", "due_reason_fr", "Des retards."),
        cell("milestones", "10", "due_reason_en", "Delays."),
        cell("verdicts", "1 7 2024-02-15", "verdict", "suspended"),
        cell("pillars", "3", "slug", "health"),
    ):
        edit(lorvania)
    import_plan(
        read(lorvania),
        why="Decided in the spring review.",
        kind="revision",
        role="secretariat",
        document="https://example.org/review",
    )
    assert told() == [
        ("pillar", "3", "slug", "care", "health"),
        ("project", "I-2.01", "budget", "45500000", "50000000"),
        ("allocation", "I-2.01", "amount STA", "45500000", "50000000"),
        ("milestone", "10", "due", "2024-Q4", "2025-Q1"),
        ("milestone", "10", "due_reason_fr", "", "Des retards."),
        ("milestone", "10", "due_reason_en", "", "Delays."),
        ("verdict", "7", "verdict 1 2024-02-15", "fulfilled", "suspended"),
    ]
    change = Change.objects.get(number=4)
    assert (change.kind, change.role, change.made_on) == (
        "revision",
        "secretariat",
        timezone.localdate(),
    )
    assert change.document == "https://example.org/review"
    assert change.reason_fr == change.reason_en == "Decided in the spring review."
    assert change.reason_nl == ""


def test_nothing_public_changes_without_a_reason(lorvania: Path) -> None:
    cell("projects", "I-1.02", "climate_contribution", "40")(lorvania)
    before = files(stored())
    with pytest.raises(UnexplainedError, match="1 public values change: say why"):
        import_plan(read(lorvania))
    with pytest.raises(CommandError, match="say why with --why; nothing was imported"):
        call_command("import_plan", lorvania, "--why", "  ")
    assert files(stored()) == before
    call_command("import_plan", lorvania, "--why", "A slip of the pen.", verbosity=0)
    assert told() == [("project", "I-1.02", "climate_contribution", "100", "40")]


def test_texts_drafts_and_news_ask_for_no_reason(lorvania: Path) -> None:
    """A new verdict, request, report or recipient is news; a draft is not public yet."""
    cell("texts", "privacy fr", "title", "Votre vie privée")(lorvania)
    append("reports.csv", "2024-06,draft,,,,")(lorvania)
    append("assessments.csv", "2024-06,10,1,,on-track,,2025-Q1,,,,,recalled,,")(lorvania)
    append("verdicts.csv", "1,9,2024-07-01,fulfilled,,recalled,,")(lorvania)
    import_plan(read(lorvania))
    cell("assessments", "2024-06 10 1", "status", "delayed")(lorvania)
    import_plan(read(lorvania))
    assert told() == []


def test_what_joins_or_leaves_the_package_as_a_whole_is_told(lorvania: Path) -> None:
    line("milestones.csv", "12,", "")(lorvania)
    append(
        "milestones.csv",
        "x-rooms,,I-2.02,milestone,Salles,Rooms,,,,,,,2025-Q1,2025-Q1,,,2024-03-01,,,,recalled,,",
    )(lorvania)
    line("allocations.csv", "I-3.01,COA", "")(lorvania)
    cell("allocations", "I-3.01 STA", "amount", "60000000")(lorvania)
    import_plan(read(lorvania), why="Agreed anew.")
    assert told() == [
        ("allocation", "I-3.01", "amount STA", "35000000", "60000000"),
        ("milestone", "x-rooms", "code", "", "x-rooms"),
        ("milestone", "12", "code", "12", ""),
        ("allocation", "I-3.01", "amount COA", "25000000", ""),
    ]


def test_a_correction_of_a_published_report_is_a_new_version_and_a_line(lorvania: Path) -> None:
    row = '2023-12,15,2,1,delayed,,2026-Q1,,"Hélas, non","Alas, no",,reconstructed,,'
    append("assessments.csv", row)(lorvania)
    import_plan(read(lorvania), why="The report took the wrong line.")
    assert told() == [
        ("assessment", "15", "status 2023-12", "on-track", "delayed"),
        ("assessment", "15", "expected 2023-12", "2025-Q4", "2026-Q1"),
        ("assessment", "15", "note_fr 2023-12", "", "Hélas, non"),
        ("assessment", "15", "note_en 2023-12", "", "Alas, no"),
    ]
    newest = Assessment.objects.as_corrected().get(milestone__code="15", report__month="2023-12")
    assert (newest.version, newest.status) == (2, "delayed")


def test_the_log_is_only_added_to(lorvania: Path) -> None:
    cell("changes", "1", "reason_en", "For no reason.")(lorvania)
    with pytest.raises(FaultsError) as error:
        import_plan(read(lorvania), why="To tidy up.")
    (fault,) = map(str, error.value.faults)
    assert fault == (
        "changes.csv:2:reason_en: the log is only added to and says "
        "'It had come into use in November.': write that"
    )


def test_lines_that_a_package_lacks_stay(lorvania: Path) -> None:
    line("changes.csv", "1,", "")(lorvania)
    import_plan(read(lorvania))
    assert Change.objects.count() == 2


def test_what_the_package_tells_itself_is_not_told_twice(lorvania: Path) -> None:
    """A package of another machine brings the change and its line."""
    cell("projects", "I-1.02", "climate_contribution", "40")(lorvania)
    row = (
        "3,2024-05-01,correction,project,I-1.02,climate_contribution,100,40,Une erreur.,An error.,"
    )
    append("changes.csv", f"{row}coordinator COA,")(lorvania)
    import_plan(read(lorvania))
    assert Change.objects.count() == 3
    assert Project.objects.get(code="I-1.02").climate_contribution == 40
    assert files(stored()) == files(read(lorvania))


def test_new_lines_are_numbered_after_those_of_the_package(lorvania: Path) -> None:
    row = "7,2024-05-01,correction,project,I-1.02,left,x,,Une erreur.,An error.,coordinator COA,"
    append("changes.csv", row)(lorvania)
    cell("projects", "I-1.02", "climate_contribution", "40")(lorvania)
    import_plan(read(lorvania), why="A slip of the pen.")
    assert list(Change.objects.values_list("number", flat=True)) == [8, 7, 2, 1]


def test_auditors_see_what_an_import_wrote_row_by_row(lorvania: Path) -> None:
    cell("projects", "I-2.01", "budget", "50000000")(lorvania)
    cell("allocations", "I-2.01 STA", "amount", "50000000")(lorvania)
    import_plan(read(lorvania), why="Counted again.", role="editor")
    project = Project.objects.get(code="I-2.01")
    entry = LogEntry.objects.get_for_object(project).get()
    assert entry.changes_dict["budget"][1] == "50000000"
    assert entry.additional_data == {"action": "import", "role": "editor"}
    assert history.edits_since(project.allocations.get(), 0)[-1].new == "50000000"
