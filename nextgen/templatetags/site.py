"""What several templates show: figures, statuses, provenance marks, squares, formats."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markdown_it import MarkdownIt

from milestones.figures import share_sum
from milestones.models import Outcome, ProgressReport, Status, Verdict
from nextgen import formats, wall
from nextgen.charts import plotted
from nextgen.charts.chart import Cell, Chart, Series
from nextgen.charts.chart import shown as chart_value
from nextgen.emblem import SHAPES
from projects.figures import COUNT, EUR, Figure
from projects.listing import Option, Sort
from projects.search import words
from projects.selection import Selection

register = template.Library()

for form in (
    formats.number,
    formats.quantity,
    formats.money,
    formats.money_in_full,
    formats.per_cent,
    formats.day,
    formats.moment,
    formats.month,
    formats.quarter,
    formats.signed,
):
    register.filter(form.__name__, form)
register.filter("share_sum", share_sum)

# Raw HTML in a text is shown as text: the plan's texts come from outside.
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@register.simple_tag
def emblem_shapes() -> SafeString:
    return SafeString(SHAPES)


@register.filter
def markdown(text: str) -> SafeString:
    return SafeString(MARKDOWN.render(text))


@register.filter
def lookup(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    return (mapping or {}).get(key)


@register.filter
def shown(figure: Figure) -> str:
    """A figure's value as it reads everywhere: '€6.6 bn', '51 %', '127'."""
    return _("not published") if figure.value is None else shown_as(figure, figure.value)


@register.filter
def shown_as(figure: Figure, value: Decimal | int) -> str:
    """Another value of the same figure, as it would read."""
    if figure.unit == EUR:
        return formats.money(int(value))
    return formats.number(value) if figure.unit == COUNT else formats.per_cent(int(value))


@register.simple_tag(takes_context=True)
def figure(
    context: template.Context, figures: Mapping[str, Figure] | None, name: str = "total-budget"
) -> SafeString:
    """One of some figures as a person and a machine read it; a dash where there is none."""
    found = (figures or {}).get(name)
    if found is None:
        return SafeString("\u2013")
    current = context.get("report")
    of = found.report if current and found.report not in ("", current.month) else ""
    data = format_html(
        '<data data-figure="{}" value="{}"{}{}>{}</data>',
        found.name,
        "" if found.value is None else found.value,
        format_html(' data-scope="{}"', found.scope) if found.scope else "",
        format_html(' data-report="{}"', of) if of else "",
        shown(found),
    )
    return marked(data, found.provenance)


@register.simple_tag(takes_context=True)
def one_figure(context: template.Context, found: Figure | None) -> SafeString:
    """A figure that stands alone, not in a set."""
    return figure(context, {found.name: found} if found else None, found.name if found else "")


NOUNS = {
    "projects": (lambda n: ngettext("{n} project", "{n} projects", n)),
    "projects-investment": (lambda n: ngettext("{n} investment", "{n} investments", n)),
    "projects-reform": (lambda n: ngettext("{n} reform", "{n} reforms", n)),
}


@register.simple_tag(takes_context=True)
def counted(
    context: template.Context, figures: Mapping[str, Figure] | None, name: str
) -> SafeString:
    """A count with its noun: '1 project', '410 milestones'."""
    found = (figures or {}).get(name)
    count = found.value or 0 if found else 0
    words = (
        NOUNS[name](count) if name in NOUNS else ngettext("{n} milestone", "{n} milestones", count)
    )
    return format_html(words, n=figure(context, figures, name))


def said(status: str, n: int) -> str:
    """How many milestones are so, or came to this, in words that agree with the number."""
    match status.removeprefix("milestones-"):
        case Status.DONE:
            return ngettext("{n} done", "{n} done", n)
        case Status.ON_TRACK:
            return ngettext("{n} on track", "{n} on track", n)
        case Status.DELAYED:
            return ngettext("{n} delayed", "{n} delayed", n)
        case Status.NOT_REPORTED:
            return ngettext("{n} not reported", "{n} not reported", n)
        case Outcome.FULFILLED:
            return ngettext("{n} fulfilled", "{n} fulfilled", n)
        case Outcome.NOT_FULFILLED:
            return ngettext("{n} not fulfilled", "{n} not fulfilled", n)
        case Outcome.UNKNOWN | "outcome-unknown":
            return ngettext("{n} unknown", "{n} unknown", n)
        case _:
            return ngettext("{n} overdue", "{n} overdue", n)


@register.simple_tag(takes_context=True)
def told(context: template.Context, figures: Mapping[str, Figure] | None, name: str) -> SafeString:
    """A count of milestones with what is said of them: '138 done'."""
    found = (figures or {}).get(name)
    return format_html(
        said(name, found.value or 0 if found else 0), n=figure(context, figures, name)
    )


@register.simple_tag
def colon() -> str:
    """A colon and a space, with the no-break space that French puts before it."""
    return pgettext("punctuation", ": ")


def marked(content: str, provenance: str) -> SafeString:
    """What is not sourced says so, visibly and to a screen reader."""
    if provenance == "sourced":
        return SafeString(content)
    words = _("recalled") if provenance == "recalled" else _("reconstructed")
    return format_html(
        '<span class="unsourced" data-provenance="{}">{}'
        '<span class="visually-hidden"> ({})</span></span>',
        provenance,
        SafeString(content),
        words,
    )


