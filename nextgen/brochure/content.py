"""All that one brochure says, in the language in force, as data for the typesetter."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from nextgen import formats
from nextgen.brochure import parts
from nextgen.brochure.changes import changes
from nextgen.brochure.parts import Block
from nextgen.brochure.projects import entries, label_of, register
from nextgen.brochure.source import Scope, Source
from nextgen.brochure.words import Inline, absolute, figure, link
from nextgen.charts.chart import shown as shown_as
from nextgen.emblem import EMBLEM
from projects.models import Project

Chapter = dict[str, Any]


def content(source: Source, scope: Scope) -> dict[str, Any]:
    """The brochure of a scope; `source` is an edition. Raises nothing of its own."""
    report, plan, edition = source.report, source.plan, source.edition
    month = _("Report of %(month)s") % {"month": formats.month(report.as_of)}
    title = _title(source, scope)
    day = report.published_on or report.as_of
    stamp = _("Edition %(hash)s") % {"hash": edition.short_hash}
    return {
        "language": get_language(),
        "title": f"{title} – {plan.name}, {month}" if scope.name else f"{plan.name} – {title}",
        "author": plan.name,
        "date": [day.year, day.month, day.day],
        "foot": f"{plan.name} · {month} · {stamp}",
        "legend": _legend(source),
        "cover": {
            "plan": plan.name,
            "title": title,
            "kicker": _kicker(source, scope),
            "lead": _lead(source, scope),
            "edition": month,
            "stamp": stamp,
            "wall": parts.wall_of(source, scope, lying=True),
            "emblem": EMBLEM,
            "emblem_alt": _("Flag of the European Union"),
            "funded": _("Funded by the European Union – NextGenerationEU"),
        },
        "contents": "" if scope.name else _("Contents"),
        "chapters": list(_chapters(source, scope)),
    }


def _title(source: Source, scope: Scope) -> str:
    part = scope.pillar or scope.authority
    return part.name if part else _("What became of the recovery plan?")


def _kicker(source: Source, scope: Scope) -> str:
    if scope.pillar:
        return f"{_('Pillar')} {scope.pillar.number}"
    return _("Authority") if scope.authority else source.plan.official_name


def _lead(source: Source, scope: Scope) -> Inline:
    if scope.pillar:
        return str(scope.pillar.challenge)
    if scope.authority is None:
        return str(source.plan.tagline)
    led = source.rows(Scope()).filter(lead=scope.authority).count()
    carried = source.rows(scope).count()
    if led == carried:
        words = ngettext(
            "It leads %(led_projects)s project.", "It leads %(led_projects)s projects.", led
        )
    else:
        words = ngettext(
            "It leads %(led_projects)s project and helps to carry %(carried)s in all.",
            "It leads %(led_projects)s projects and helps to carry %(carried)s in all.",
            led,
        )
    return words % {"led_projects": formats.number(led), "carried": formats.number(carried)}


def _legend(source: Source) -> str:
    return _("* reconstructed for this demonstration") if source.plan.demonstration else ""


def _chapters(source: Source, scope: Scope) -> Iterable[Chapter]:
    if scope.name:
        yield _part(source, scope)
        yield _made(source, scope)
        return
    yield _plan(source)
    for each in source.pillars:
        yield _part(source, each)
    if loose := [project for project in source.projects(scope) if not project.pillar]:
        yield {"title": _("Cross-cutting"), "blocks": _told(source, loose)}
    if changed := changes(source):
        yield {"title": _("What changed in this half-year"), "blocks": changed}
    yield _register(source)
    yield _made(source, scope)
    yield _index(source)


def _plan(source: Source) -> Chapter:
    whole = Scope()
    return {
        "title": _("The plan on a page"),
        "blocks": [
            parts.headline(source, whole),
            parts.split(source.figures(whole)),
            *parts.wall_of(source, whole),
            parts.pillars(source),
            {"kind": "page"},
            {"kind": "heading", "text": _("Who carries how much")},
            parts.authorities(source),
            *parts.texts("plan-why"),
            *parts.chart(source, whole, "planned-and-actual"),
            {"kind": "page"},
            *parts.texts("plan-solidarity"),
            *parts.chart(source, whole, "milestones-by-report"),
        ],
    }


def _part(source: Source, scope: Scope) -> Chapter:
    """The chapter of a pillar or an authority."""
    part = scope.pillar or scope.authority
    about = _("What it is about") if scope.pillar else _("What it does")
    # Authorities share budgets of components: what one of them carries is no sum of those.
    chart = "money-by-component" if scope.pillar else "planned-and-actual"
    return {
        "title": _title(source, scope),
        "colour": scope.name,
        "kicker": _kicker(source, scope),
        "lead": _lead(source, scope),
        "blocks": [
            *parts.wall_of(source, scope),
            parts.split(source.figures(scope)),
            parts.headline(source, scope),
            *parts.chart(source, scope, chart),
            {"kind": "heading", "text": about},
            *parts.text(part.story if part else ""),
            *parts.components(source, scope),
            *_told(source, source.projects(scope)),
        ],
    }


def _told(source: Source, projects: list[Project]) -> list[Block]:
    return [{"kind": "heading", "text": _("Its projects")}, entries(source, projects)]


def _register(source: Source) -> Chapter:
    """All projects of the plan, under the authority that leads each."""
    projects = source.projects(Scope())
    note = _("Codes that begin with x- are this site's own: no official one was found.")
    blocks: list[Block] = [{"kind": "text", "body": note}]
    for scope in source.authorities:
        led = [project for project in projects if project.lead == scope.authority]
        if led and scope.authority:
            blocks += [
                {"kind": "heading", "text": scope.authority.name},
                register(source, led),
            ]
    return {"title": _("All projects by authority"), "blocks": blocks}


def _made(source: Source, scope: Scope) -> Chapter:
    """How the figures of this brochure are made, and how to check them."""
    published = [] if scope.name else _published(source)
    return {
        "title": _("How the figures are made"),
        "blocks": [
            {"kind": "text", "body": _computed(source)},
            # Here too: what stands at the foot of a page is not read aloud.
            *([{"kind": "text", "body": _legend(source)}] if source.plan.demonstration else []),
            {"kind": "heading", "text": _("The figures")},
            parts.definitions(source, scope),
            *published,
            *(parts.texts("provenance") if source.plan.demonstration else []),
            *(_colophon(source) if scope.name else parts.texts("contradictions")),
        ],
    }


def _computed(source: Source) -> str:
    """When the figures were computed: an edition without a package is younger than its report."""
    day = {"day": formats.day(source.report.as_of)}
    if source.edition.sha256:
        frozen = _(
            "Every figure here is computed from its rows by one formula, as of %(day)s, and reads"
            " as it was published then. What was corrected later stands on the site."
        )
        return frozen % day
    every = _(
        "Every figure here is computed from its rows by one formula, as of %(day)s. What was"
        " corrected later stands on the site."
    )
    late = _(
        "This report was published before this site kept editions. Its figures were computed when"
        " it was brought in, on %(day)s, from what the report said; there is no data package of its"
        " own day."
    )
    return f"{every % day} {late % {'day': _frozen_on(source)}}"


def _frozen_on(source: Source) -> str:
    return formats.day(timezone.localdate(source.edition.frozen_at))


def _published(source: Source) -> list[Block]:
    figures = source.figures(Scope())
    rows: list[list[Inline]] = [
        [
            str(figures[each.figure].definition.title),
            each.explanation or "–",
            shown_as(int(each.value), figures[each.figure].unit),
            figure(figures[each.figure]),
        ]
        for each in source.report.published_figures.all()
        if each.figure in figures
    ]
    if not rows:
        return []
    titles = [_("Figure"), _("Explanation"), _("Published"), _("Computed here")]
    return [
        {"kind": "heading", "text": _("What was published then")},
        parts.table(titles, rows, numbers=2, widths=[1, 2]),
    ]


def _colophon(source: Source) -> list[Block]:
    report, edition = source.report, source.edition
    colon = pgettext("punctuation", ": ")
    digest = (
        _("The first twelve digits of the SHA-256 of its data package stand at each page's foot.")
        if edition.sha256
        else _("The first twelve digits of the SHA-256 of its figures stand at each page's foot.")
    )
    address = reverse("report", args=[report.month])
    free = _("The data is in the public domain (CC0); the code is free software (EUPL-1.2).")
    rows: list[tuple[str, Inline]] = [
        (_("Edition"), link(address, f"{formats.month(report.as_of)}, {edition.short_hash}")),
        (_("As of"), formats.day(report.as_of)),
        (_("Published on"), formats.day(report.published_on or report.as_of)),
        *([] if edition.sha256 else [(_("Figures computed on"), _frozen_on(source))]),
        (_("On the web"), link(reverse("home"), absolute(reverse("home")))),
    ]
    return [
        {"kind": "heading", "text": _("This edition")},
        {
            "kind": "facts",
            "rows": [[name + colon, value] for name, value in rows],
            "notes": [digest, free],
        },
    ]


def _index(source: Source) -> Chapter:
    """Where each project is told of, by title and by code; then what edition this is."""
    projects = source.projects(Scope())
    by_code = sorted(projects, key=lambda project: project.code)

    def items(found: list[Project], name: str) -> list[list[str]]:
        return [[getattr(each, name), label_of(each)] for each in found]

    return {
        "title": _("Index"),
        "blocks": [
            {"kind": "heading", "text": _("By title")},
            {"kind": "index", "items": items(projects, "short_title")},
            {"kind": "page"},
            {"kind": "heading", "text": _("By code")},
            {"kind": "index", "items": items(by_code, "code")},
            *_colophon(source),
        ],
    }
