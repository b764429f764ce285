"""What a package may not change, because it is published: reports, first promises, the log."""

from collections.abc import Iterator

from milestones.models import ProgressReport
from nextgen.package.difference import Changed, Difference, name_of
from nextgen.package.fault import Fault
from nextgen.package.misreadings import quoted
from nextgen.package.package import Package
from nextgen.package.sheet import Row
from nextgen.package.tables import TABLES

OF_REPORTS = ("reports", "assessments", "published_figures")


def months(before: Package) -> set[str]:
    """The months of the reports that are published."""
    return {row["month"] for row in before.tables["reports"] if row["state"] == "published"}


def without_drafts(package: Package) -> Package:
    """The package as the public may have it: a draft report says nothing yet."""
    frozen = months(package)
    said = {
        name: [row for row in package.tables[name] if _month(name, row) in frozen]
        for name in OF_REPORTS
    }
    return Package(package.languages, package.tables | said)


def refused(before: Package, found: Difference) -> Iterator[Fault]:
    """A fault for everything this difference would do to what is published."""
    for row in found.added["plan"]:
        code = before.tables["plan"][0]["code"]
        told = f"this site shows the plan {code}: write {code}, or import into an empty database"
        yield _at("plan", row, "code", told)
        return
    frozen = months(before)
    spoken = len(before.tables["changes"]) > 0
    for change in found.changed:
        if told := _refused_change(change, frozen, spoken=spoken):
            yield _at(change.table, change.row, change.column, told)
    for change in found.translations:
        # A language that the plan gives up is refused above, as long as anything speaks it.
        if change.new and (told := _frozen(change, frozen)):
            yield _at(change.table, change.row, change.column, told)
    yield from _other_rows(found, frozen)
    yield from _vanished(before, found, frozen)
    for row in found.removed["verdicts"]:
        yield _gone("verdicts", row, "was decided: put its row back; a later verdict is a new row")


def _frozen(change: Changed, frozen: set[str]) -> str:
    """Why a cell of a published report or of the log cannot say anything else; '' if it can."""
    was = f"says {quoted(change.old)}: write that" if change.old else "says nothing: leave it empty"
    if change.table in OF_REPORTS and _month(change.table, change.row) in frozen:
        how = "; a correction is a new version" if change.table == "assessments" else ""
        return f"the report {_month(change.table, change.row)} is published and {was}{how}"
    return f"the log is only added to and {was}" if change.table == "changes" else ""


def _refused_change(change: Changed, frozen: set[str], *, spoken: bool) -> str:
    if change.table == "milestones" and change.column == "baseline_due":
        return f"the first promise was {change.old} and never changes: write that, move due instead"
    gone = set(change.old.split(";")) - set(change.new.split(";"))
    if (change.table, change.column) == ("plan", "languages") and gone and (frozen or spoken):
        who = "published reports speak" if frozen else "the log speaks"
        return f"{who} {change.old}: keep {' and '.join(sorted(gone))}"
    return _frozen(change, frozen)


def _other_rows(found: Difference, frozen: set[str]) -> Iterator[Fault]:
    """Rows that a published report would gain, other than corrections, or lose."""
    for name in OF_REPORTS:
        for row in found.added[name]:
            correction = name == "assessments" and row["version"] != "1"
            if _month(name, row) in frozen and not correction:
                told = f"the report {_month(name, row)} is published without it: remove the row"
                yield _at(name, row, TABLES[name].key[-1], told)
        for row in found.removed[name]:
            if _month(name, row) in frozen:
                yield _gone(name, row, "is published: put its row back as it was")


def _vanished(before: Package, found: Difference, frozen: set[str]) -> Iterator[Fault]:
    """Projects and milestones that a published report knew and the package does not."""
    if not frozen:
        return
    latest = ProgressReport(month=max(frozen)).as_of.isoformat()
    said = {r["milestone"] for r in before.tables["assessments"] if r["report"] in frozen}
    carried = {r["project"] for r in before.tables["milestones"] if r["code"] in said}
    for name, assessed in (("projects", carried), ("milestones", said)):
        for row in found.removed[name]:
            if row["joined"] <= latest or row["code"] in assessed:
                yield _gone(name, row, "stands in a published report: keep its row and give left")


def _month(table: str, row: Row) -> str:
    return row["month" if table == "reports" else "report"]


def _at(table: str, row: Row, column: str, sentence: str) -> Fault:
    return Fault(TABLES[table].path, row.line_of(column), column, sentence)


def _gone(table: str, row: Row, sentence: str) -> Fault:
    return Fault(TABLES[table].path, 0, "", f"{name_of(table, row)} {sentence}")
