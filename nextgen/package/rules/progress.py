"""Rules of the first floor: milestones, what reports say of them, claims and verdicts."""

import calendar
from collections.abc import Iterator
from datetime import date

from milestones.quarter import Quarter, around
from nextgen.package.book import Book, rule
from nextgen.package.fault import Fault
from nextgen.package.sheet import Row


@rule("plan", "milestones")
def a_milestone_is_due_in_the_time_of_the_plan(book: Book) -> Iterator[Fault]:
    days = [row.day(end) for row in book.rows("plan")[:1] for end in ("start", "end")]
    start, end = days if len(days) == 2 else (None, None)
    if not start or not end or start > end:
        return
    first, last = around(start, end)
    for row in book.rows("milestones"):
        for column in ("baseline_due", "due"):
            due = row.quarter(column)
            if due and not first <= due <= last:
                told = f"{due} is far from the plan: write a quarter from {first} to {last}"
                yield book.at("milestones", row, column, told)


@rule()
def only_targets_have_values(book: Book) -> Iterator[Fault]:
    for row in book.rows("milestones"):
        for column in ("baseline_value", "goal_value"):
            if row["kind"] == "milestone" and row[column]:
                told = "belongs to a target: empty it, or write target as the kind"
                yield book.at("milestones", row, column, told)


@rule()
def a_published_report_has_its_date(book: Book) -> Iterator[Fault]:
    for row in book.rows("reports"):
        if row["state"] == "published" and not row["published_on"]:
            told = "is empty on a published report: write the day, or draft as the state"
            yield book.at("reports", row, "published_on", told)
        if row["state"] == "draft" and row["published_on"]:
            told = "is given on a draft: empty it, or write published as the state"
            yield book.at("reports", row, "published_on", told)


@rule()
def what_is_done_has_its_quarter(book: Book) -> Iterator[Fault]:
    for row in book.rows("assessments"):
        if row["status"] == "done" and not row["done_quarter"]:
            told = "is empty on a milestone that is done: write when it was done"
            yield book.at("assessments", row, "done_quarter", told)
        if row["status"] in ("on-track", "delayed") and row["done_quarter"]:
            told = f"is given on a milestone that is {row['status']}: empty it, or write done"
            yield book.at("assessments", row, "done_quarter", told)


@rule()
def nothing_is_done_after_the_report(book: Book) -> Iterator[Fault]:
    for row in book.rows("assessments"):
        done, month = row.quarter("done_quarter"), row["report"].split("-")
        if done and len(month) == 2 and all(map(str.isdecimal, month)):
            year, number = int(month[0]), int(month[1])
            if 1900 <= year <= 2200 and 1 <= number <= 12:
                last = calendar.monthrange(year, number)[1]
                latest = Quarter.of(date(year, number, last))
                if done > latest:
                    told = f"{done} is after the report of {row['report']}: at most {latest}"
                    yield book.at("assessments", row, "done_quarter", told)


@rule("assessments")
def versions_form_a_chain(book: Book) -> Iterator[Fault]:
    said: dict[tuple[str, str], dict[str, Row]] = {}
    for row in book.all("assessments"):
        said.setdefault((row["report"], row["milestone"]), {})[row["version"]] = row
    for versions in said.values():
        for row in versions.values():
            version = row.number("version")
            if (
                not row.whole
                or version is None
                or (row["corrects"] and row.number("corrects") is None)
            ):
                continue
            before = "" if version == 1 else str(version - 1)
            if row["corrects"] != before:
                wanted = f"write {before}" if before else "leave it empty"
                told = f"version {version} corrects the one before it: {wanted}"
                yield book.at("assessments", row, "corrects", told)
            elif before and before not in versions:
                told = f"version {before} is not in the package: add its row"
                yield book.at("assessments", row, "version", told)


@rule()
def unsourced_claims_are_claims(book: Book) -> Iterator[Fault]:
    for row in book.rows("payment_requests"):
        for code in row.many("unsourced_milestones"):
            if code not in row.many("milestones"):
                told = f"{code!r} is not among the milestones of the request: add it there"
                yield book.at("payment_requests", row, "unsourced_milestones", told)


@rule("payment_requests")
def a_verdict_answers_a_claim(book: Book) -> Iterator[Fault]:
    requests = book.by("number", "payment_requests")
    for row in book.rows("verdicts"):
        request = requests.get(row["request"])
        if request is None or not request.whole:
            continue
        if row["milestone"] and row["milestone"] not in request.many("milestones"):
            told = f"request {row['request']} does not claim {row['milestone']}: add it there"
            yield book.at("verdicts", row, "milestone", told)
        decided, submitted = row.day("decided_on"), request.day("submitted_on")
        if decided and submitted and decided < submitted:
            told = f"{decided} is before the request of {submitted}: write a later day"
            yield book.at("verdicts", row, "decided_on", told)
