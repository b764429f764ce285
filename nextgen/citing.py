"""How to cite a figure, a project, a milestone, a report or a selection, for people and machines.

What an edition published is cited as published and stays. All else is live: its citation says on
which day it was read.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from babel import Locale
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from milestones.models import Edition, Milestone, Outcome, ProgressReport, Status, Verdict
from nextgen import formats
from nextgen.pages.base import SiteRequest, absolute, today
from nextgen.templatetags.site import colon, shown
from projects.figures import Figure, Figures
from projects.models import Project
from projects.selection import Selection

# TeX would read these otherwise; BibTeX counts braces, also escaped ones, so they get names.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


@dataclass(frozen=True)
class Citation:
    """What is cited: `title` holds its value and date, `edition` is the month of the report.

    `edition` is empty where no report speaks of the matter yet. `accessed` is given where the
    matter is live, and absent where it stays as published. `issued` is when it was published.
    """

    title: str
    publisher: str
    as_of: date
    edition: str
    issued: date
    address: str
    language: str
    accessed: date | None = None
    kind: str = "webpage"

    @property
    def sentence(self) -> str:
        """The citation in one sentence, in the language in force; its address comes last."""
        if not self.accessed:
            words = _("{plan}: “{title}”, edition of {month}, {address}")
        elif self.edition:
            words = _("{plan}: “{title}”, report of {month}, consulted on {accessed}, {address}")
        else:
            words = _("{plan}: “{title}”, consulted on {accessed}, {address}")
        return words.format(
            plan=self.publisher,
            title=self.title,
            month=formats.month(self.as_of),
            accessed=formats.day(self.accessed) if self.accessed else "",
            address=self.address,
        )

    @property
    def key(self) -> str:
        """A name for the citation made of its address, in ASCII letters, digits and hyphens."""
        _scheme, _host, path, query, _fragment = urlsplit(self.address)
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{path} {query}").strip("-")

    @property
    def bibtex(self) -> str:
        """An entry that BibTeX and biblatex read, in UTF-8; `url` is verbatim, as both take it."""
        fields = {
            "author": f"{{{escaped(self.publisher)}}}",
            "title": f"{{{escaped(self.title)}}}",
            "year": f"{self.issued.year}",
            "month": f"{self.issued.month}",
            "version": self.edition,
            "url": self.address,
            "urldate": self.accessed.isoformat() if self.accessed else "",
            "language": (Locale(self.language).english_name or "").lower(),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return f"@misc{{{self.key},\n" + ",\n".join(lines) + "\n}\n"

    @property
    def csl(self) -> str:
        """A list of one item of CSL-JSON."""
        item = {
            "id": self.key,
            "type": self.kind,
            "title": self.title,
            "author": [{"literal": self.publisher}],
            "publisher": self.publisher,
            "issued": _parts(self.issued),
            **({"accessed": _parts(self.accessed)} if self.accessed else {}),
            "URL": self.address,
            **({"version": self.edition} if self.edition else {}),
            "language": self.language,
        }
        lines = [f"  {_json(name)}: {_json(value)}" for name, value in item.items()]
        return "[{\n" + ",\n".join(lines) + "\n}]\n"

    def file(self, form: str) -> str:
        """The path of the citation as a file, 'bib' or 'json': it lies below what is cited."""
        _scheme, _host, path, query, _fragment = urlsplit(self.address)
        return urlunsplit(("", "", f"{path}cite.{form}", query, ""))

    @property
    def forms(self) -> list[tuple[str, str, str]]:
        """Its forms for machines: the name of each, its text, and its path as a file."""
        return [
            ("BibTeX", self.bibtex, self.file("bib")),
            ("CSL-JSON", self.csl, self.file("json")),
        ]


def escaped(text: str) -> str:
    """Text as the value of a BibTeX field: on one line, balanced, nothing that TeX would run."""
    line = " ".join(part for part in re.split(r"[\x00-\x20\x7f]+", text) if part)
    return "".join(ESCAPES.get(sign, sign) for sign in line)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def marked(words: str, *provenances: str) -> str:
    """What is cited, with the plain word that part of it is reconstructed, where it is."""
    if all(provenance == "sourced" for provenance in provenances):
        return words
    return f"{words} [{_('reconstructed')}]"


def of_figure(
    request: SiteRequest, figure: Figure, edition: Edition, scope_name: str = ""
) -> Citation:
    """A figure as it was published in an edition; `scope_name` says of what, '' of the plan."""
    title = " – ".join(filter(None, [str(figure.definition.title), scope_name]))
    address = reverse("edition_figure", args=[figure.name, edition.report.month])
    query = f"?scope={figure.scope}" if figure.scope else ""
    return _published(
        request, marked(f"{title}{colon()}{shown(figure)}", figure.provenance), edition,
        f"{address}{query}", "dataset",
    )  # fmt: skip


def of_report(request: SiteRequest, edition: Edition, figures: Figures) -> Citation:
    """A report with how many of its milestones were done, as published."""
    month = formats.month(edition.report.as_of)
    what = f"{_('Report of %(month)s') % {'month': month}}{colon()}{_done_of(figures)}"
    return _published(request, what, edition, reverse("report", args=[edition.report.month]))


def of_comparison(
    request: SiteRequest, earlier: tuple[Edition, Figures], later: tuple[Edition, Figures]
) -> Citation:
    """Two reports with how many milestones were done, as published."""
    said = [
        f"{formats.month(edition.report.as_of)}{colon()}{_done_of(figures)}"
        for edition, figures in (earlier, later)
    ]
    months = [edition.report.month for edition, _figures in (earlier, later)]
    return _published(request, " · ".join(said), later[0], reverse("comparison", args=months))


def of_project(request: SiteRequest, project: Project, statuses: dict[str, int]) -> Citation:
    """A project with its budget and how many of its milestones are done, as it stands today.

    Of a plan that is closed `statuses` holds outcomes: then how many are fulfilled.
    """
    budget = (
        _("budget not published")
        if project.budget is None
        else marked(
            _("budget {amount}").format(amount=formats.money(project.budget)),
            project.provenance_of("budget"),
        )
    )
    words = [budget]
    if project.left:
        words.append(_("withdrawn on {day}").format(day=formats.day(project.left)))
    elif statuses:
        words.append(_done_or_fulfilled(statuses))
    return _live(
        request, f"{marked(project.title, project.provenance)} – {', '.join(words)}",
        reverse("project", args=[project.code]), request.report, project.joined,
    )  # fmt: skip


def of_milestone(request: SiteRequest, milestone: Milestone) -> Citation:
    """A milestone that carries `status` and `said`, or its `outcome`, as it stands today."""
    words = str(Status(milestone.status).label)  # type: ignore[attr-defined]
    outcome: str = getattr(milestone, "outcome", "")
    if outcome:
        words = str(Outcome(outcome).label)
        if milestone.judged_on:  # type: ignore[attr-defined]
            day = formats.day(milestone.judged_on)  # type: ignore[attr-defined]
            verdict = Verdict.Outcome(milestone.latest_verdict).label  # type: ignore[attr-defined]
            words = _("the Commission on {day}: {verdict}").format(day=day, verdict=verdict)
    for said in [] if outcome else milestone.said:  # type: ignore[attr-defined]
        if said.done_quarter:
            words = _("{status} in {quarter}").format(
                status=words, quarter=formats.quarter(said.done_quarter)
            )
        elif said.expected:
            words = _("{status}, expected in {quarter}").format(
                status=words, quarter=formats.quarter(said.expected)
            )
    if milestone.left:
        words = _("withdrawn on {day}").format(day=formats.day(milestone.left))
    return _live(
        request,
        f"{marked(milestone.title, milestone.provenance)} ({milestone.project.short_title}) – "
        f"{marked(words, *(said.provenance for said in milestone.said))}",  # type: ignore[attr-defined]
        reverse("milestone", args=[milestone.code]), request.report,
        max(milestone.joined, milestone.project.joined),
    )  # fmt: skip


def of_selection(
    request: SiteRequest, selection: Selection, money: Figures | None = None
) -> Citation:
    """The rows of a list as they stand today: how many, by what chosen, and for how much money."""
    n = selection.page.paginator.count
    if selection.listing.name == "projects":
        words = ngettext("{n} project", "{n} projects", n)
    else:
        words = ngettext("{n} milestone", "{n} milestones", n)
    what = words.format(n=formats.number(n))
    if chosen := " · ".join(_choices(selection)):
        what = f"{what} ({chosen})"
    if money:
        budget = money["total-budget"]
        what = marked(f"{what}{colon()}{shown(budget)}", budget.provenance)
    address = f"{reverse(selection.listing.name)}{selection.permanent()}"
    return _live(request, what, address, selection.listing.report, kind="dataset")


def _choices(selection: Selection) -> list[str]:
    """What is chosen, in words: 'Pillar: Mobility', 'from €1,000,000'."""
    amounts = {
        "budget_min": _("from %(amount)s"),
        "budget_max": _("up to %(amount)s"),
    }
    search = _("Search")
    return [
        amounts[chip.name] % {"amount": formats.money_in_full(int(chip.value))}
        if chip.name in amounts
        else f"{chip.facet or search}{colon()}{chip.label if chip.facet else chip.value}"
        for chip in selection.chips
    ]


def _done_or_fulfilled(statuses: dict[str, int]) -> str:
    n = sum(statuses.values())
    if not {*statuses} & {*Outcome}:
        return _done(statuses.get(Status.DONE, 0), n)
    words = ngettext("{done} of {n} milestone fulfilled", "{done} of {n} milestones fulfilled", n)
    fulfilled = statuses.get(Outcome.FULFILLED, 0)
    return words.format(done=formats.number(fulfilled), n=formats.number(n))


def _done(done: int, of: int) -> str:
    words = ngettext("{done} of {n} milestone done", "{done} of {n} milestones done", of)
    return words.format(done=formats.number(done), n=formats.number(of))


def _done_of(figures: Figures) -> str:
    done, of = figures["milestones-done"], figures["milestones"]
    return marked(_done(done.value or 0, of.value or 0), done.provenance)


def _dated(what: str, day: date) -> str:
    return _("{what} as of {day}").format(what=what, day=formats.day(day))


def _published(
    request: SiteRequest, what: str, edition: Edition, path: str, kind: str = "webpage"
) -> Citation:
    report = edition.report
    return Citation(
        _dated(what, report.as_of), str(request.plan.name), report.as_of, report.month,
        report.published_on or report.as_of, absolute(request, path), get_language() or "",
        kind=kind,
    )  # fmt: skip


def _live(
    request: SiteRequest,
    what: str,
    path: str,
    report: ProgressReport | None,
    joined: date = date.min,
    kind: str = "webpage",
) -> Citation:
    """Of the report, unless the matter joined the plan after it: then of today alone."""
    now = today()
    if report is None or joined > report.as_of:
        as_of, edition, issued = now, "", now
    else:
        as_of, edition, issued = report.as_of, report.month, report.published_on or report.as_of
    return Citation(
        _dated(what, as_of), str(request.plan.name), as_of, edition, issued,
        absolute(request, path), get_language() or "", now, kind,
    )  # fmt: skip
