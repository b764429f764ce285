"""What brochures consist of: each function gives blocks, which `blocks.typ` knows how to set."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from milestones.figures import ALL_DEFINITIONS, share_sum
from milestones.models import ProgressReport, Status
from nextgen import charts, formats
from nextgen.brochure import pictures
from nextgen.brochure.source import Scope, Source
from nextgen.brochure.words import (
    Inline,
    counted,
    figure,
    filled,
    link,
    prose,
    told,
)
from nextgen.charts.picture import svg
from nextgen.charts.scope import Scope as Drawn
from projects.figures import EUR, PER_CENT, Figure, Figures
from projects.models import Text
from projects.querysets import ProjectQuerySet

Block = dict[str, Any]
STATUSES = [Status.DONE, Status.ON_TRACK, Status.DELAYED, Status.NOT_REPORTED]


def wall_of(source: Source, scope: Scope, *, lying: bool = False) -> list[Block]:
    drawn = source.wall(scope)
    if drawn is None:
        return []
    words = {"total": formats.number(drawn.total), "month": formats.month(source.report.as_of)}
    alt = _(
        "A picture of %(total)s milestones, a square each, in the quarter for which each was first"
        " promised, as the report of %(month)s speaks of them."
    )
    today = _("Report of %(month)s") % words
    drawing = drawn.lying if lying else drawn.standing
    return [
        {
            "kind": "picture",
            "svg": pictures.wall(drawing, today),
            "alt": alt % words,
            "ratio": drawing.width / drawing.height,
        }
    ]


def headline(source: Source, scope: Scope) -> Block:
    """The four figures that stand at the head of every page of the site."""
    figures = source.figures(scope)
    kinds = filled(
        _("%(investments)s and %(reforms)s."),
        investments=counted(figures, "projects-investment"),
        reforms=counted(figures, "projects-reform"),
    )
    notes: dict[str, tuple[str, str, Inline]] = {
        "total-budget": (
            "ink",
            _("Total budget") if not scope.name else _("Budget"),
            _money_of(scope),
        ),
        "projects": ("sun", _("Projects"), kinds),
        "climate-share": (
            "climate",
            _("For the climate"),
            _("A share of the money, not of the number of projects."),
        ),
        "digital-share": (
            "digital",
            _("For digitalisation"),
            _("Some projects count towards both objectives."),
        ),
    }
    return {
        "kind": "figures",
        "items": [
            {"value": figure(figures.get(name)), "colour": colour, "name": title, "note": note}
            for name, (colour, title, note) in notes.items()
        ],
    }


def _money_of(scope: Scope) -> str:
    """What the budget of a scope is the sum of."""
    if scope.authority:
        return _("What this authority carries, by allocation.")
    if scope.pillar:
        return _("The published budgets of its projects.")
    return _("All projects together, European and Belgian money.")


def split(figures: Figures) -> Block:
    """How many milestones have which status, with the bar that shows it."""
    items = [
        {
            "status": status,
            "label": str(status.label),
            "value": figure(figures.get(f"milestones-{status}-share")),
            "note": counted(figures, f"milestones-{status}"),
        }
        for status in STATUSES[:3]
    ]
    silent = Status.NOT_REPORTED
    items.append(
        {
            "status": silent,
            "label": str(silent.label),
            "value": figure(figures.get(f"milestones-{silent}")),
            "note": _("not counted in the shares"),
        }
    )
    total = share_sum(figures)
    rounded = _("Each share is rounded on its own: together they make %(sum)s.") % {"sum": total}
    return {
        "kind": "split",
        "items": items,
        "bar": bar(figures),
        "note": rounded if total not in (0, 100) else "",
    }


def bar(figures: Figures) -> list[list[Any]]:
    """Milestones by status, as the lengths of a bar's parts."""
    counts = [(s, figures.get(f"milestones-{s}")) for s in STATUSES]
    return [[status, found.value] for status, found in counts if found and found.value]


def pillars(source: Source) -> Block:
    """Each pillar with its money and its milestones."""
    largest = max((_money(source.figures(s)) for s in source.pillars), default=0) or 1
    rows = []
    for scope in source.pillars:
        if scope.pillar:
            figures = source.figures(scope)
            said = [told(figures, s) for s in STATUSES if _value(figures, f"milestones-{s}")]
            note = [counted(figures, "projects"), " · ", counted(figures, "milestones")]
            rows.append(
                {
                    "colour": scope.name,
                    "name": link(reverse("pillar", args=[scope.pillar.slug]), scope.pillar.name),
                    "money": figure(figures.get("total-budget")),
                    "length": _money(figures) / largest,
                    "note": [note, pgettext("punctuation", ": "), joined(said)],
                    "bar": bar(figures),
                }
            )
    return {"kind": "bars", "rows": rows}


def _value(figures: Figures, name: str) -> int:
    found = figures.get(name)
    return (found.value or 0) if found else 0


