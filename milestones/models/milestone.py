"""The steps by which projects prove their progress."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milestones.quarter import QuarterField
from milestones.querysets import MilestoneQuerySet
from projects.models import Project, Sourced, valid_code
from projects.search import SearchField
from projects.translated import long_text, one_line, text


class Milestone(Sourced):
    """One step of a project that proves progress."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("milestone")
        TARGET = "target", _("target")

    code = models.CharField(_("code"), max_length=60, unique=True, validators=[valid_code])
    former_codes = models.CharField(
        _("former codes"),
        max_length=200,
        blank=True,
        validators=[one_line],
        help_text=_("Joined by ';'"),
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="milestones", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = text(_("title"), 300)
    description = long_text(_("description"))
    unit = text(_("unit"), 200, blank=True)
    baseline_value = models.DecimalField(
        _("baseline value"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    goal_value = models.DecimalField(
        _("goal value"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    baseline_due = QuarterField(
        _("quarter first promised"), help_text=_("The first promise; it is never changed.")
    )
    due = QuarterField(_("quarter in force"), help_text=_("The quarter in force."))
    due_reason = long_text(_("why the date moved"))
    joined = models.DateField(_("in the plan since"))
    left = models.DateField(_("withdrawn on"), null=True, blank=True)
    left_reason = long_text(_("why it was withdrawn"))
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
    def lead_id(self) -> int:
        """The authority that reports on it: rights follow the lead of the project."""
        return self.project.lead_id

    @property
    def has_official_code(self) -> bool:
        """Codes that start with `x-` are the site's own."""
        return not self.code.startswith("x-")

    @property
    def former_code_list(self) -> list[str]:
        return self.former_codes.split(";") if self.former_codes else []
