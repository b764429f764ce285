"""The facets that the plan alone can answer; `prefix` leads from a listed row to its project."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.listing import Facet, Text
from projects.models import Authority, Component, Pillar, Project
from projects.summary import keys_of, pairs_of


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

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, self.path)


class ComponentFacet(Facet):
    name = "component"
    label = _("Component")

    def __init__(self, prefix: str = "") -> None:
        self.path = f"{prefix}component__code"

    def choices(self) -> Iterable[tuple[str, Text]]:
        for component in Component.objects.all():
            yield component.code, f"{component.code} {component.name}"

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, self.path)


class AuthorityFacet(Facet):
    """Carried by: led by the authority, or with an allocation of it."""

    name = "authority"
    label = _("Authority")

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix

    def choices(self) -> Iterable[tuple[str, Text]]:
        for authority in Authority.objects.all():
            yield authority.code, authority.short_name

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        yield from pairs_of(rows, f"{self.prefix}lead__code")
        carrier = f"{self.prefix}allocations__authority__code"
        yield from pairs_of(rows.filter(**{f"{carrier}__isnull": False}), carrier)


class OfProjects(Facet):
    """A facet of projects over rows that have several: such a row has the values of all of them.

    `paths` lead from a project to its values.
    """

    def __init__(self, facet: Facet, *paths: str) -> None:
        self.facet, self.paths = facet, paths
        self.name, self.label, self.asked = facet.name, facet.label, facet.asked

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

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        for path in self.paths:
            found = rows.order_by().values_list("pk", "projects", f"projects__{path}")
            yield from ((row, value) for row, project, value in found if project is not None)


class KindFacet(Facet):
    name = "kind"
    label = _("Kind")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "investment", _("Investments")
        yield "reform", _("Reforms")

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        return pairs_of(rows, "kind")


class ContributesFacet(Facet):
    name = "contributes"
    label = _("Contributes to")

    def choices(self) -> Iterable[tuple[str, Text]]:
        yield "climate", _("Climate objective")
        yield "digital", _("Digital objective")

    def pairs(self, rows: Any) -> Iterable[tuple[int, Any]]:
        for objective in ("climate", "digital"):
            contributing = rows.filter(**{f"{objective}_contribution__gt": 0})
            yield from ((key, objective) for key in keys_of(contributing))