@register.inclusion_tag("parts/status.html")
def status(value: str) -> dict[str, Any]:
    """A milestone's status: its square and its word."""
    label, path = Status(value).label, wall.square(value, 0, 0)
    return {"what": "status", "value": value, "label": label, "path": path}


@register.inclusion_tag("parts/status.html")
def outcome(value: str, verdict: str | None = None) -> dict[str, Any]:
    """What came of a milestone or project, with the verdict where that says it in another word."""
    label, path = str(Outcome(value).label), wall.square(value, 0, 0)
    if verdict and verdict != value:
        label = f"{label} ({Verdict.Outcome(verdict).label})"
    return {"what": "outcome", "value": value, "label": label, "path": path}


@register.inclusion_tag("parts/squares.html")
def squares(counts: Mapping[str, int] | None) -> dict[str, Any]:
    """The milestones of a project as a row of squares, told in words to who cannot see them."""
    counts = counts or {}
    statuses = [value for value in wall.ORDER for _i in range(counts.get(value, 0))]
    shapes: dict[str, str] = {}
    for place, value in enumerate(statuses):
        path = wall.square(value, place * wall.CELL, 0)
        shapes[value] = shapes.get(value, "") + path
    return {
        "shapes": shapes.items(),
        "width": max(1, len(statuses) * wall.CELL - 2),
        "said": [(said(v, counts[v]).format(n=counts[v]), v) for v in wall.ORDER if counts.get(v)],
        "what": "outcome" if {*counts} & {*Outcome} else "status",
    }


@register.simple_block_tag
def mark(content: str, row: Any, field: str) -> SafeString:
    """Marks a value of a row with where it comes from, unless that is a source."""
    return marked(content.strip(), row.provenance_of(field))


@register.simple_tag
def offered(options: Sequence[Option]) -> SafeString:
    """The values of a facet to choose from: a page has a hundred, which a loop takes long over."""

    def one(option: Option) -> str:
        facet, value = escape(option.facet), escape(option.value)
        return (
            f'<label data-facet="{facet}" data-value="{value}" data-count="{option.count}">'
            f'<input type="checkbox" id="f-{facet}-{value}" name="{facet}" value="{value}"'
            f"{' checked' if option.chosen else ''}><span>{escape(str(option.label))}</span>"
            f'<span class="n" id="n-{facet}-{value}">{formats.number(option.count)}</span></label>'
        )

    return SafeString("\n".join(map(one, options)))


@register.simple_tag
def query(**parameters: Any) -> str:
    """A query string from these parameters; empty ones are left out."""
    return "?" + urlencode({k: v for k, v in parameters.items() if v not in (None, "")})


@register.filter
def as_date(value: date | None) -> str:
    return value.isoformat() if value else ""


@register.filter(name="abs")
def absolute_value(value: int) -> int:
    return abs(value)


@register.filter
def as_of(month: str) -> date:
    """The as-of date of a report's month: '2023-12' gives 31 December 2023."""
    return ProgressReport(month=month).as_of


@register.filter
def as_day(written: str) -> date:
    """The day that an address writes: '2024-06-30' gives 30 June 2024."""
    return date.fromisoformat(written)


@register.filter
def at_page(selection: Selection, number: int) -> str:
    return selection.at_page(number)


@register.filter
def orders(selection: Selection) -> list[tuple[Sort, str, str]]:
    """Each order with its address and, for the one in force, 'up' or 'down'.

    Choosing the order in force reverses it; money, amount and delay begin with the most.
    """
    now = selection.sorted_by()
    found = []
    for sort in selection.listing.sorts:
        state = "" if now.removeprefix("-") != sort.name else "down" if now[0] == "-" else "up"
        most_first = sort.name in ("budget", "amount", "delay")
        reverse = state == "up" if state else most_first
        chosen = replace(selection, sort=f"-{sort.name}" if reverse else sort.name, page_number=1)
        found.append((sort, chosen.query_string(), state))
    return found


@register.filter
def json_ld(data: Any) -> SafeString:
    """Structured data for a script element: nothing in it can close the element."""
    text = json.dumps(data, ensure_ascii=False)
    return SafeString(
        text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    )


@register.filter
def as_filter(query_string: str) -> str:
    """A query string as the rest of another: '?pillar=1' gives '&pillar=1'."""
    return query_string.replace("?", "&", 1)


@register.filter
def words_of(code: str) -> str:
    """What to search for instead of an unknown code: 'x-wal-tram' gives 'wal tram'."""
    return " ".join(word for word in words(code) if len(word) > 1)


@register.filter
def elided(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers to offer: the first, the last, and those around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def pairs(first: Sequence[Any], second: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Two lists side by side."""
    return list(zip(first, second, strict=True))


register.filter("chart_height", plotted.height)
register.filter("frame_height", plotted.frame_height)
register.filter("parts_of", Chart.parts)


@register.simple_tag(takes_context=True)
def chart_cell(context: template.Context, chart: Chart, cell: Cell, series: Series) -> SafeString:
    """A value of a chart's table, with its figure and its mark where it has them."""
    if cell.figure:
        return one_figure(context, cell.figure)
    return marked(chart_sum(chart, cell.value, series), cell.provenance)


@register.simple_tag
def chart_sum(chart: Chart, value: int | None, series: Series) -> str:
    """A value to the last euro, unless the table's rows are figures, which read as elsewhere."""
    if value is not None and series.unit == EUR and not chart.of_figures:
        return formats.money_in_full(value)
    return chart_value(value, series.unit)
