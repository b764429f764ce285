"""The projects as blocks: to read about, as a table, and where each is told of."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from nextgen import formats, wall
from nextgen.brochure.parts import STATUSES, Block, joined, table
from nextgen.brochure.source import Source
from nextgen.brochure.words import Inline, link, standing, valued
from projects.models import Project


def entries(source: Source, projects: Sequence[Project], *, labelled: bool = True) -> Block:
    """Projects as they are read about: title, money, authority, milestones, and what they do."""
    return {"kind": "entries", "items": [_entry(source, each, labelled) for each in projects]}


def _entry(source: Source, project: Project, labelled: bool) -> Block:
    counts = source.splits.get(project.pk, {})
    lead = valued(project.lead.short_name, project.provenance_of("lead"))
    meta: list[Inline] = [
        budget_of(project),
        lead,
    ]
    if project.kind == "reform":
        meta.append(str(project.get_kind_display()))
    for objective, label in (("climate", _("climate")), ("digital", _("digital"))):
        contribution = getattr(project, f"{objective}_contribution")
        if contribution:
            mark = project.provenance_of(f"{objective}_contribution")
            meta.append([f"{label} ", valued(formats.per_cent(contribution), mark)])
    return {
        "label": label_of(project) if labelled else None,
        "colour": f"pillar-{project.pillar.number}" if project.pillar else "ink",
        "title": link(reverse("project", args=[project.code]), project.short_title),
        "name": project.short_title,
        "meta": joined(meta, " · "),
        "squares": [[status, counts[status]] for status in wall.ORDER if counts.get(status)],
        "said": standing({status: counts.get(status, 0) for status in wall.ORDER}),
        "summary": project.summary,
    }  # fmt: skip


def label_of(project: Project) -> str:
    return f"project-{project.code}"


def budget_of(project: Project) -> Inline:
    if project.budget is None:
        return _("budget not published")
    return valued(formats.money(project.budget), project.provenance_of("budget"))


def register(source: Source, projects: Sequence[Project]) -> Block:
    """Projects as a table: code, title, pillar, budget, milestones by status."""
    rows: list[list[Inline]] = []
    for project in projects:
        counts = source.splits.get(project.pk, {})
        numbers = [formats.number(counts[s]) if counts.get(s) else "–" for s in STATUSES]
        title = link(reverse("project", args=[project.code]), project.short_title)
        code: Inline = {"code": project.code}
        pillar = project.pillar.short_name if project.pillar else _("Cross-cutting")
        budget = budget_of(project) if project.budget is not None else _("not published")
        rows.append([[title, {"break": True}, code], pillar, budget, *numbers])
    titles = [
        _("Project"), _("Pillar"), _("Budget"), _("Done"), _("On track"), _("Delayed"),
        _("Not reported"),
    ]  # fmt: skip
    return table(titles, rows, numbers=2, widths=[1, 0])
