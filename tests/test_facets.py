"""Filters: what is chosen is what is listed, and each option says how many rows it would give.

The selections are held against plain Python over the rows: OR within a facet, AND between them.
"""

from functools import cache
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones.models import Assessment, Milestone, ProgressReport, Verdict
from nextgen.pages.lists import choose
from projects.models import Allocation, Authority, Project
from projects.search import words
from projects.selection import Selection

pytestmark = pytest.mark.django_db
Facts = dict[str, set[str]]
Parameters = dict[str, list[str]]

LANGUAGES = ("nl", "fr", "de", "en")
REPORTS = ["2022-04", "2022-10", "2023-06", "2023-12"]
STATUSES = ["done", "on-track", "delayed", "not-reported"]
BOTH = {
    "pillar": ["1", "2", "3", "4", "5", "none"],
    "authority": ["FED", "FLA", "WAL", "BCR", "FWB", "DG"],
    "component": ["1.1", "2.2", "3.2", "4.1", "5.1", "7", "F"],
    "status": STATUSES,
    "due": ["2022", "2023", "2026", "2022-Q2", "2024-Q4"],
}
VALUES = {
    "projects": BOTH | {"kind": ["investment", "reform"], "contributes": ["climate", "digital"]},
    "milestones": BOTH
    | {
        "kind": ["milestone", "target"],
        "overdue": ["yes", "no"],
        "verdict": ["fulfilled", "not-fulfilled", "suspended", "none"],
        "project": ["x-wal-tram-liege", "x-fed-pensions", "x-5g"],
        "baseline": ["2022-Q4", "2023-Q1", "2024-Q2"],
    },
}
SORTS = {
    "projects": ["budget", "-budget", "title", "code", "-code", "due", "delay", "-delay"],
    "milestones": ["due", "-due", "delay", "-delay", "title", "code"],
}
PROJECT_TEXTS = ("short_title", "title", "summary", "description", "sub_theme", "goal_unit")
QUERIES = ["energie", "Renov", "tram LIÈGE", "de la", "x-fed", "xyzzy"]


def choices(name: str, **more: Any) -> st.SearchStrategy[Parameters]:
    """Random parameters of a list: several values of several facets, words, money, a report."""
    money = [[str(10**n)] for n in range(5, 9)] if name == "projects" else None
    plain = {
        "q": st.sampled_from([[q] for q in QUERIES]),
        "report": st.sampled_from([[report] for report in REPORTS]),
    }
    if money:
        plain |= {"budget_min": st.sampled_from(money), "budget_max": st.sampled_from(money)}
    facets = {
        facet: st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
        for facet, values in VALUES[name].items()
    }
    return st.fixed_dictionaries({}, optional=facets | plain | more)


listed = st.sampled_from(["projects", "milestones"])
requests = listed.flatmap(lambda name: st.tuples(st.just(name), choices(name)))
ordered = listed.flatmap(
    lambda name: st.tuples(
        st.just(name), choices(name, sort=st.sampled_from([[s] for s in SORTS[name]]))
    )
)


@pytest.fixture(autouse=True)
def varied() -> None:
    """More of what is rare in the plan: several carriers, no pillar, later words and verdicts."""
    authorities = list(Authority.objects.all())
    shared = list(Project.objects.filter(budget__gt=0).order_by("code")[:40])
    Allocation.objects.filter(project__in=shared[::4]).delete()
    Allocation.objects.bulk_create(
        [
            Allocation(project=project, authority=authorities[(place + step) % 6], amount=1)
            for place, project in enumerate(shared)
            for step in (0, 2)
        ],
        ignore_conflicts=True,
    )
    Project.objects.filter(code__in=[p.code for p in shared[::5]]).update(pillar=None)
    Project.objects.filter(code__in=[p.code for p in shared[::7]]).update(component=None)
    Assessment.objects.bulk_create(
        Assessment(report=said.report, milestone=said.milestone, version=2, corrects=said,
                   status="delayed", expected=said.milestone.due + 2)
        for said in Assessment.objects.select_related("milestone", "report").order_by("pk")[::9]
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(request=first.request, milestone=first.milestone, decided_on="2025-01-01",
                verdict="suspended")
        for first in Verdict.objects.select_related("milestone", "request").order_by("pk")[::3]
    )  # fmt: skip


def codes(selection: Selection) -> list[str]:
    return list(selection.rows.values_list("code", flat=True))


def there(row: Any, report: ProgressReport) -> bool:
    return bool(row.joined <= report.as_of and (row.left is None or row.left > report.as_of))


