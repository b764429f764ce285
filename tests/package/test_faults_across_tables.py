"""Rules that no single cell breaks are named at the cell that should be mended."""

from pathlib import Path

import pytest

from tests.package.edits import Edit, append, cell, faults_of, line


def dangling(place: str, value: str, file: str) -> list[str]:
    return [f"{place}: {value!r} is not in {file}.csv: add it there or correct it here"]


def second_plan(package: Path) -> None:
    row = (package / "plan.csv").read_text("utf-8").splitlines()[1]
    append("plan.csv", row.replace("LOR", "MIR", 1))(package)


PROJECTS, MILESTONES, ASSESSMENTS = "projects.csv", "milestones.csv", "assessments.csv"
FAULTS: dict[str, tuple[Edit, list[str]]] = {
    # keys and references
    "a code twice": (
        append("components.csv", "1.1,1,Encore,Again"),
        ["components.csv:7:code: 1.1 is already on line 3: give every row its own code"],
    ),
    "a recipient twice": (
        append("recipients.csv", "X,LOR-0000-0001,5,2024-06-30,,"),
        [
            (
                "recipients.csv:3:identifier: LOR-0000-0001, 2024-06-30 is already on line 2: "
                "give every row its own identifier and as_of"
            )
        ],
    ),
    "a position twice": (
        cell("authorities", "COA", "position", "1"),
        ["authorities.csv:3:position: '1' is already on line 2: give every row its own"],
    ),
    "a slug twice": (
        cell("pillars", "2", "slug", "energy"),
        ["pillars.csv:3:slug: 'energy' is already on line 2: give every row its own"],
    ),
    "an unknown pillar": (
        cell("components", "1.1", "pillar", "9"),
        [
            *dangling("components.csv:3:pillar", "9", "pillars"),
            (
                "projects.csv:11:component: component 1.1 belongs to pillar 9, the project to 1: "
                "let them agree"
            ),
        ],
    ),
    "an unknown component": (
        cell("projects", "I-1.01", "component", "9.9"),
        dangling("projects.csv:11:component", "9.9", "components"),
    ),
    "an unknown lead": (
        cell("projects", "I-1.01", "lead", "XXX"),
        dangling("projects.csv:11:lead", "XXX", "authorities"),
    ),
    "an unknown successor": (
        cell("projects", "x-school-tablets", "successor", "I-9"),
        dangling("projects.csv:18:successor", "I-9", "projects"),
    ),
    "an unknown project": (
        cell("milestones", "1", "project", "I-9"),
        dangling("milestones.csv:2:project", "I-9", "projects"),
    ),
    "an unknown milestone": (
        cell("assessments", "2023-06 1 1", "milestone", "99"),
        dangling("assessments.csv:2:milestone", "99", "milestones"),
    ),
    "an unknown report": (
        cell("assessments", "2023-06 1 1", "report", "2022-12"),
        dangling("assessments.csv:2:report", "2022-12", "reports"),
    ),
    "an unknown request": (
        cell("verdicts", "1 7 2024-02-15", "request", "2"),
        dangling("verdicts.csv:5:request", "2", "payment_requests"),
    ),
    "an unknown milestone in a list": (
        cell("payment_requests", "1", "milestones", "1;4;7;9;99"),
        dangling("payment_requests.csv:2:milestones", "99", "milestones"),
    ),
    "an unknown project in a list": (
        cell("recipients", "LOR-0000-0001", "projects", "I-1.01;I-9"),
        dangling("recipients.csv:2:projects", "I-9", "projects"),
    ),
    # the plan and its languages
    "no plan": (
        line("plan.csv", "LOR", ""),
        ["plan.csv:2: has no row: write the plan in one row"],
    ),
    "two plans": (second_plan, ["plan.csv:3: is a second plan: a package holds one"]),
    "a plan that ends before it starts": (
        cell("plan", "LOR", "end", "2021-01-01"),
        ["plan.csv:2:end: is not after the start: write a day after 2021-07-01"],
    ),
    "a page missing in a language": (
        line("texts.csv", "privacy,fr", ""),
        ["texts.csv:28:page: the page privacy has no text in fr: add a row"],
    ),
    "a page in a language of another plan": (
        append("texts.csv", "privacy,de,Datenschutz,Kurz"),
        ["texts.csv:32:language: the plan has no language de: write fr or en"],
    ),
    # where values come from
    "a sourced row without source": (
        cell("projects", "I-1.01", "source", ""),
        [
            (
                "projects.csv:11:source: is empty on a sourced row: "
                "name the source, or write recalled or reconstructed"
            )
        ],
    ),
    "an unsourced column that is none": (
        cell("projects", "I-1.01", "unsourced", "colour"),
        [
            (
                "projects.csv:11:unsourced: names 'colour', which is no column with a source: "
                "write one, e.g. successor"
            )
        ],
    ),
    # projects and money
    "a component of another pillar": (
        cell("projects", "I-1.01", "component", "2.1"),
        [
            (
                "projects.csv:11:component: component 2.1 belongs to pillar 2, the project to 1: "
                "let them agree"
            )
        ],
    ),
    "successors that go round": (
        cell("projects", "I-2.02", "successor", "x-school-tablets"),
        [
            (
                "projects.csv:14:successor: the successors go round, "
                "I-2.02 → x-school-tablets → I-2.02: the last one has none"
            )
        ],
    ),
    "a project that follows itself": (
        cell("projects", "I-2.02", "successor", "I-2.02"),
        [
            (
                "projects.csv:14:successor: the successors go round, I-2.02 → I-2.02: "
                "the last one has none"
            )
        ],
    ),
    "allocations that do not sum to the budget": (
        cell("allocations", "I-1.01 COA", "amount", "1"),
        [
            (
                "projects.csv:11:budget: is 120000000 EUR, but its allocations sum to 80000001: "
                "let them agree"
            )
        ],
    ),
    "a budget that nobody carries": (
        line("allocations.csv", "I-2.01", ""),
        [
            (
                "projects.csv:13:budget: is 45500000 EUR, but no authority carries it: "
                "add its allocations"
            )
        ],
    ),
    "an allocation of an unpublished budget": (
        append("allocations.csv", "I-1.02,COA,5,recalled,,"),
        [
            (
                "allocations.csv:10:amount: project I-1.02 publishes no budget: "
                "give one there or remove this"
            )
        ],
    ),
    "a project that left before it joined": (
        cell("projects", "x-school-tablets", "left", "2021-06-01"),
        [
            (
                "projects.csv:18:left: 2021-06-01 is not after it joined: "
                "write a day after 2021-07-01, or leave it empty"
            )
        ],
    ),
    "a former code that is present": (
        cell("projects", "I-2.02", "former_codes", "I-1.01"),
        ["projects.csv:14:former_codes: 'I-1.01' is the present code on line 3: remove it here"],
    ),
    "a former code twice": (
        cell("milestones", "1", "former_codes", "x-labs-1"),
        ["milestones.csv:5:former_codes: 'x-labs-1' is already a former code on line 2: keep one"],
    ),
    # milestones and reports
    "a milestone due in another age": (
        cell("milestones", "1", "due", "2062-Q4"),
        [
            (
                "milestones.csv:2:due: 2062-Q4 is far from the plan: "
                "write a quarter from 2019-Q3 to 2028-Q3"
            )
        ],
    ),
    "a value of what is no target": (
        cell("milestones", "1", "goal_value", "5"),
        ["milestones.csv:2:goal_value: belongs to a target: empty it, or write target as the kind"],
    ),
    "a published report without date": (
        cell("reports", "2023-06", "published_on", ""),
        [
            (
                "reports.csv:2:published_on: is empty on a published report: "
                "write the day, or draft as the state"
            )
        ],
    ),
    "a draft with a date": (
        cell("reports", "2023-06", "state", "draft"),
        [
            (
                "reports.csv:2:published_on: is given on a draft: "
                "empty it, or write published as the state"
            )
        ],
    ),
    "done without quarter": (
        cell("assessments", "2023-06 1 1", "done_quarter", ""),
        [
            (
                "assessments.csv:2:done_quarter: is empty on a milestone that is done: "
                "write when it was done"
            )
        ],
    ),
    "a quarter without done": (
        cell("assessments", "2023-06 2 1", "done_quarter", "2023-Q1"),
        [
            (
                "assessments.csv:5:done_quarter: is given on a milestone that is on-track: "
                "empty it, or write done"
            )
        ],
    ),
    "done after the report": (
        cell("assessments", "2023-06 1 1", "done_quarter", "2023-Q3"),
        ["assessments.csv:2:done_quarter: 2023-Q3 is after the report of 2023-06: at most 2023-Q2"],
    ),
    "a first version that corrects": (
        cell("assessments", "2023-06 1 1", "corrects", "1"),
        ["assessments.csv:2:corrects: version 1 corrects the one before it: leave it empty"],
    ),
    "a second version that corrects nothing": (
        cell("assessments", "2023-12 x-audit-1 2", "corrects", ""),
        ["assessments.csv:26:corrects: version 2 corrects the one before it: write 1"],
    ),
    "a correction of what is not there": (
        line("assessments.csv", "2023-12,x-audit-1,1", ""),
        ["assessments.csv:25:version: version 1 is not in the package: add its row"],
    ),
    # claims and verdicts
    "a verdict on what was not claimed": (
        cell("verdicts", "1 7 2024-02-15", "milestone", "2"),
        ["verdicts.csv:5:milestone: request 1 does not claim 2: add it there"],
    ),
    "a verdict before the request": (
        cell("verdicts", "1 7 2024-02-15", "decided_on", "2023-01-01"),
        [
            (
                "verdicts.csv:5:decided_on: 2023-01-01 is before the request of 2023-10-02: "
                "write a later day"
            )
        ],
    ),
    "an unsourced claim that is none": (
        cell("payment_requests", "1", "unsourced_milestones", "2"),
        [
            (
                "payment_requests.csv:2:unsourced_milestones: "
                "'2' is not among the milestones of the request: add it there"
            )
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_rule_is_named_where_it_can_be_mended(lorvania: Path, fault: str) -> None:
    edit, told = FAULTS[fault]
    edit(lorvania)
    assert faults_of(lorvania) == told


def test_every_fault_of_every_file_is_named_at_once(lorvania: Path) -> None:
    """In the order of the files, their lines and their columns, one line each."""
    for edit in (
        cell("verdicts", "1 7 2024-02-15", "decided_on", "15/02/2024"),
        cell("projects", "I-1.01", "budget", "120.000.000"),
        cell("projects", "I-1.01", "lead", "XXX"),
        cell("projects", "I-1.01", "title_fr", ""),
        cell("projects", "I-1.02", "sdgs", "99"),
        cell("plan", "LOR", "state", "opened"),
        line("milestones.csv", "1,", "1,,I-1.01"),
    ):
        edit(lorvania)
    (lorvania / "reports.csv").write_bytes(b"month;state\r\n")
    (lorvania / "recipients.csv").unlink()
    assert faults_of(lorvania) == [
        "plan.csv:2:state: 'opened' is unknown here: write open or closed; did you mean open?",
        "projects.csv:3:title_fr: is empty: it must be given",
        *dangling("projects.csv:11:lead", "XXX", "authorities"),
        "projects.csv:11:budget: '120.000.000' has thousands separators: write 120000000",
        "projects.csv:12:sdgs: 99 is out of range: write a number from 1 to 17",
        "milestones.csv:2: has 3 cells where the heading has 23: too few",
        "reports.csv:1: is separated by semicolons: separate the cells by commas",
        (
            "verdicts.csv:5:decided_on: '15/02/2024' is another notation: "
            "write year-month-day, 2024-02-15"
        ),
        "recipients.csv: is missing: a package holds it even when it has no rows",
    ]
