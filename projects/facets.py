"""The facets that the plan alone can answer; `prefix` leads from a listed row to its project."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Allocation, Authority, Component, Pillar, Project
from projects.selection import Facet, Text, grouped


class PillarFacet(Facet):
    name = "pillar"
    label = _("Pillar")

    def __init__(self, prefix: str = "") -> None:
        self.path = f"{prefix}pillar__number"

    def choices(self) -> Iterable[tuple[str, Text]]:
        for pillar in Pillar.objects.all():
            yield str(pillar.number), pillar.name
        if Project.objects.filter(pillar=None).exists():
            yield "none", _("Cross-cutting")

    def values(self) -> list[str]:
        return list(dict.fromkeys([*super().values(), "none"]))

    def label_of(self, value: str) -> Text | None:
        return _("Cross-cutting") if value == "none" else super().label_of(value)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        numbers = [value for value in values if value != "none"]
        nowhere = Q(**{self.path: None}) if "none" in values else Q(pk__in=[])
        return rows.filter(nowhere | Q(**{f"{self.path}__in": numbers}))

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, self.path, Count("pk"))


class ComponentFacet(Facet):
    name = "component"
    label = _("Component")

    def __init__(self, prefix: str = "") -> None:
        self.path = f"{prefix}component__code"

    def choices(self) -> Iterable[tuple[str, Text]]:
        for component in Component.objects.all():
            yield component.code, f"{component.code} {component.name}"

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(**{f"{self.path}__in": values})

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, self.path, Count("pk"))


class AuthorityFacet(Facet):
    """Carried by: led by the authority, or with an allocation of it."""

    name = "authority"
    label = _("Authority")

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix

    def choices(self) -> Iterable[tuple[str, Text]]:
        for authority in Authority.objects.all():
            yield authority.code, authority.short_name

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        project = f"{self.prefix.removesuffix('__')}_id" if self.prefix else "pk"
        carried = Allocation.objects.filter(project=OuterRef(project), authority__code__in=values)
        return rows.filter(Q(**{f"{self.prefix}lead__code__in": values}) | Exists(carried))

    def counts(self, rows: Any) -> Mapping[str, int]:
        led = grouped(rows, f"{self.prefix}lead__code", Count("pk"))
        # Allocations of other authorities than the lead; of one row there is one an authority.
        carrier = f"{self.prefix}allocations__authority"
        carried = rows.annotate(carrier=F(carrier), carrier_code=F(f"{carrier}__code"))
        shared = grouped(
            carried.filter(carrier__isnull=False).exclude(carrier=F(f"{self.prefix}lead")),
            "carrier_code",
            Count("pk"),
        )
        return {code: led.get(code, 0) + shared.get(code, 0) for code in {*led, *shared}}


class OfProjects(Facet):
    """A facet of projects over rows that have several: such a row has the values of all of them.

    `paths` lead from a project to its values.
    """

    def __init__(self, facet: Facet, *paths: str) -> None:
        self.facet, self.paths = facet, paths
        self.name, self.label = facet.name, facet.label

    def choices(self) -> Iterable[tuple[str, Text]]:
        return self.facet.choices()

    def values(self) -> list[str]:
        return self.facet.values()

    def label_of(self, value: str) -> Text | None:
        return self.facet.label_of(value)

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        projects = self.facet.narrow(Project.objects.all(), values)
        having = rows.model._default_manager.filter(projects__in=projects)
        return rows.filter(pk__in=having.values("pk"))

    def counts(self, rows: Any) -> Mapping[str, int]:
        of = rows.order_by()
        pairs = {
            (row, "none" if value is None else str(value))
            for path in self.paths
            for row, project, value in of.values_list("pk", "projects", f"projects__{path}")
            if project is not None
        }
        return Counter(value for _row, value in pairs)


class KindFacet(Facet):
    name = "kind"
    label = _("Kind")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "investment", _("Investments")
        yield "reform", _("Reforms")

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(kind__in=values)

    def counts(self, rows: Any) -> Mapping[str, int]:
        return grouped(rows, "kind", Count("pk"))


class ContributesFacet(Facet):
    name = "contributes"
    label = _("Contributes to")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "climate", _("Climate objective")
        yield "digital", _("Digital objective")

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        condition = Q(pk__in=[])
        for objective in values:
            condition |= Q(**{f"{objective}_contribution__gt": 0})
        return rows.filter(condition)

    def counts(self, rows: Any) -> Mapping[str, int]:
        return rows.aggregate(  # type: ignore[no-any-return]
            climate=Count("pk", filter=Q(climate_contribution__gt=0)),
            digital=Count("pk", filter=Q(digital_contribution__gt=0)),
        )
