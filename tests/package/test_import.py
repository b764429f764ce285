"""An import is all or nothing, says beforehand what it would do, and touches nothing published."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from milestones.models import Assessment, Change, Claim, Milestone, User
from nextgen.package.actions import import_plan
from nextgen.package.fault import FaultsError
from nextgen.package.reading import read
from nextgen.package.schema import descriptor_text
from nextgen.package.stored import stored
from nextgen.package.writing import files
from projects.models import Authority, Plan, Project
from tests.package.edits import FIXTURES, Edit, append, cell, line, raw

type Run = Callable[..., tuple[str, str]]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_plan")]


@pytest.fixture
def run(lorvania: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs import_plan on the edited package: what it says, and what it complains of."""

    def run(*options: str, fails: bool = False) -> tuple[str, str]:
        capsys.readouterr()
        if fails:
            with pytest.raises(CommandError) as error:
                call_command("import_plan", lorvania, *options)
            out, err = capsys.readouterr()
            return out, f"{err}{error.value}\n"
        call_command("import_plan", lorvania, *options)
        return capsys.readouterr()

    return run


@pytest.fixture
def _imported(no_plan: None) -> None:
    import_plan(read(FIXTURES / "minimal"))


imported = pytest.mark.usefixtures("_imported")


def refused(lorvania: Path, *edits: Edit) -> list[str]:
    """What an import of the edited package complains of; nothing is written."""
    before = files(stored())
    for edit in edits:
        edit(lorvania)
    with pytest.raises(FaultsError) as error:
        import_plan(read(lorvania), why="To see what happens.")
    assert files(stored()) == before
    return [str(fault) for fault in error.value.faults]


def test_an_import_says_in_one_line_what_it_did(run: Run, lorvania: Path) -> None:
    out, err = run()
    assert (out, err) == (
        f"Imported {lorvania}: 105 rows added, 0 values changed, 0 rows removed.\n",
        "",
    )


def test_every_fault_is_a_line_and_nothing_is_written(run: Run, lorvania: Path) -> None:
    cell("projects", "I-1.02", "goal_value", "87,5")(lorvania)
    cell("reports", "2023-06", "published_on", "")(lorvania)
    out, err = run(fails=True)
    assert out == ""
    assert err == (
        "projects.csv:12:goal_value: '87,5' has a decimal comma: write 87.5\n"
        "reports.csv:2:published_on: is empty on a published report: "
        "write the day, or draft as the state\n"
        "2 faults: nothing was imported.\n"
    )
    assert not Plan.objects.exists()


@imported
def test_if_empty_does_nothing_where_a_plan_is(run: Run, lorvania: Path) -> None:
    raw("plan.csv", lambda _data: b"not even a package")(lorvania)
    assert run("--if-empty") == ("A plan is there already: nothing was imported.\n", "")


def test_if_empty_imports_where_none_is(run: Run) -> None:
    assert run("--if-empty")[0].startswith("Imported")


def test_a_dry_run_writes_nothing(run: Run) -> None:
    out, _err = run("--dry-run")
    assert "+ plan LOR\n" in out
    assert out.endswith("105 rows added, 0 values changed, 0 rows removed\nNothing was written.\n")
    assert not Plan.objects.exists()


@imported
def test_a_dry_run_shows_added_changed_and_removed(run: Run, lorvania: Path) -> None:
    cell("projects", "I-2.01", "budget", "50000000")(lorvania)
    cell("allocations", "I-2.01 STA", "amount", "50000000")(lorvania)
    cell("projects", "I-1.02", "digital_contribution", "40")(lorvania)
    append("milestones.csv", NEW_MILESTONE)(lorvania)
    line("recipients.csv", "Example", "")(lorvania)
    before = files(stored())
    out, _err = run("--dry-run")
    assert out == (
        "projects I-1.02 digital_contribution: (empty) → 40\n"
        "projects I-2.01 budget: 45500000 → 50000000\n"
        "allocations I-2.01 STA amount: 45500000 → 50000000\n"
        "+ milestones x-new\n"
        "- recipients LOR-0000-0001 2024-06-30\n"
        "1 rows added, 3 values changed, 1 rows removed\n"
        "Nothing was written. It would ask --why for 4 public values.\n"
    )
    assert files(stored()) == before


