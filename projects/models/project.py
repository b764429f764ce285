"""Projects, and how much of each an authority carries."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.plan import Authority, Component, Pillar, valid_code
from projects.querysets import ProjectQuerySet
from projects.search import SearchField
from projects.translated import long_text, no_controls, one_line, text

per_cent = [MinValueValidator(0), MaxValueValidator(100)]


class Sourced(models.Model):
    """A row that says where its values come from.

    `unsourced` names, joined by ';', the fields of a sourced or recalled row that are
    reconstructed.
    """

    class Provenance(models.TextChoices):
        SOURCED = "sourced", _("sourced")
        RECALLED = "recalled", _("recalled")
        RECONSTRUCTED = "reconstructed", _("reconstructed")

    provenance = models.CharField(
        _("provenance"), max_length=15, choices=Provenance, default=Provenance.SOURCED
    )
    source = models.TextField(_("source"), blank=True, validators=[no_controls])
    unsourced = models.TextField(
        _("fields that are reconstructed"), blank=True, validators=[no_controls]
    )

    class Meta:
        abstract = True

    def provenance_of(self, field: str) -> str:
        """'sourced', 'recalled' or 'reconstructed': where the value of this field comes from."""
        if field in self.unsourced.split(";"):
            return self.Provenance.RECONSTRUCTED.value
        return self.provenance


class Project(Sourced):
    """An investment or a reform of the plan."""

    class Kind(models.TextChoices):
        INVESTMENT = "investment", _("investment")
        REFORM = "reform", _("reform")

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[valid_code])
    former_codes = models.CharField(
        _("former codes"),
        max_length=200,
        blank=True,
        validators=[one_line],
        help_text=_("Joined by ';'"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    short_title = text(_("short title"), 60)
    title = text(_("title"), 200)
    summary = text(_("summary"), 400, blank=True)
    description = long_text(_("description"))
    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("pillar"),
    )
    component = models.ForeignKey(
        Component,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("component"),
    )
    sub_theme = text(_("sub-theme"), 80, blank=True)
    lead = models.ForeignKey(
        Authority, models.PROTECT, related_name="led_projects", verbose_name=_("lead authority")
    )
    budget = models.BigIntegerField(
        _("budget"),
        null=True,
        blank=True,
        help_text=_("EUR; empty: not published, which is not zero."),
    )
    rrf_share = models.BigIntegerField(
        _("share of the Facility"),
        null=True,
        blank=True,
        help_text=_("EUR from the Recovery and Resilience Facility"),
    )
    public_cofinancing = models.BigIntegerField(
        _("public co-financing"), null=True, blank=True, help_text=_("EUR")
    )
    private_cofinancing = models.BigIntegerField(
        _("private co-financing"), null=True, blank=True, help_text=_("EUR")
    )
    climate_contribution = models.PositiveSmallIntegerField(
        _("climate contribution"),
        null=True,
        blank=True,
        validators=per_cent,
        help_text=_("Per cent of the budget"),
    )
    digital_contribution = models.PositiveSmallIntegerField(
        _("digital contribution"),
        null=True,
        blank=True,
        validators=per_cent,
        help_text=_("Per cent of the budget"),
    )
    goal_value = models.DecimalField(
        _("goal value"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    goal_unit = text(_("unit of the goal"), 200, blank=True)
    goal_year = models.PositiveSmallIntegerField(_("goal year"), null=True, blank=True)
    sdgs = models.CharField(
        "SDG",
        max_length=60,
        blank=True,
        validators=[one_line],
        help_text=_("Numbers of Sustainable Development Goals joined by ';'"),
    )
    gender_note = long_text(_("women and men"))
    joined = models.DateField(
        _("in the plan since"), help_text=_("When the project joined the plan.")
    )
    left = models.DateField(
        _("withdrawn on"), null=True, blank=True, help_text=_("When it was withdrawn.")
    )
    left_reason = long_text(_("why it was withdrawn"))
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    search = SearchField(
        ["short_title", "title"],
        ["summary"],
        ["code", "description", "sub_theme", "goal_unit"],
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["investment", "reform"]),
                name="project_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(provenance__in=["sourced", "recalled", "reconstructed"]),
                name="project_provenance_known",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{field: None}) | Q(**{f"{field}__gte": 0}),
                    name=f"project_{field}_not_negative",
                )
                for field in (
                    "budget",
                    "rrf_share",
                    "public_cofinancing",
                    "private_cofinancing",
                )
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{field: None}) | Q(**{f"{field}__range": (0, 100)}),
                    name=f"project_{field}_per_cent",
                )
                for field in ("climate_contribution", "digital_contribution")
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gt=F("joined")),
                name="project_left_after_joining",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("id")),
                name="project_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_title}"

    @property
    def has_official_code(self) -> bool:
        """Codes that start with `x-` are the site's own."""
        return not self.code.startswith("x-")

    @property
    def former_code_list(self) -> list[str]:
        return self.former_codes.split(";") if self.former_codes else []

    @property
    def sdg_list(self) -> list[str]:
        return self.sdgs.split(";") if self.sdgs else []

    @property
    def carriers(self) -> list[str]:
        """The codes of the authorities that lead it or carry an allocation of it."""
        allocated = {each.authority.code for each in self.allocations.all()}
        return sorted({*allocated, self.lead.code})


class Allocation(Sourced):
    """How much of a project's budget one authority carries; they sum to the budget."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="allocations", verbose_name=_("project")
    )
    authority = models.ForeignKey(
        Authority, models.PROTECT, related_name="allocations", verbose_name=_("authority")
    )
    amount = models.BigIntegerField(_("amount"), help_text=_("EUR"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["project__code", "authority__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "authority"], name="allocation_once_an_authority"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="allocation_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.project.code}, {self.authority.code}"
