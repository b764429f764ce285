"""The plan of the database as a package: canonical rows, in a fixed number of queries."""

from collections import defaultdict
from typing import Any

from django.db import models

from milestones import models as progress
from nextgen.package.column import Column
from nextgen.package.notation import written
from nextgen.package.package import Package
from nextgen.package.schema import ordered
from nextgen.package.sheet import Row
from nextgen.package.tables import TABLES
from projects import models as plan

MODELS: dict[str, type[models.Model]] = {
    "plan": plan.Plan,
    "texts": plan.Text,
    "pillars": plan.Pillar,
    "components": plan.Component,
    "authorities": plan.Authority,
    "projects": plan.Project,
    "allocations": plan.Allocation,
    "milestones": progress.Milestone,
    "reports": progress.ProgressReport,
    "assessments": progress.Assessment,
    "published_figures": progress.PublishedFigure,
    "payment_requests": progress.PaymentRequest,
    "verdicts": progress.Verdict,
    "changes": progress.Change,
    "recipients": plan.Recipient,
}


def path(column: Column, name: str) -> str:
    """The lookup of a column from its model: 'lead__code', 'title_fr', 'corrects__version'."""
    if column.name == "corrects":
        return "corrects__version"
    return f"{name}__{column.to.split('.')[1]}" if column.to and not column.many else name


def stored() -> Package | None:
    """The plan of the database, or None where there is none yet."""
    languages = plan.Plan.objects.values_list("languages", flat=True).first()
    if languages is None:
        return None
    codes = ordered(languages.split(";"))
    return Package.of(codes, {name: _rows(name, codes) for name in TABLES})


def _rows(table: str, languages: list[str]) -> list[Row]:
    columns = TABLES[table].by_name(languages)
    lists = _lists(table)
    plain = {name: path(each, name) for name, each in columns.items() if name not in lists}
    found = MODELS[table]._default_manager.values_list("pk", *plain.values())
    rows = []
    for pk, *values in found.order_by():
        given: dict[str, Any] = dict(zip(plain, values, strict=True))
        given |= {name: ";".join(codes[pk]) for name, codes in lists.items()}
        rows.append(Row(0, {name: written(each, given[name]) for name, each in columns.items()}))
    return rows


def _lists(table: str) -> dict[str, dict[int, list[str]]]:
    """The list columns that are tables of their own in the database: codes by owner's pk."""
    lists: dict[str, dict[int, list[str]]] = {}
    if table == "recipients":
        lists = {"projects": defaultdict(list)}
        for pk, code in plan.Recipient.projects.through._default_manager.values_list(
            "recipient_id", "project__code"
        ):
            lists["projects"][pk].append(code)
    if table == "payment_requests":
        lists = {"milestones": defaultdict(list), "unsourced_milestones": defaultdict(list)}
        claims = progress.Claim.objects.order_by()
        for pk, code, sourced in claims.values_list("request_id", "milestone__code", "sourced"):
            lists["milestones"][pk].append(code)
            if not sourced:
                lists["unsourced_milestones"][pk].append(code)
    return lists
