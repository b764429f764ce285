"""Figures as the API tells them: as the rows give them now, or as an edition published them."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from milestones import editions
from milestones.figures import definitions
from milestones.models import Edition, ProgressReport
from nextgen.api.asked import Speech
from nextgen.api.record import Record
from nextgen.package.column import LARGE
from nextgen.package.tables import column
from nextgen.pages.base import SiteRequest, absolute
from projects.figures import COUNT, EUR, PER_CENT, Figure, Figures
from projects.models import Authority, Pillar, Sourced

ABOUT = (
    "Figures of the plan or a part of it. Without report: of the current report, as corrected. "
    "With report: as this site's edition of it holds them, with what was corrected since. Either "
    "way with what the authorities themselves published for that report."
)
PLAIN = (
    "name", "unit", "value", "numerator", "denominator", "left_out", "as_of",
    "provenance",
)  # fmt: skip
WORDS = ("title", "meaning", "formula")
UNITS = "whole euro, a count, or whole per cent: see unit"
FIGURE = Record(
    "Figure",
    (),
    (
        column("*name", "slug", "Name of the figure"),
        column("t_title", "text", "Title"),
        column("t_meaning", "text", "What it means"),
        column("t_formula", "text", "How it is computed"),
        column("*unit", "text", "Unit of the value", choices=(EUR, COUNT, PER_CENT)),
        column("value", "integer", f"Value; null: nothing to count ({UNITS})", maximum=LARGE),
        column("numerator", "integer", "What is divided: EUR or a count", maximum=LARGE),
        column("denominator", "integer", "What it is divided by: EUR or a count", maximum=LARGE),
        column("*left_out", "integer", "Left out: budget not published", unit="projects"),
        column("*as_of", "date", "Day of which it speaks"),
        column("*report", "month", "Report of which it speaks"),
        column("scope", "text", "Part of the plan, e.g. pillar-1; null: the whole plan"),
        column("*provenance", "text", "Where it comes from", choices=tuple(Sourced.Provenance)),
        column(
            "*as_published", "boolean",
            "Whether it is as this site's edition of the report holds it; else as the rows give it "
            "now. What the authorities themselves published is in published",
        ),
        column(
            "corrected", "integer", maximum=LARGE,
            description=f"Value that the rows give since, where it is another ({UNITS})",
        ),
        column(
            "published", "number",
            "Value that the authorities themselves published for this report; null: none is known, "
            f"as for any part of the plan ({UNITS})",
        ),
        column("t_explanation", "text", "Remark on it, such as why the rows give another value"),
        column("*url", "url", "Its page on this site; with report the one that stays as it is"),
    ),
)  # fmt: skip


def scopes() -> list[str]:
    """Every part of the plan that figures are kept of."""
    pillars = [str(number) for number in Pillar.objects.values_list("number", flat=True)]
    codes = list(Authority.objects.values_list("code", flat=True))
    return [
        *(f"pillar-{number}" for number in [*pillars, "none"]),
        *(f"{part}-{code}" for part in ("authority", "lead") for code in codes),
    ]


def found(
    report: ProgressReport, scope: str, *, as_published: bool, closed: bool
) -> tuple[Figures, Figures]:
    """The figures of a scope in this report, and those of them that are others by now."""
    if not as_published:
        return editions.figures_of(report, closed=closed).get(scope, {}), {}
    edition = Edition.objects.published().light().filter(report=report).first()
    kept = editions.as_published(edition) if edition else {}
    of_scope = {scope: kept.get(scope, {})}
    return of_scope[scope], editions.corrected(of_scope, report)[scope]


def records(
    request: SiteRequest,
    report: ProgressReport,
    scope: str,
    speech: Speech,
    *,
    as_published: bool,
) -> list[dict[str, Any]]:
    """All figures of a scope, in the order of *Figures explained*.

    The words are in the language asked for or in all, the page in the one that is written.
    """
    closed = request.plan.closed
    figures, others = found(report, scope, as_published=as_published, closed=closed)
    said = {} if scope else {each.figure: each for each in report.published_figures.all()}
    items = []
    for name in [name for name in definitions(closed=closed) if name in figures]:
        figure, other, theirs = figures[name], others.get(name), said.get(name)
        with translation.override(speech.writing):
            path = _page(figure) if as_published else reverse("figure", args=[name])
        item = {each: getattr(figure, each) for each in PLAIN} | {
            "report": report.month,
            "scope": scope or None,
            "as_published": as_published,
            "corrected": other and other.value,
            "published": theirs and float(theirs.value),
            "url": absolute(request, path),
        }
        for code in [speech.language] if speech.language else speech.languages:
            with translation.override(code):
                words = {
                    **{word: str(getattr(figure.definition, word)) for word in WORDS},
                    "explanation": (theirs and theirs.explanation) or None,
                }
            ending = "" if speech.language else f"_{code}"
            item |= {f"{word}{ending}": text for word, text in words.items()}
        items.append(item)
    return items


def _page(figure: Figure) -> str:
    """Where an edition holds this figure, the same for ever."""
    query = {"scope": figure.scope} if figure.scope else None
    return reverse("edition_figure", args=[figure.name, figure.report], query=query)