NEW_MILESTONE = "x-new,,I-2.02,milestone,Neuf,New,,,,,,,2025-Q1,2025-Q1,,,2024-03-01,,,,recalled,,"


@imported
def test_a_changed_plan_is_what_the_package_says(lorvania: Path) -> None:
    """Everything that may change at once: exchanged positions, new codes, lists, removals."""
    for edit in (
        cell("authorities", "STA", "position", "2"),
        cell("authorities", "COA", "position", "1"),
        cell("pillars", "1", "slug", "digital"),
        cell("pillars", "2", "slug", "energy"),
        cell("payment_requests", "1", "milestones", "1;4;7;8;9"),
        cell("payment_requests", "1", "unsourced_milestones", "8"),
        cell("recipients", "LOR-0000-0001", "projects", "I-2.01"),
        cell("projects", "I-2.02", "successor", "I-2.03"),
        append("milestones.csv", NEW_MILESTONE),
        append(
            "projects.csv",
            "I-2.03,,reform,Cour,Court,Long,Long,,,,,,,,,COA,,,,,,,,,,,,,,2024-04-01,,,,,recalled,,",
        ),
        append("assessments.csv", "2024-06,x-new,1,,on-track,,2025-Q1,,,,,recalled,,"),
        append("reports.csv", "2024-06,draft,,,,"),
    ):
        edit(lorvania)
    import_plan(read(lorvania), why="A new year.")
    again = stored()
    assert again is not None
    wanted = files(read(lorvania))
    assert {name for name, data in files(again).items() if data != wanted[name]} == {"changes.csv"}
    assert Claim.objects.filter(sourced=False).get().milestone.code == "8"
    for edit in (
        line("assessments.csv", "2024-06", ""),
        line("reports.csv", "2024-06", ""),
        line("milestones.csv", "x-new", ""),
        line("projects.csv", "I-2.03", ""),
        cell("projects", "I-2.02", "successor", ""),
    ):
        edit(lorvania)
    import_plan(read(lorvania), why="Not after all.")
    assert not Project.objects.filter(code="I-2.03").exists()
    assert Assessment.objects.count() == 27


@imported
def test_a_changed_text_is_found_by_its_new_words(lorvania: Path) -> None:
    cell("projects", "I-1.02", "title_en", "A kite farm off Port-Sel")(lorvania)
    import_plan(read(lorvania), why="The turbines became kites.")
    assert [project.code for project in Project.objects.matching("kite")] == ["I-1.02"]
    assert not Project.objects.matching("wind port-sel").filter(code="I-0.01").exists()


@imported
def test_a_language_of_published_reports_is_not_given_up(lorvania: Path) -> None:
    assert refused(lorvania, only_in(["en"])) == [
        "plan.csv:2:languages: published reports speak fr;en: keep fr"
    ]


def test_a_language_that_a_plan_gives_up_leaves_nothing_behind(lorvania: Path) -> None:
    """And asks for no reason: it changes no value."""
    empty("reports", "assessments", "published_figures", "changes")(lorvania)
    import_plan(read(lorvania))
    only_in(["en"])(lorvania)
    import_plan(read(lorvania), why="English only.")
    assert files(stored()) | {"changes.csv": b""} == files(read(lorvania)) | {"changes.csv": b""}
    assert set(Project.objects.values_list("title_fr", flat=True)) == {""}
    assert Change.objects.get().field == "languages"


def test_a_language_that_the_log_speaks_is_not_given_up(lorvania: Path) -> None:
    empty("reports", "assessments", "published_figures")(lorvania)
    import_plan(read(lorvania))
    assert refused(lorvania, only_in(["en"])) == [
        "plan.csv:2:languages: the log speaks fr;en: keep fr"
    ]


