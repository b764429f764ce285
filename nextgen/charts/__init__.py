"""Every chart of the site, made from a report and some projects of its plan."""

from collections.abc import Callable

from milestones.models import ProgressReport
from nextgen.charts import money, progress
from nextgen.charts.chart import Chart
from nextgen.charts.scope import Scope
from projects.querysets import ProjectQuerySet

CHARTS: dict[str, Callable[[Scope], Chart]] = {
    "money-by-pillar": money.by_pillar,
    "money-by-component": money.by_component,
    "money-by-authority": money.by_authority,
    "ways-of-the-money": money.ways,
    "climate-by-project": money.climate,
    "digital-by-project": money.digital,
    "milestones-by-report": progress.by_report,
    "planned-and-actual": progress.pace,
    "slippage": progress.slipped,
}
# The charts that show what a figure is made of, by its name.
OF_FIGURE = {
    "total-budget": ["money-by-pillar", "money-by-authority"],
    "climate-share": ["climate-by-project"],
    "digital-share": ["digital-by-project"],
    "milestones": ["milestones-by-report"],
    "milestones-done": ["milestones-by-report", "planned-and-actual"],
    "milestones-done-share": ["milestones-by-report"],
    "milestones-delayed": ["slippage"],
    "milestones-overdue": ["planned-and-actual"],
}


def make(
    name: str,
    report: ProgressReport,
    *,
    projects: ProjectQuerySet | None = None,
    filters: str = "",
    scope: str = "",
    as_published: bool = False,
) -> Chart:
    """A chart of a report's plan, or of these of its projects, in the language in force.

    `filters` is the query string that selects them, which links to lists begin with; `scope`
    names them in figures, as in `Figure.scope`. What the report says is taken as corrected, unless
    asked for as published. Raises KeyError for a name that is no chart.
    """
    return CHARTS[name](Scope.of(report, projects, filters, scope, as_published=as_published))
