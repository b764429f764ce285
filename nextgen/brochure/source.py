"""What an edition's brochures are told from: read once for all its languages and scopes."""

from dataclasses import dataclass, field
from functools import cache, cached_property

from milestones import editions
from milestones.comparison import Comparison, compare
from milestones.figures import milestone_figures, splits
from milestones.models import Edition, Milestone
from milestones.querysets import MilestoneQuerySet
from nextgen import wall
from projects.figures import Figures, project_figures, project_figures_by
from projects.models import Authority, Component, Pillar, Plan, Project
from projects.querysets import ProjectQuerySet
from projects.search import words


@dataclass(frozen=True)
class Scope:
    """The whole plan, one of its pillars, or one authority."""

    name: str = editions.PLAN
    pillar: Pillar | None = None
    authority: Authority | None = None


@dataclass(eq=False)
class Source:
    """An edition with its rows, as published. Texts stand in the language in force when read.

    Figures that the edition keeps are those that it keeps. Of an authority it keeps the money
    alone; the others are counted here, as on its page, from the first words of the report.
    """

    edition: Edition
    plan: Plan = field(default_factory=Plan.objects.get)

    def __post_init__(self) -> None:
        self.report = self.edition.report
        self.kept = editions.as_published(self.edition)
        self.figures = cache(self._figures)
        self.wall = cache(self._wall)
        self.by_component = cache(self._by_component)

    @cached_property
    def scopes(self) -> list[Scope]:
        """The plan, and each pillar and each authority that had a part in it."""
        pillars = (Scope(f"pillar-{p.number}", pillar=p) for p in Pillar.objects.all())
        authorities = (Scope(f"authority-{a.code}", authority=a) for a in Authority.objects.all())
        parts = [*pillars, *authorities]
        return [Scope(), *(part for part in parts if self._has(part))]

    def _has(self, part: Scope) -> bool:
        led = part.name.replace("authority-", "lead-")
        return part.name in self.kept or led in self.kept

    @property
    def pillars(self) -> list[Scope]:
        return [scope for scope in self.scopes if scope.pillar]

    @property
    def authorities(self) -> list[Scope]:
        return [scope for scope in self.scopes if scope.authority]

    @cached_property
    def components(self) -> dict[str, Component]:
        return {component.code: component for component in Component.objects.all()}

    def rows(self, scope: Scope) -> ProjectQuerySet:
        """The projects of a scope that were in the plan of the report."""
        projects = Project.objects.in_plan(self.report.as_of)
        if scope.pillar:
            return projects.filter(pillar=scope.pillar)
        return projects.carried_by(scope.authority.code) if scope.authority else projects

    def projects(self, scope: Scope) -> list[Project]:
        """The same with all that a row shows, by short title in the language in force."""
        return sorted(self.rows(scope).for_rows(), key=in_title_order)

    @cached_property
    def splits(self) -> dict[int, dict[str, int]]:
        """How many milestones of each project have each status."""
        return splits(list(self.rows(Scope()).only("pk")), self.report, as_published=True)

    def milestones(self, scope: Scope) -> MilestoneQuerySet:
        in_plan = Milestone.objects.in_plan(self.report)
        return in_plan.filter(project__in=self.rows(scope)) if scope.name else in_plan

    def _figures(self, scope: Scope) -> Figures:
        kept = self.kept.get(scope.name, {})
        if scope.authority is None:
            return kept
        counted = project_figures(self.rows(scope), self.report.as_of, scope.name)
        said = milestone_figures(self.milestones(scope), self.report, scope.name, as_published=True)
        return {**counted, **said, **kept}

    def _wall(self, scope: Scope) -> wall.Wall | None:
        return wall.draw(self.milestones(scope), self.report, as_published=True)

    def _by_component(self, scope: Scope) -> dict[str, Figures]:
        return project_figures_by(self.rows(scope), "component__code", self.report.as_of)

    @cached_property
    def before(self) -> Edition | None:
        """The edition of the report before."""
        earlier = Edition.objects.published().light()
        return earlier.filter(report__month__lt=self.report.month).last()

    @cached_property
    def comparison(self) -> Comparison | None:
        return compare(self.before.report, self.report) if self.before else None


def in_title_order(project: Project) -> tuple[list[str], str]:
    """By the words of the short title, without case or accents."""
    return words(project.short_title), project.code
