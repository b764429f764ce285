"""What can be taken away: the files of the whole plan as it stands, and those of the editions."""

from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from milestones.models import Brochure, Edition
from nextgen import formats, xlsx
from nextgen.brochure.making import file_name as brochure_name
from nextgen.pages.progress import file_name
from nextgen.whole.plan import WholePlan
from projects.models import Authority, Pillar, Plan

MEDIA_TYPES = {
    "zip": "application/zip",
    "xlsx": xlsx.MEDIA_TYPE,
    "sqlite": "application/vnd.sqlite3",
    "json": "application/json",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Download:
    """A file to take away: `size` in bytes, `date` of its data, `address` without the host.

    `edition` is the month of the report whose edition it holds, '' for the plan as it stands.
    One that only explains others (`explains`) holds no data of its own.
    """

    name: str
    title: str
    description: str
    address: str
    media_type: str
    size: int
    sha256: str
    date: date
    edition: str = ""
    explains: bool = False


def downloads(language: str, whole: WholePlan | None = None) -> list[Download]:
    """All files in the words of this language: the whole plan, what explains it, the editions.

    Give `whole` where it was read already. Empty where there is no plan yet.
    """
    whole = whole or WholePlan.now()
    if whole is None:
        return []
    with override(language):
        return [*_of_plan(whole, language), *_of_editions()]


def brochures(language: str) -> list[Download]:
    """The brochures of the newest edition that has any in this language, of the plan first."""
    newest = Brochure.objects.of(language).light().first()
    if newest is None:
        return []
    plan, report = Plan.objects.get(), newest.edition.report
    kept = {each.scope: each for each in newest.edition.brochures.filter(language=language).light()}
    with override(language):
        told = [
            ("", plan.name, reverse("brochure")),
            *(
                (f"pillar-{each.number}", each.name, reverse("pillar_brochure", args=[each.slug]))
                for each in Pillar.objects.all()
            ),
            *(
                (f"authority-{each.code}", each.name,
                 reverse("authority_brochure", args=[each.code]))
                for each in Authority.objects.all()
            ),
        ]  # fmt: skip
        words = _("Report of {month}").format(month=formats.month(report.as_of))
        return [
            Download(
                brochure_name(plan, kept[scope]), title, words, address, "application/pdf",
                kept[scope].size,  # type: ignore[attr-defined]
                kept[scope].sha256,
                timezone.localdate(kept[scope].made_at), report.month,
            )
            for scope, title, address in told
            if scope in kept
        ]  # fmt: skip


def _of_plan(whole: WholePlan, language: str) -> list[Download]:
    told = {
        f"{whole.name}.zip": (
            _("Data package"),
            _("All tables as CSV with their description (Data Package 2.0)."),
        ),
        f"{whole.name}.xlsx": (
            _("Workbook"),
            _("A sheet for each table, for Excel or LibreOffice."),
        ),
        f"{whole.name}.sqlite": (
            _("Database"),
            _("All tables with their references, for SQLite or Datasette."),
        ),
        f"dictionary-{language}.csv": (
            _("Data dictionary"),
            _("What each column of the tables means."),
        ),
        "datasette.json": (
            _("Description for Datasette"),
            _("Titles, descriptions and units to show beside the database."),
        ),
    }
    found = []
    for name, (title, description) in told.items():
        file = whole.file(name)
        explains = not name.startswith(f"{whole.name}.")
        path = reverse("dictionary") if name.endswith(".csv") else reverse("download", args=[name])
        found.append(
            Download(
                name, title, description, path, media_type(name), len(file.content),
                file.sha256, whole.dated, explains=explains,
            )
        )  # fmt: skip
    return found


def _of_editions() -> list[Download]:
    kept = Edition.objects.published().light().defer("figures").exclude(sha256="")
    return [
        Download(
            name=file_name(edition.report.month),
            title=_("Edition of {month}").format(month=formats.month(edition.report.as_of)),
            description=_("The data package as it was when the report was published."),
            address=reverse("edition_package", args=[edition.report.month]),
            media_type=MEDIA_TYPES["zip"],
            size=edition.size,  # type: ignore[attr-defined]
            sha256=edition.sha256,
            date=edition.report.published_on or edition.report.as_of,
            edition=edition.report.month,
        )
        for edition in kept.annotate(size=Length("package")).order_by("-report__month")
    ]


def media_type(name: str) -> str:
    return MEDIA_TYPES[name.rsplit(".", 1)[1]]
