"""Every chart of the site, made from a report and what is chosen of its plan."""

from collections.abc import Callable

from nextgen.charts import money, progress
from nextgen.charts.chart import Chart
from nextgen.charts.scope import Scope

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


def make(name: str, scope: Scope) -> Chart:
    """A chart in the language in force. Raises KeyError for a name that is no chart."""
    return CHARTS[name](scope)