@imported
def test_a_language_that_joins_the_plan_says_nothing_in_published_reports(lorvania: Path) -> None:
    """Nor in the log; everywhere else it speaks from its first day."""
    also_in_german(lorvania)
    assert refused(
        lorvania,
        cell("changes", "1", "reason_de", "Doch."),
        cell("assessments", "2023-12 x-audit-1 1", "note_de", "Doch."),
    ) == [
        (
            "assessments.csv:25:note_de: the report 2023-12 is published and says nothing:"
            " leave it empty; a correction is a new version"
        ),
        "changes.csv:2:reason_de: the log is only added to and says nothing: leave it empty",
    ]
    cell("changes", "1", "reason_de", "")(lorvania)
    cell("assessments", "2023-12 x-audit-1 1", "note_de", "")(lorvania)
    import_plan(read(lorvania), why="Lorvania speaks German too.")
    assert Plan.objects.get().language_codes == ["fr", "de", "en"]
    assert set(Change.objects.filter(number__lt=3).values_list("reason_de", flat=True)) == {""}
    assert Project.objects.exclude(title_de="").count() == Project.objects.count()


def also_in_german(package: Path) -> None:
    """Adds columns and texts in German, in the words of the English; none to what is frozen."""
    published = {"2023-06", "2023-12"}
    for path in package.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
            heading = list(rows[0])
        if path.name == "texts.csv":
            rows += [row | {"language": "de"} for row in rows if row["language"] == "en"]
        names = []
        for name in heading:
            if name.endswith("_en"):
                names.append(f"{name[:-3]}_de")
                for row in rows:
                    frozen = (
                        path.name == "changes.csv"
                        or {row.get("report"), row.get("month")} & published
                    )
                    row[names[-1]] = "" if frozen else row[name]
            names.append(name)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
    cell("plan", "LOR", "languages", "fr;de;en")(package)
    text = descriptor_text(["fr", "de", "en"])
    (package / "datapackage.json").write_text(text, "utf-8", newline="")


def empty(*tables: str) -> Edit:
    """Takes all rows out of these files."""

    def edit(package: Path) -> None:
        for path in (package / f"{table}.csv" for table in tables):
            path.write_bytes(path.read_bytes().split(b"\r\n")[0] + b"\r\n")

    return edit


def only_in(languages: list[str]) -> Edit:
    """Takes all columns and rows of other languages out of the package."""

    def edit(package: Path) -> None:
        for path in package.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            gone = tuple(f"_{each}" for each in ("nl", "fr", "de", "en") if each not in languages)
            kept = [place for place, name in enumerate(rows[0]) if not name.endswith(gone)]
            texts = path.name == "texts.csv"
            rows = [row for row in rows if not texts or row[1] in ["language", *languages]]
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([[row[place] for place in kept] for row in rows])
        cell("plan", "LOR", "languages", ";".join(languages))(package)
        text = descriptor_text(languages)
        (package / "datapackage.json").write_text(text, "utf-8", newline="")

    return edit


@imported
def test_a_code_that_becomes_official_is_the_same_project(lorvania: Path) -> None:
    """Reports, allocations and milestones stay with it, and the old code is kept."""
    pk = Project.objects.get(code="x-audit").pk
    milestone = Milestone.objects.get(code="x-audit-1").pk
    for name in ("projects", "milestones", "assessments", "payment_requests", "verdicts"):
        path = lorvania / f"{name}.csv"
        text = path.read_text("utf-8", newline="")
        text = text.replace("x-audit-1", "16").replace("x-audit", "R-0.03")
        path.write_text(text, "utf-8", newline="")
    cell("projects", "R-0.03", "former_codes", "x-audit")(lorvania)
    cell("milestones", "16", "former_codes", "x-audit-1")(lorvania)
    found = import_plan(read(lorvania), why="The Council gave it a number.")
    assert [str(change) for change in found.changed] == [
        "projects R-0.03 code: x-audit → R-0.03",
        "projects R-0.03 former_codes: (empty) → x-audit",
        "milestones 16 code: x-audit-1 → 16",
        "milestones 16 former_codes: (empty) → x-audit-1",
    ]
    assert Project.objects.get(code="R-0.03").pk == pk
    assert Milestone.objects.get(code="16").pk == milestone
    assert Assessment.objects.filter(milestone__code="16").count() == 3


