"""Every chart of the site, made from a report and what is chosen of its plan."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from nextgen.charts import money, progress
from nextgen.charts.chart import Chart
from nextgen.charts.scope import Scope
from projects.figures import Text

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
# What each is of; its title says what it shows, and takes making it.
LABELS = {
    "money-by-pillar": _("The money of each pillar"),
    "money-by-component": _("The money of each component"),
    "money-by-authority": _("The money of each authority"),
    "ways-of-the-money": _("The way of the money, from pillar to authority"),
    "climate-by-project": _("The money that counts for the climate, by project"),
    "digital-by-project": _("The money that counts as digital, by project"),
    "milestones-by-report": _("What became of the milestones, report by report"),
    "planned-and-actual": _("Planned and actual"),
    "slippage": _("Slippage of the milestones"),
}
# Of a plan that is closed; on the page of all charts it stands for what the reports declared.
ENDED: dict[str, Callable[[Scope], Chart]] = {"outcomes-by-pillar": progress.outcomes_by_pillar}
INSTEAD = {
    "milestones-by-report": ("outcomes-by-pillar", _("What came of the milestones, by pillar"))
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
    "milestones-fulfilled": ["outcomes-by-pillar"],
    "milestones-not-fulfilled": ["outcomes-by-pillar"],
    "milestones-outcome-unknown": ["outcomes-by-pillar"],
}


def known(*, closed: bool) -> list[str]:
    """The names of all charts that a plan has."""
    return [*CHARTS, *(ENDED if closed else ())]


def offered(*, closed: bool) -> dict[str, Text]:
    """The charts to choose among, each with what it is of."""
    return dict(INSTEAD.get(each[0], each) if closed else each for each in LABELS.items())


def make(name: str, scope: Scope) -> Chart:
    """A chart in the language in force. Raises KeyError for a name that is no chart."""
    return {**CHARTS, **ENDED}[name](scope)
