"""The reports in order, and one report whole with its edition.

Both speak as published: their figures are those of the editions.
"""

from dataclasses import dataclass
from itertools import combinations, pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from milestones import editions
from milestones.figures import contradictions
from milestones.kept import kept
from milestones.models import Change, Edition, Milestone, PaymentRequest, ProgressReport, Status
from nextgen import citing, wall
from nextgen.archive.moment import archived
from nextgen.charts import make
from nextgen.charts.scope import Scope
from nextgen.pages.base import SiteRequest, report_or_404, understood
from nextgen.pages.brochure import offered
from projects.figures import Figures
from projects.models import Authority, Pillar

A_YEAR = 365 * 24 * 3600
PLAN_COLUMNS = ["total-budget", "projects", "climate-share", "digital-share"]
COLUMNS = ["total-budget", "milestones", *(f"milestones-{status}" for status in Status)]
CHARTS_OF_PROGRESS = ["milestones-by-report", "planned-and-actual", "slippage"]
COMPARED = ["from", "to"]
Scopes = dict[str, Figures]


@dataclass(frozen=True)
class Row:
    """A line of a table of an edition: figures as published, and those that are otherwise now."""

    name: str
    address: str
    figures: Figures
    corrected: Figures
    pillar: int | None = None


def edition_or_404(month: str) -> Edition:
    """What was published for this month, without its package."""
    return get_object_or_404(Edition.objects.published().light(), report__month=month)


@require_safe
def progress(request: SiteRequest) -> HttpResponse:
    """All reports; where the address chooses two of them, on to their comparison."""
    published = Edition.objects.published().light()
    frozen = list(published.prefetch_related("report__published_figures"))
    reports = [edition.report for edition in frozen]
    months = [report.month for report in reports]
    chosen, unknown = understood(request, dict.fromkeys(COMPARED, months))
    if all(chosen.values()):
        return redirect("comparison", *chosen.values())
    current = report_or_404(request)
    # In an archive no form chooses two of them: there each pair is a link.
    pairs = combinations(reports, 2) if archived.get() else pairwise(reports)
    figures = {
        edition.report.month: editions.as_published(edition)[editions.PLAN] for edition in frozen
    }
    return render(
        request,
        "progress/progress.html",
        {
            "reports": reports[::-1],
            "compared": zip(
                COMPARED, [_("Earlier report"), _("Later report")], months[-2:], strict=False
            ),
            "selection": {"unknown": unknown},
            "pairs": list(pairs)[::-1],
            "figures": figures,
            "contradictions": {r.month: contradictions(r, figures[r.month]) for r in reports},
            "charts": [make(name, Scope.of(current)) for name in CHARTS_OF_PROGRESS],
            "requests": PaymentRequest.objects.prefetch_related("claims", "verdicts"),
        },
    )


def _pillars(published: Scopes, corrected: Scopes, month: str) -> list[Row]:
    groups: list[tuple[str, str, int | None]] = [
        (str(pillar.number), pillar.name, pillar.number) for pillar in Pillar.objects.all()
    ]
    if "pillar-none" in published:
        groups.append(("none", _("Cross-cutting"), None))
    address = reverse("milestones")
    return [
        Row(
            name,
            f"{address}?pillar={value}&report={month}",
            published.get(f"pillar-{value}", {}),
            corrected.get(f"pillar-{value}", {}),
            number,
        )
        for value, name, number in groups
    ]


def _authorities(published: Scopes, corrected: Scopes) -> list[Row]:
    """Authorities that carried or led anything then: money by allocation, milestones by lead."""

    def both(scopes: Scopes, code: str) -> Figures:
        return scopes.get(f"authority-{code}", {}) | scopes.get(f"lead-{code}", {})

    return [
        Row(each.short_name, reverse("authority", args=[each.code]), figures,
            both(corrected, each.code))
        for each in Authority.objects.all()
        if (figures := both(published, each.code))
    ]  # fmt: skip


@require_safe
def report(request: SiteRequest, month: str) -> HttpResponse:
    edition = edition_or_404(month)
    found, published = edition.report, editions.as_published(edition)
    corrected = editions.corrected(published, found)
    before = ProgressReport.objects.published().filter(month__lt=month).last()
    after = ProgressReport.objects.published().filter(month__gt=month).first()
    return TemplateResponse(
        request,
        "progress/report.html",
        {
            "edition": edition,
            "brochure": offered(month=month),
            "shown_report": found,
            "frozen_on": timezone.localdate(edition.frozen_at),
            "file_name": file_name(month),
            "citation": citing.of_report(request, edition, published[editions.PLAN]),
            "figures": published[editions.PLAN],
            "corrected": corrected,
            "plan_now": corrected[editions.PLAN],
            "plan_columns": PLAN_COLUMNS,
            "columns": COLUMNS,
            "by_pillar": _pillars(published, corrected, month),
            "by_authority": _authorities(published, corrected),
            "changes": Change.objects.since(edition),
            "published_figures": found.published_figures.all(),
            "wall": kept(
                ("wall", month),
                lambda: wall.draw(Milestone.objects.in_plan(found), found, as_published=True),
            ),
            "before": before,
            "after": after,
        },
    )


def _hash(_request: HttpRequest, month: str) -> str | None:
    found = Edition.objects.published().filter(report__month=month)
    digest = found.values_list("sha256", flat=True).first()
    return f'"{digest}"' if digest else None


@require_safe
@etag(_hash)
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def package(_request: SiteRequest, month: str) -> HttpResponse:
    """The data package of an edition as it was frozen: it is the same for ever."""
    found = Edition.objects.published().filter(report__month=month)
    content = found.values_list("package", flat=True).first()
    if content is None:
        raise Http404
    response = HttpResponse(bytes(content), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(month)}"'
    return response


def file_name(month: str) -> str:
    return f"nextgen-{month}.zip"