def _money(figures: Figures) -> int:
    return _value(figures, "total-budget")


def joined(parts: Sequence[Inline], between: str = ", ") -> list[Inline]:
    return [piece for part in parts for piece in (between, part)][1:]


def authorities(source: Source) -> Block:
    """Who carries how much, and how the milestones of the projects that it leads stand."""
    rows = []
    for scope in source.authorities:
        if scope.authority:
            led = source.kept.get(f"lead-{scope.authority.code}", {})
            money = source.kept.get(scope.name, {}).get("total-budget")
            address = reverse("authority", args=[scope.authority.code])
            counts = [figure(led.get(f"milestones-{s}")) for s in STATUSES]
            name = link(address, scope.authority.name)
            rows.append([name, figure(money), figure(led.get("milestones")), *counts])
    statuses = [_("Done"), _("On track"), _("Delayed"), _("Not reported")]
    note = _(
        "The budget of an authority is what it carries itself; its milestones are those of the"
        " projects that it leads."
    )
    return table([_("Authority"), _("Budget"), _("Milestones"), *statuses], rows, note=note)


def table(
    titles: Sequence[str], rows: Sequence[Sequence[Inline]], *, numbers: int | None = None,
    widths: Sequence[float] = (), note: Inline = "",
) -> Block:  # fmt: skip
    """A table; from column `numbers` on (the second, unless said) it holds numbers.

    `widths` are the shares of the width that its columns with words take; 0: as wide as its words.
    """
    first = 1 if numbers is None else numbers
    return {
        "kind": "table", "columns": list(titles), "rows": rows, "numbers": first,
        "widths": list(widths) or [1] * first, "note": note,
    }  # fmt: skip


def chart(source: Source, scope: Scope, name: str) -> list[Block]:
    """A chart of the site, with its title and measure as text; none where it would be empty."""

    def chosen(_report: ProgressReport) -> ProjectQuerySet:
        return source.rows(scope)

    of = Drawn.of(source.report, chosen, name=scope.name, as_published=True)
    made = charts.make(name, of)
    if not made.rows:
        return []
    alt = f"{made.title}. {made.measure}. {made.source}."
    picture = svg(made, titled=False)
    return [
        {"kind": "chart", "title": made.title, "measure": made.measure, "source": made.source,
         "svg": picture, "alt": alt}
    ]  # fmt: skip


def components(source: Source, scope: Scope) -> list[Block]:
    """The components of its projects, with how many and how much."""
    rows = [
        {
            "name": link(
                f"{reverse('projects')}?component={code}", f"{code} {source.components[code].name}"
            ),
            "value": [counted(figures, "projects"), " · ", figure(figures.get("total-budget"))],
        }
        for code, figures in source.by_component(scope).items()
        if code
    ]
    return [{"kind": "ruled", "title": _("Its components"), "rows": rows}] if rows else []


def text(body: str) -> list[Block]:
    return [{"kind": "prose", "blocks": prose(body)}] if body else []


def texts(*pages: str) -> list[Block]:
    """Texts of the plan, each under its title."""
    found = Text.objects.of(*pages)
    return [
        block
        for page in pages
        if page in found
        for block in ({"kind": "heading", "text": found[page].title}, *text(found[page].body))
    ]


def definitions(source: Source, scope: Scope) -> Block:
    """How each figure of a scope is made, with the numbers in its formula."""
    items = []
    figures = source.figures(scope)
    for name, definition in ALL_DEFINITIONS.items():
        found = figures.get(name)
        if found is None:
            continue
        # The definition speaks of the whole plan's money.
        part = bool(scope.name) and found.unit == EUR
        left_out = found.left_out and ngettext(
            "one project whose budget is not published",
            "%(n)s projects whose budget is not published",
            found.left_out,
        ) % {"n": found.left_out}
        items.append(
            {
                "title": link(reverse("figure", args=[name]), str(definition.title)),
                "name": str(definition.title),
                "value": figure(found),
                "meaning": _money_of(scope) if part else str(definition.meaning),
                "formula": "" if part else str(definition.formula),
                "numbers": _numbers(found),
                "left_out": f"{_('Left out')}{pgettext('punctuation', ': ')}{left_out}"
                if left_out
                else "",
            }
        )
    return {"kind": "definitions", "items": items}


def _numbers(found: Figure) -> Inline:
    """The formula of a figure with its numbers: '138 ÷ 410 = 34 %'; '' for a plain count."""
    if found.unit == EUR and found.value is not None:
        return formats.money_in_full(found.value)
    if found.unit != PER_CENT or not found.denominator:
        return ""
    money = found.name in ("climate-share", "digital-share")
    form = formats.money_in_full if money else formats.number
    return [f"{form(found.numerator or 0)} ÷ {form(found.denominator)} = ", figure(found)]
