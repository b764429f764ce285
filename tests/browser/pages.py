"""One address for each template of the public site, and for each face that a template has."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation

LANGUAGES = ["nl", "fr", "de", "en"]
ENTRANCE = "/"
UNKNOWN = "project, unknown"
# Chromium says on the console that this one page is missing.
MISSING = r"status of 404"

# The name of a route, what fills it, and the query.
PLACES: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "home": ("home", [], {}),
    "plan": ("plan", [], {}),
    "pillar": ("pillar", ["mobility"], {}),
    "authority": ("authority", ["FLA"], {}),
    "projects": ("projects", [], {}),
    "projects, filtered": ("projects", [], {"q": "a", "pillar": "1", "status": "delayed"}),
    "projects, misunderstood": (
        "projects",
        [],
        {"pillar": "99", "colour": "red", "report": "2022-10", "budget_min": "1000000"},
    ),
    "projects, none left": ("projects", [], {"q": "zzz", "pillar": "1"}),
    "project": ("project", ["I-2.09"], {}),
    "project, withdrawn": ("project", ["x-wal-tram-liege"], {}),
    "project, reconstructed": ("project", ["x-r-bcr-solar"], {}),
    "milestones": ("milestones", [], {}),
    "milestones, filtered": ("milestones", [], {"status": "delayed", "overdue": "yes"}),
    "milestone": ("milestone", ["157"], {}),
    "milestone, moved": ("milestone", ["x-wal-tram-liege-2"], {}),
    "progress": ("progress", [], {}),
    "progress, misunderstood": ("progress", [], {"from": "2024-06", "to": "2023-12"}),
    "report": ("report", ["2023-12"], {}),
    "comparison": ("comparison", ["2023-06", "2023-12"], {}),
    "figures": ("figures", [], {}),
    "figure, of money": ("figure", ["climate-share"], {}),
    "figure, of milestones": ("figure", ["milestones-done-share"], {}),
    "data": ("data", [], {}),
    "charts": ("charts", [], {}),
    "charts, misunderstood": ("charts", [], {"pillar": "1", "authority": "NATO"}),
    "chart": ("chart", ["ways-of-the-money"], {}),
    "embed": ("embed", ["milestones-by-report"], {}),
    "edition's figure": ("edition_figure", ["climate-share", "2023-12"], {}),
    "edition's figure, of a part": (
        "edition_figure",
        ["milestones-done-share", "2022-04"],
        {"scope": "lead-FLA"},
    ),
    "changes": ("changes", [], {}),
    "changes, chosen": ("changes", [], {"kind": "revision", "record_type": "project"}),
    "changes, misunderstood": ("changes", [], {"kind": "rumour"}),
    "milestone, open": ("milestone", ["x-r-fla-grid-2"], {}),
    "recipients": ("recipients", [], {}),
    "recipients, misunderstood": ("recipients", [], {"pillar": "99"}),
    "accessibility": ("accessibility", [], {}),
    "privacy": ("privacy", [], {}),
    "API, in English": ("api_docs", [], {}),
    UNKNOWN: ("project", ["x-nowhere"], {}),
}


def address(place: str, language: str) -> str:
    """The address of one of the places in this language."""
    route, words, query = PLACES[place]
    with translation.override(language):
        path = reverse(route, args=words)
    return f"{path}?{urlencode(query)}" if query else path


def addresses(language: str) -> dict[str, str]:
    """All places in this language."""
    return {place: address(place, language) for place in PLACES}
