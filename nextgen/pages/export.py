"""A selection as CSV: all its rows in its order, codes and names, one row a record."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language

from milestones.models import Change, Milestone, ProgressReport, Status
from projects.models import Project
from projects.selection import Selection, Unknown

PROBLEM = "application/problem+json"
PROJECT_COLUMNS = [
    "code", "kind", "title", "pillar", "pillar_name", "component", "component_name", "lead",
    "lead_name", "authorities", "budget", "climate_contribution", "digital_contribution",
    "milestones", *Status.values, "joined", "left", "provenance", "unsourced", "report",
]  # fmt: skip
MILESTONE_COLUMNS = [
    "code", "kind", "title", "project", "project_title", "pillar", "pillar_name", "lead",
    "lead_name", "status", "baseline_due", "due", "done_quarter", "expected", "slippage",
    "goal_value", "unit", "provenance", "unsourced", "report",
]  # fmt: skip
CHANGE_COLUMNS = [
    "number", "made_on", "kind", "record_type", "record", "field", "from", "to", "reason", "role",
    "document",
]  # fmt: skip


def defused(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return "" if cell is None else cell


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download: UTF-8, RFC 4180."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def problem(selection: Selection) -> JsonResponse | None:
    """400 as problem+json (RFC 9457) that names what was not understood; None if all was."""
    return misunderstood(selection.unknown, selection.listing.parameters)


def misunderstood(unknown: Sequence[Unknown], parameters: Sequence[str]) -> JsonResponse | None:
    """The same for whatever else has parameters."""
    if not unknown:
        return None
    first = unknown[0]
    kind = "value of" if first.known_parameter else "parameter"
    return trouble(
        400,
        "Unknown parameter or value",
        f"Unknown {kind} {first.parameter}: {first.value!r}",
        parameters=sorted({each.parameter for each in unknown}),
        known=parameters,
    )


def trouble(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """An error as a program reads it: problem+json (RFC 9457)."""
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **more},
        status=status,
        content_type=PROBLEM,
        headers={"Content-Language": "en"},
    )


def carriers(project: Project) -> list[str]:
    """The codes of the authorities that lead a project or carry an allocation of it."""
    return sorted({a.authority.code for a in project.allocations.all()} | {project.lead.code})


def project_rows(
    projects: Iterable[Project], counts: dict[int, dict[str, int]], report: ProgressReport
) -> Iterable[Sequence[Any]]:
    for project in projects:
        statuses = counts.get(project.pk, {})
        yield [
            project.code,
            project.kind,
            project.title,
            project.pillar.number if project.pillar else None,
            project.pillar.name if project.pillar else None,
            project.component.code if project.component else None,
            project.component.name if project.component else None,
            project.lead.code,
            project.lead.short_name,
            ";".join(carriers(project)),
            project.budget,
            project.climate_contribution,
            project.digital_contribution,
            sum(statuses.values()),
            *(statuses.get(status, 0) for status in Status.values),
            project.joined,
            project.left,
            project.provenance,
            project.unsourced,
            report.month,
        ]


def milestone_rows(
    milestones: Iterable[Milestone], report: ProgressReport
) -> Iterable[Sequence[Any]]:
    for milestone in milestones:
        project, pillar = milestone.project, milestone.project.pillar
        said = milestone.said[0] if milestone.said else None  # type: ignore[attr-defined]
        yield [
            milestone.code,
            milestone.kind,
            milestone.title,
            project.code,
            project.short_title,
            pillar.number if pillar else None,
            pillar.name if pillar else None,
            project.lead.code,
            project.lead.short_name,
            milestone.status,  # type: ignore[attr-defined]
            milestone.baseline_due,
            milestone.due,
            said and said.done_quarter,
            said and said.expected,
            milestone.slippage,  # type: ignore[attr-defined]
            milestone.goal_value,
            milestone.unit,
            milestone.provenance,
            milestone.unsourced,
            report.month,
        ]


def change_rows(changes: Iterable[Change]) -> Iterable[Sequence[Any]]:
    for change in changes:
        yield [
            change.number,
            change.made_on,
            change.kind,
            change.record_type,
            change.record,
            change.field,
            change.old,
            change.new,
            change.reason,
            change.role,
            change.document,
        ]


def file_name(name: str, report: ProgressReport) -> str:
    return f"{name}-{report.month}-{get_language()}"
