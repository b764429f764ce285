"""How the plan is going: milestones, reports, assessments, claims, verdicts and the public log."""

import calendar
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milestones.quarter import QuarterField
from milestones.querysets import (
    AssessmentQuerySet,
    ChangeQuerySet,
    MilestoneQuerySet,
    ReportQuerySet,
)
from projects.models import Authority, Project, Sourced, valid_code
from projects.search import SearchField
from projects.translated import long_text, text


class User(AbstractUser):
    """Somebody of the desk; a coordinator belongs to the authority he or she works for."""

    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="coordinators"
    )


class Milestone(Sourced):
    """One step of a project that proves progress."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("milestone")
        TARGET = "target", _("target")

    code = models.CharField(max_length=60, unique=True, validators=[valid_code])
    former_codes = models.CharField(max_length=200, blank=True, help_text=_("Joined by ';'"))
    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=10, choices=Kind)
    title = text(300)
    description = long_text()
    unit = text(200, blank=True)
    baseline_value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    goal_value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    baseline_due = QuarterField(help_text=_("The first promise; it is never changed."))
    due = QuarterField(help_text=_("The quarter in force."))
    due_reason = long_text()
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)
    left_reason = long_text()
    search = SearchField(["title"], ["unit"], ["code", "description"])

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["baseline_due", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["milestone", "target"]),
                name="milestone_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(provenance__in=["sourced", "recalled", "reconstructed"]),
                name="milestone_provenance_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="target") | Q(goal_value=None, baseline_value=None),
                name="milestone_only_targets_have_values",
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gt=F("joined")),
                name="milestone_left_after_joining",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "baseline_due"]),
            models.Index(fields=["due"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def has_official_code(self) -> bool:
        """Codes that start with `x-` are the site's own."""
        return not self.code.startswith("x-")

    @property
    def former_code_list(self) -> list[str]:
        return self.former_codes.split(";") if self.former_codes else []


class ProgressReport(models.Model):
    """The half-yearly statement. Its as-of date is the last day of its month."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    month = models.CharField(
        max_length=7,
        unique=True,
        validators=[RegexValidator(r"^[12]\d{3}-(0[1-9]|1[0-2])$")],
        help_text=_("Year and month, e.g. 2024-06"),
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_on = models.DateField(null=True, blank=True)
    note = long_text()
    source = models.TextField(blank=True)

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
            )
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

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="assessments")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="assessments")
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    status = models.CharField(max_length=15, choices=Status.choices[:3])
    done_quarter = QuarterField(null=True, blank=True)
    expected = QuarterField(null=True, blank=True, help_text=_("When it is now expected."))
    achieved_value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    note = long_text()
    evidence = models.URLField(max_length=500, blank=True)

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

    @property
    def slippage(self) -> int | None:
        """Quarters from the baseline to when it was done or is now expected; None if unsaid."""
        when = self.done_quarter or self.expected
        return None if when is None else when - self.milestone.baseline_due


class PublishedFigure(models.Model):
    """What an authority itself published for a report, held against what the rows give."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="published_figures")
    figure = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    source = models.TextField()
    explanation = long_text()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["report__month", "figure"]
        constraints = [
            models.UniqueConstraint(fields=["report", "figure"], name="published_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.report.month}, {self.figure}"


class PaymentRequest(models.Model):
    """A numbered claim to the European Commission, with the milestones it lists."""

    number = models.PositiveSmallIntegerField(unique=True)
    submitted_on = models.DateField()
    amount = models.BigIntegerField(null=True, blank=True, help_text=_("EUR"))
    note = long_text()
    source = models.TextField(blank=True)
    milestones = models.ManyToManyField(Milestone, through="Claim", related_name="requests")

    class Meta:
        verbose_name = _("payment request")
        verbose_name_plural = _("payment requests")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Claim(models.Model):
    """A milestone on a payment request's list; `sourced` tells if its place there was found."""

    request = models.ForeignKey(PaymentRequest, models.CASCADE, related_name="claims")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="claims")
    sourced = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("claimed milestone")
        verbose_name_plural = _("claimed milestones")
        ordering = ["request__number", "milestone__code"]
        constraints = [
            models.UniqueConstraint(fields=["request", "milestone"], name="claim_once_a_request")
        ]

    def __str__(self) -> str:
        return f"{self.request.number}, {self.milestone.code}"


class Verdict(Sourced):
    """What the Commission said of a claimed milestone; later verdicts are added, never replace."""

    class Outcome(models.TextChoices):
        FULFILLED = "fulfilled", _("fulfilled")
        NOT_FULFILLED = "not-fulfilled", _("not fulfilled")
        SUSPENDED = "suspended", _("suspended")
        REVERSED = "reversed", _("reversed")

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="verdicts")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="verdicts")
    decided_on = models.DateField()
    verdict = models.CharField(max_length=15, choices=Outcome)
    document = models.URLField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["decided_on", "milestone__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "milestone", "decided_on"], name="verdict_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["fulfilled", "not-fulfilled", "suspended", "reversed"]),
                name="verdict_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone.code}, {self.verdict}"


class Change(models.Model):
    """A line of the public log: a decided revision of the plan, or the correction of an error."""

    class Kind(models.TextChoices):
        REVISION = "revision", _("revision")
        CORRECTION = "correction", _("correction")

    number = models.PositiveIntegerField(unique=True)
    made_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    record_type = models.CharField(max_length=20)
    record = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = long_text()
    role = models.CharField(max_length=40)
    document = models.URLField(max_length=500, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-number"]
        indexes = [models.Index(fields=["record_type", "record"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["revision", "correction"]),
                name="change_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.record_type} {self.record}, {self.field}"
