"""Progress reports, what they say of each milestone, and what was frozen when they appeared."""

import calendar
import hashlib
import json
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milestones.models.milestone import Milestone
from milestones.quarter import Quarter, QuarterField
from milestones.querysets import (
    AssessmentQuerySet,
    BrochureQuerySet,
    EditionQuerySet,
    ReportQuerySet,
)
from projects.models import Sourced
from projects.translated import long_text, no_controls, one_line


class ProgressReport(models.Model):
    """The half-yearly statement. Its as-of date is the last day of its month."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    month = models.CharField(
        _("month"),
        max_length=7,
        unique=True,
        validators=[RegexValidator(r"^[12]\d{3}-(0[1-9]|1[0-2])$")],
        help_text=_("Year and month, e.g. 2024-06"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    closes_on = models.DateField(
        _("open until"),
        null=True,
        blank=True,
        help_text=_("Until when coordinators are asked to report."),
    )
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True, editable=False)
    note = long_text(_("note"))
    source = models.TextField(_("source"), blank=True, validators=[no_controls])

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["month"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_on=None)
                | Q(state="published", published_on__isnull=False),
                name="report_published_has_date",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="draft"),
                name="report_one_draft",
                violation_error_message=_("Another report is still a draft: publish it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.month

    @property
    def as_of(self) -> date:
        """The last day of the report's month."""
        year, month = map(int, self.month.split("-"))
        return date(year, month, calendar.monthrange(year, month)[1])


class Status(models.TextChoices):
    """What a report says of a milestone. The last is never stored: it is the absence of a word."""

    DONE = "done", _("done")
    ON_TRACK = "on-track", _("on track")
    DELAYED = "delayed", _("delayed")
    NOT_REPORTED = "not-reported", _("not reported")


class Assessment(Sourced):
    """What one report says of one milestone, as its authority declared it.

    A correction is a new version that names the one it corrects; a published row never changes.
    """

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="assessments", verbose_name=_("report")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="assessments", verbose_name=_("milestone")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("corrects"),
    )
    status = models.CharField(_("status"), max_length=15, choices=Status.choices[:3])
    done_quarter = QuarterField(_("done in"), null=True, blank=True)
    expected = QuarterField(
        _("expected in"), null=True, blank=True, help_text=_("When it is now expected.")
    )
    achieved_value = models.DecimalField(
        _("achieved value"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    note = long_text(_("note"))
    evidence = models.URLField(
        _("evidence (a link)"), max_length=500, blank=True, validators=[one_line]
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["report__month", "milestone__code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "milestone", "version"],
                name="assessment_version_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "on-track", "delayed"]),
                name="assessment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_quarter__isnull=False)
                | (~Q(status="done") & Q(done_quarter=None)),
                name="assessment_done_has_its_quarter",
            ),
            models.CheckConstraint(
                condition=Q(version=1, corrects=None) | Q(version__gt=1, corrects__isnull=False),
                name="assessment_correction_names_what_it_corrects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.month}, {self.milestone.code}"

    def clean(self) -> None:
        """What the parts of an assessment must say together."""
        done = self.status == Status.DONE
        faults: dict[str, str] = {}
        if done and self.done_quarter is None:
            faults["done_quarter"] = gettext("Say in which quarter it was done.")
        if not done and self.done_quarter is not None:
            faults["done_quarter"] = gettext(
                "Only what is done has a quarter in which it was done."
            )
        if done and self.done_quarter and self.done_quarter > Quarter.of(self.report.as_of):
            faults["done_quarter"] = gettext("That quarter comes after the report.")
        if self.achieved_value is not None and self.milestone.kind != Milestone.Kind.TARGET:
            faults["achieved_value"] = gettext("Only a target has a value that is achieved.")
        if self.status == Status.DELAYED and self.expected is None:
            faults["expected"] = gettext("Say when it is expected now.")
        if faults:
            raise ValidationError(faults)

    @property
    def lead_id(self) -> int:
        """The authority that declares it: rights follow the lead of the project."""
        return self.milestone.project.lead_id

    @property
    def slippage(self) -> int | None:
        """Quarters from the baseline to when it was done or is now expected; None if unsaid."""
        when = self.done_quarter or self.expected
        return None if when is None else when - self.milestone.baseline_due


class PublishedFigure(models.Model):
    """What an authority itself published for a report, held against what the rows give."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="published_figures", verbose_name=_("report")
    )
    figure = models.CharField(_("figure"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    source = models.TextField(_("source"), validators=[no_controls])
    explanation = long_text(_("explanation"))

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["report__month", "figure"]
        constraints = [
            models.UniqueConstraint(fields=["report", "figure"], name="published_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.report.month}, {self.figure}"


class Edition(models.Model):
    """What was frozen when a report was published. It never changes and is never taken away.

    `figures` holds each figure of the plan, of its pillars and of its authorities as it was then
    (`milestones.editions` writes and reads them). `package` is the plan of that day as a data
    package, a zip with this `sha256`; reports published before this site kept editions have none.
    """

    report = models.OneToOneField(
        ProgressReport, models.PROTECT, related_name="edition", verbose_name=_("report")
    )
    figures = models.JSONField(_("figures"))
    package = models.BinaryField(_("package"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("frozen on"), auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["report__month"]

    def __str__(self) -> str:
        return self.report.month

    @property
    def short_hash(self) -> str:
        """Twelve hexadecimal digits that tell this edition from every other.

        The first of its package's SHA-256; without a package, of that of its figures as JSON with
        sorted keys and no spaces, by scope and name.
        """
        rows = sorted(self.figures, key=lambda row: (row["scope"], row["name"]))
        canonical = json.dumps(rows, sort_keys=True, separators=(",", ":")).encode()
        return (self.sha256 or hashlib.sha256(canonical).hexdigest())[:12]


class Brochure(models.Model):
    """The brochure of an edition in one language, as it was made: it never changes.

    The scope is '' for the whole plan, else `pillar-1` (by number) or `authority-FLA` (by code).
    Whoever reads a brochure gets its `size` (bytes), and the file itself only where it asks for it.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="brochures", verbose_name=_("edition")
    )
    scope = models.CharField(_("scope"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2)
    pdf = models.BinaryField("PDF")
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("made on"), auto_now_add=True)

    objects = models.Manager.from_queryset(BrochureQuerySet)()

    class Meta:
        verbose_name = _("brochure")
        verbose_name_plural = _("brochures")
        ordering = ["edition__report__month", "scope", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "scope", "language"], name="brochure_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.scope} {self.language}"
