"""Editions: the figures of a report as they were when it was published."""

import hashlib
from typing import Any

from django.db import connections

from milestones.figures import ALL_DEFINITIONS, milestone_figures_by, plan_figures
from milestones.kept import kept
from milestones.models import Edition, Milestone, ProgressReport
from projects.figures import Figure, Figures, authority_money, project_figures_by
from projects.models import Project

PLAN = ""
KEPT = ("value", "numerator", "denominator", "left_out", "provenance")


def figures_of(
    report: ProgressReport, *, as_published: bool = False, closed: bool = False
) -> dict[str, Figures]:
    """All figures that an edition holds, as the rows give them now, by scope.

    Of a plan that is closed also what came of it, which no edition holds.

    The scope is '' for the plan, 'pillar-1' (by number, 'pillar-none' for cross-cutting projects),
    'authority-FED' for its money, by allocation, and 'lead-FED' for the milestones that it leads.
    """
    projects = Project.objects.in_plan(report.as_of)
    milestones = Milestone.objects.in_plan(report)
    groups: list[Figures] = [
        *project_figures_by(projects, "pillar__number", report.as_of).values(),
        *({money.name: money} for money in authority_money(projects, report.as_of).values()),
        *(
            figures
            for field in ("project__pillar__number", "project__lead__code")
            for figures in milestone_figures_by(
                milestones, field, report, as_published=as_published, closed=closed
            ).values()
        ),
    ]
    scopes: dict[str, Figures] = {
        PLAN: plan_figures(report, as_published=as_published, closed=closed)
    }
    for figures in groups:
        for name, figure in figures.items():
            scopes.setdefault(figure.scope, {})[name] = figure
    return scopes


def freeze(report: ProgressReport, package: bytes | None) -> Edition:
    """Keeps the figures of a published report for ever, and its package where there is one."""
    rows = [
        {"scope": scope, "name": name, **{each: getattr(figure, each) for each in KEPT}}
        for scope, figures in figures_of(report, as_published=True).items()
        for name, figure in figures.items()
    ]
    digest = hashlib.sha256(package).hexdigest() if package else ""
    return Edition.objects.create(report=report, figures=rows, package=package, sha256=digest)


def freeze_missing() -> list[Edition]:
    """Editions for published reports that have none: those that a package brought along."""
    return [freeze(each, None) for each in ProgressReport.objects.published().filter(edition=None)]


def after_migration(*, using: str, **_signal: Any) -> None:
    """A site that published before it kept editions keeps them from its next migration on."""
    if Edition._meta.db_table in connections[using].introspection.table_names():
        freeze_missing()


def as_published(edition: Edition) -> dict[str, Figures]:
    """The figures of an edition by scope and name, as they were published."""
    scopes: dict[str, Figures] = {}
    for row in edition.figures:
        told: dict[str, Any] = {name: row[name] for name in KEPT}
        figure = Figure(
            definition=ALL_DEFINITIONS[row["name"]],
            as_of=edition.report.as_of,
            report=edition.report.month,
            scope=row["scope"],
            **told,
        )
        scopes.setdefault(row["scope"], {})[figure.name] = figure
    return scopes


def corrected(published: dict[str, Figures], report: ProgressReport) -> dict[str, Figures]:
    """The figures that the rows, as corrected, give otherwise now than they were published."""
    now = kept(("scopes", report.month), lambda: figures_of(report))
    return {
        scope: {
            name: now[scope][name]
            for name, figure in figures.items()
            if name in now.get(scope, {}) and now[scope][name].value != figure.value
        }
        for scope, figures in published.items()
    }