@imported
def test_a_published_report_stays_as_it_is(lorvania: Path) -> None:
    told = refused(
        lorvania,
        cell("assessments", "2023-06 2 1", "status", "delayed"),
        cell("reports", "2023-06", "published_on", "2023-07-13"),
        cell("published_figures", "2023-12 projects", "value", "9"),
        line("assessments.csv", "2023-06,x-audit-1", ""),
        append("assessments.csv", "2023-06,3,1,,on-track,,,,,,,recalled,,"),
    )
    assert told == [
        ("reports.csv:2:published_on: the report 2023-06 is published and says '2023-07-12': "
        "write that"),
        "assessments.csv: 2023-06 x-audit-1 1 is published: put its row back as it was",
        ("assessments.csv:5:status: the report 2023-06 is published and says 'on-track': "
        "write that; a correction is a new version"),
        "assessments.csv:28:version: the report 2023-06 is published without it: remove the row",
        "published_figures.csv:3:value: the report 2023-12 is published and says '8': write that",
    ]  # fmt: skip


@imported
def test_what_a_published_report_knew_cannot_vanish(lorvania: Path) -> None:
    told = refused(
        lorvania,
        line("milestones.csv", "6,", ""),
        line("projects.csv", "x-audit,", ""),
        cell("milestones", "x-audit-1", "project", "I-0.01"),
    )
    assert told == [
        "projects.csv: x-audit stands in a published report: keep its row and give left",
        "milestones.csv: 6 stands in a published report: keep its row and give left",
    ]


@imported
def test_what_joined_after_the_reports_may_vanish(lorvania: Path) -> None:
    cell("projects", "x-school-tablets", "successor", "")(lorvania)
    line("allocations.csv", "I-2.02", "")(lorvania)
    line("milestones.csv", "12,", "")(lorvania)
    line("projects.csv", "I-2.02", "")(lorvania)
    import_plan(read(lorvania), why="It was never decided.")
    assert not Project.objects.filter(code="I-2.02").exists()


@imported
def test_a_first_promise_never_changes(lorvania: Path) -> None:
    assert refused(lorvania, cell("milestones", "12", "baseline_due", "2025-Q4")) == [
        (
            "milestones.csv:5:baseline_due: the first promise was 2025-Q3 and never changes: "
            "write that, move due instead"
        )
    ]


@imported
def test_a_verdict_is_never_taken_back(lorvania: Path) -> None:
    assert refused(lorvania, line("verdicts.csv", "1,7", "")) == [
        "verdicts.csv: 1 7 2024-02-15 was decided: put its row back; a later verdict is a new row"
    ]


@imported
def test_another_plan_does_not_replace_this_one(lorvania: Path) -> None:
    assert refused(lorvania, cell("plan", "LOR", "code", "MIR")) == [
        ("plan.csv:2:code: this site shows the plan LOR: write LOR, "
        "or import into an empty database")
    ]  # fmt: skip


@imported
def test_an_authority_with_coordinators_stays(lorvania: Path) -> None:
    append("authorities.csv", "ISL,3,Îles,Islands,Îles,Islands,,")(lorvania)
    import_plan(read(lorvania), why="The islands join.")
    islands = Authority.objects.get(code="ISL")
    User.objects.create(username="ines", role="coordinator", authority=islands)
    assert refused(lorvania, line("authorities.csv", "ISL", "")) == [
        "authorities.csv: ISL cannot go: account ines belongs to it; keep its row"
    ]
