"""Charts of money: by pillar, component and authority, by contribution, and its way."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from nextgen import formats
from nextgen.charts.chart import Cell, Chart, Row, Series, of_figure
from nextgen.charts.colours import PARTS, of_pillar
from nextgen.charts.scope import Scope
from projects.figures import (
    COUNT,
    EUR,
    PER_CENT,
    Figures,
    authority_money,
    project_figures,
    project_figures_by,
)
from projects.models import Authority, Component, Pillar


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """The largest first; what is not published last."""
    return sorted(rows, key=lambda row: (-(row.cells[0].value or 0), str(row.code)))


def _budget_and_projects(figures: Figures) -> list[Cell]:
    return [of_figure(figures["total-budget"]), of_figure(figures["projects"])]


def _columns() -> list[Series]:
    return [
        Series("budget", _("Budget"), EUR),
        Series("projects", _("Projects"), COUNT, drawn=False),
    ]


def _largest(rows: list[Row], pattern: str, nothing: str) -> str:
    """The title of a chart of money: its largest row beside the whole."""
    whole = sum(row.cells[0].value or 0 for row in rows)
    if not whole:
        return nothing
    amounts = formats.money(rows[0].cells[0].value or 0), formats.money(whole)
    return pattern.format(name=rows[0].label, amount=amounts[0], total=amounts[1])


def bars(
    scope: Scope,
    name: str,
    title: str,
    measure: str,
    key: tuple[str, str],
    series: list[Series],
    rows: list[Row],
    at_most: int = 20,
) -> Chart:
    return Chart(name, "bars", title, measure, *key, series, rows, scope, at_most, total=True)


def by_pillar(scope: Scope) -> Chart:
    """Σ budgets of the projects of each pillar, in EUR."""
    by = project_figures_by(scope.projects, "pillar__number", scope.report.as_of, scope.name)
    names = {pillar.number: pillar.name for pillar in Pillar.objects.all()}
    rows = _sorted(
        Row(
            "none" if number is None else str(number),
            names.get(number) or _("Cross-cutting"),
            _budget_and_projects(figures),
            scope.address(pillar="none" if number is None else number),
            of_pillar(number),
        )
        for number, figures in by.items()
    )
    title = _largest(
        rows,
        _("Most of the money goes to “{name}”: {amount} of {total}"),
        _("The money of each pillar"),
    )
    measure = _("Published budgets of the projects of each pillar, in EUR")
    return bars(scope, "money-by-pillar", title, measure, ("pillar", _("Pillar")), _columns(), rows)


def by_component(scope: Scope) -> Chart:
    """Σ budgets of the projects of each component, in EUR."""
    by = project_figures_by(scope.projects, "component__code", scope.report.as_of, scope.name)
    rows = _sorted(
        Row(
            component.code,
            component.name,
            _budget_and_projects(by[component.code]),
            scope.address(component=component.code),
            of_pillar(component.pillar.number if component.pillar else None),
        )
        for component in Component.objects.select_related("pillar")
        if component.code in by
    )
    title = _largest(
        rows,
        _("The largest component is “{name}”: {amount} of {total}"),
        _("The money of each component"),
    )
    measure = _("Published budgets of the projects of each component, in EUR")
    key = "component", _("Component")
    return bars(scope, "money-by-component", title, measure, key, _columns(), rows)


def by_authority(scope: Scope) -> Chart:
    """Σ allocations of each authority, in EUR."""
    money = authority_money(scope.projects, scope.report.as_of, scope.name)
    rows = _sorted(
        Row(
            authority.code,
            authority.name,
            [of_figure(money[authority.code])],
            scope.address(authority=authority.code),
            "accent",
        )
        for authority in Authority.objects.all()
        if authority.code in money
    )
    title = _largest(
        rows, _("{name} carries the most: {amount} of {total}"), _("The money of each authority")
    )
    measure = _("What each authority carries of the budgets, by allocation, in EUR")
    columns = [Series("amount", _("Amount"), EUR)]
    key = "authority", _("Authority")
    return bars(scope, "money-by-authority", title, measure, key, columns, rows)


def ways(scope: Scope) -> Chart:
    """The money's way: of each component of each pillar, what each authority carries, in EUR."""
    sums = (
        scope.projects.order_by()
        .filter(allocations__isnull=False)
        .values("pillar__number", "component__code", carrier=F("allocations__authority__code"))
        .annotate(
            amount=Sum("allocations__amount"),
            not_sourced=Count("allocations", filter=~Q(allocations__provenance="sourced")),
        )
    )
    ways: dict[tuple[int, str], dict[str, Cell]] = defaultdict(dict)
    for each in sums:
        code = each["component__code"] or ""
        ways[each["pillar__number"] or 0, code][each["carrier"]] = Cell(
            each["amount"],
            provenance="reconstructed" if each["not_sourced"] else "sourced",
            address=scope.address(component=code, authority=each["carrier"]),
        )
    pillars = {pillar.number: pillar.short_name for pillar in Pillar.objects.all()}
    components = {component.code: component.name for component in Component.objects.all()}
    carriers = [a for a in Authority.objects.all() if any(a.code in way for way in ways.values())]
    rows = [
        Row(
            code or "none",
            f"{pillars.get(number, _('Cross-cutting'))} → {components.get(code, '–')}",
            [ways[number, code].get(authority.code, Cell(0)) for authority in carriers],
            scope.address(component=code),
        )
        for number, code in sorted(ways, key=lambda way: (way[0] or 99, way[1]))
    ]
    columns = [
        Series(authority.code, authority.short_name, EUR, PARTS[place % len(PARTS)])
        for place, authority in enumerate(carriers)
    ]
    broadest = max(
        ((cell.value or 0, row.label, columns[place].label) for row in rows
         for place, cell in enumerate(row.cells)),
        default=None,
    )  # fmt: skip
    title = _("The way of the money, from pillar to authority")
    if broadest:
        amount, way, carrier = broadest
        title = _("The broadest way of the money: {amount}, {way} → {carrier}").format(
            amount=formats.money(amount), way=way, carrier=carrier
        )
    measure = _("From pillar through component to the authority that carries it, in EUR")
    key = "component", _("Pillar and component")
    return bars(scope, "ways-of-the-money", title, measure, key, columns, rows, at_most=len(rows))