def text(row: Any, *fields: str) -> set[str]:
    parts = [row.code, *(getattr(row, f"{f}_{code}") for f in fields for code in LANGUAGES)]
    return set(words(" ".join(parts)))


@cache
def facts(name: str, month: str) -> dict[str, Facts]:
    """What is true of each row in the plan of a report, by the names of the facets."""
    report = ProgressReport.objects.get(month=month)
    projects = {}
    rows = Project.objects.select_related("pillar", "component", "lead")
    for p in rows.prefetch_related("allocations__authority"):
        shares = (("climate", p.climate_contribution), ("digital", p.digital_contribution))
        projects[p.pk] = {
            "pillar": {str(p.pillar.number) if p.pillar else "none"},
            "component": {p.component.code} if p.component else set(),
            "authority": {a.authority.code for a in p.allocations.all()} | {p.lead.code},
            "kind": {p.kind},
            "contributes": {objective for objective, share in shares if share},
            "budget": set() if p.budget is None else {str(p.budget)},
            "q": text(p, *PROJECT_TEXTS),
            "status": set(),
            "due": set(),
            "project": {p.code} if there(p, report) else set(),
        }
    said = {a.milestone_id: a for a in Assessment.objects.filter(report=report).order_by("version")}
    verdicts = {v.milestone_id: v.verdict for v in Verdict.objects.order_by("decided_on", "pk")}
    milestones = {}
    for m in Milestone.objects.all():
        of = projects[m.project_id]
        if not (of["project"] and there(m, report)):
            continue
        status = said[m.pk].status if m.pk in said else "not-reported"
        overdue = m.baseline_due.end < report.as_of and status != "done"
        milestones[m.code] = of | {
            "kind": {m.kind},
            "status": {status},
            "due": {str(m.due), str(m.due.year)},
            "overdue": {"yes" if overdue else "no"},
            "verdict": {verdicts.get(m.pk, "none")},
            "baseline": {str(m.baseline_due)},
            "q": text(m, "title", "description", "unit") | of["q"],
        }
        of["status"].add(status)
        of["due"] |= {str(m.due), str(m.due.year)}
    if name == "milestones":
        return milestones
    return {code: of for of in projects.values() for code in of["project"]}


def expected(name: str, parameters: Parameters) -> set[str]:
    """The codes of the rows that these parameters describe, by plain Python."""
    month = parameters.get("report", ["2023-12"])[0]
    return {code for code, fact in facts(name, month).items() if fits(fact, parameters)}


def fits(fact: Facts, parameters: Parameters) -> bool:
    for name, values in parameters.items():
        match name:
            case "report" | "sort" | "page":
                continue
            case "q":
                wanted = words(values[0])
                found = all(any(w.startswith(term) for w in fact["q"]) for term in wanted)
            case "budget_min":
                found = any(int(budget) >= int(values[0]) for budget in fact["budget"])
            case "budget_max":
                found = any(int(budget) <= int(values[0]) for budget in fact["budget"])
            case _:
                found = bool(fact[name] & set(values))
        if not found:
            return False
    return True


@settings(max_examples=40)
@given(requests)
def test_what_is_chosen_is_what_is_listed(request: tuple[str, Parameters]) -> None:
    name, parameters = request
    assert set(codes(choose(name, parameters))) == expected(name, parameters)


@settings(max_examples=25)
@given(requests)
def test_an_option_counts_the_rows_that_it_alone_would_give(
    request: tuple[str, Parameters],
) -> None:
    name, parameters = request
    for facet, options in choose(name, parameters).facets:
        for option in options:
            alone = parameters | {facet.name: [option.value]}
            assert option.count == len(expected(name, alone)), (facet.name, option.value)
            assert option.chosen == (option.value in parameters.get(facet.name, []))


@settings(max_examples=25)
@given(ordered, st.randoms(use_true_random=False))
def test_the_order_of_the_parameters_does_not_matter(
    request: tuple[str, Parameters], random: Any
) -> None:
    name, parameters = request
    shuffled = [(key, random.sample(values, len(values))) for key, values in parameters.items()]
    random.shuffle(shuffled)
    assert codes(choose(name, dict(shuffled))) == codes(choose(name, parameters))


@settings(max_examples=25)
@given(ordered, st.integers(1, 20))
def test_an_address_says_all_that_is_chosen(request: tuple[str, Parameters], page: int) -> None:
    name, parameters = request
    selection = choose(name, parameters | {"page": [str(page)]})
    again = choose(name, parse_qs(selection.query_string().removeprefix("?")))
    assert again.query_string() == selection.query_string()
    assert again.chosen == selection.chosen
    assert not again.unknown
    assert [row.code for row in again.page] == [row.code for row in selection.page]
