"""Rules of the ground floor: projects, their codes, money and successors."""

from collections.abc import Iterator

from nextgen.package.book import Book, rule
from nextgen.package.fault import Fault
from nextgen.package.sheet import Row


@rule("components", "projects")
def component_and_pillar_agree(book: Book) -> Iterator[Fault]:
    components = book.by("code", "components")
    for row in book.rows("projects"):
        component = components.get(row["component"])
        if (
            component
            and component.whole
            and component["pillar"]
            and row["pillar"] not in ("", component["pillar"])
        ):
            told = (
                f"component {row['component']} belongs to pillar {component['pillar']}, "
                f"the project to {row['pillar']}: let them agree"
            )
            yield book.at("projects", row, "component", told)


@rule("projects")
def successors_do_not_go_round(book: Book) -> Iterator[Fault]:
    projects = book.by("code", "projects")
    settled: set[str] = set()
    for code in projects:
        path: dict[str, None] = {}
        while code in projects and code not in settled and code not in path:
            path[code] = None
            code = projects[code]["successor"]  # noqa: PLW2901 - walks on from project to project
        if code in path:
            circle = list(path)[list(path).index(code) :]
            first = min(circle, key=lambda each: projects[each].line)
            start = circle.index(first)
            told = " → ".join([*circle[start:], *circle[:start], first])
            told = f"the successors go round, {told}: the last one has none"
            yield book.at("projects", projects[first], "successor", told)
        settled.update(path)


@rule("projects", "allocations")
def allocations_sum_to_the_budget(book: Book) -> Iterator[Fault]:
    carried: dict[str, list[Row]] = {}
    projects = book.by("code", "projects")
    for row in book.all("allocations"):
        project = projects.get(row["project"])
        carried.setdefault(row["project"], []).append(row)
        if project and project.whole and row.whole and not project["budget"]:
            told = f"project {row['project']} publishes no budget: give one there or remove this"
            yield book.at("allocations", row, "amount", told)
    for row in book.rows("projects"):
        budget = row.number("budget")
        amounts = [each.number("amount") for each in carried.get(row["code"], [])]
        known = [amount for amount in amounts if amount is not None]
        if budget is not None and len(known) == len(amounts) and sum(known) != budget:
            told = (
                f"is {budget} EUR, but its allocations sum to {sum(known)}: let them agree"
                if amounts
                else f"is {budget} EUR, but no authority carries it: add its allocations"
            )
            yield book.at("projects", row, "budget", told)


@rule()
def nothing_leaves_before_it_joined(book: Book) -> Iterator[Fault]:
    for table, row in book.with_column("left"):
        joined, left = row.day("joined"), row.day("left")
        if joined and left and left <= joined:
            told = f"{left} is not after it joined: write a day after {joined}, or leave it empty"
            yield book.at(table, row, "left", told)


@rule("projects")
def project_codes_are_used_once(book: Book) -> Iterator[Fault]:
    yield from _codes_used_once(book, "projects")


@rule("milestones")
def milestone_codes_are_used_once(book: Book) -> Iterator[Fault]:
    yield from _codes_used_once(book, "milestones")


def _codes_used_once(book: Book, table: str) -> Iterator[Fault]:
    present = book.by("code", table)
    former: dict[str, int] = {}
    for row in book.rows(table):
        for code in dict.fromkeys(row.many("former_codes")):
            if code in present:
                told = f"{code!r} is the present code on line {present[code].line}: remove it here"
                yield book.at(table, row, "former_codes", told)
            elif code in former:
                told = f"{code!r} is already a former code on line {former[code]}: keep one"
                yield book.at(table, row, "former_codes", told)
            former.setdefault(code, row.line)