def climate(scope: Scope) -> Chart:
    """Budget × climate contribution of each project that contributes, in EUR."""
    title = _("{share} of the money counts for the climate: {amount} of {total}")
    return _contributions(scope, "climate", title)


def digital(scope: Scope) -> Chart:
    """Budget × digital contribution of each project that contributes, in EUR."""
    title = _("{share} of the money counts as digital: {amount} of {total}")
    return _contributions(scope, "digital", title)


def _contributions(scope: Scope, objective: str, title: str) -> Chart:
    figures = project_figures(scope.projects, scope.report.as_of, scope.name)
    share = figures[f"{objective}-share"]
    rows = []
    for project in scope.projects.weighted(objective).select_related("pillar"):
        budget = Cell(project.budget, provenance=project.provenance_of("budget"))
        part = Cell(
            project.contribution,  # type: ignore[attr-defined]
            provenance=project.provenance_of(f"{objective}_contribution"),
        )
        both = {budget.provenance, part.provenance} - {"sourced"}
        counted = Cell(
            project.counted,  # type: ignore[attr-defined]
            provenance=both.pop() if both else "sourced",
        )
        colour = of_pillar(project.pillar.number if project.pillar else None)
        page = reverse("project", args=[project.code])
        rows.append(Row(project.code, project.short_title, [counted, budget, part], page, colour))
    return bars(
        scope,
        f"{objective}-by-project",
        title.format(
            share=formats.per_cent(share.value or 0),
            amount=formats.money(share.numerator or 0),
            total=formats.money(share.denominator or 0),
        ),
        _("Budget times contribution of each project that contributes, in EUR"),
        ("code", _("Project")),
        [
            Series("counted", _("Counts"), EUR),
            Series("budget", _("Budget"), EUR, drawn=False),
            Series(f"{objective}_contribution", _("Contribution"), PER_CENT, drawn=False),
        ],
        rows,
        at_most=15,
    )
