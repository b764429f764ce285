"""What the plan consists of: its pillars, components, authorities, projects and their money."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.querysets import (
    NaturalRecipientQuerySet,
    ProjectQuerySet,
    RecipientQuerySet,
    TextQuerySet,
)
from projects.search import SearchField
from projects.translated import long_text, no_controls, one_line, text

valid_code = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, dots and hyphens; no spaces.")
)
per_cent = [MinValueValidator(0), MaxValueValidator(100)]


class Plan(models.Model):
    """The one plan this site shows."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[valid_code])
    name = text(_("name"), 80)
    official_name = text(_("official name"), 200)
    tagline = text(_("tagline"), 300)
    country = text(_("country"), 80)
    start = models.DateField(_("first day"))
    end = models.DateField(
        _("last day"), help_text=_("The last day on which a milestone may be reached.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    languages = models.CharField(
        _("languages"), max_length=20, help_text=_("Codes joined by ';', e.g. nl;fr")
    )
    report_interval = models.PositiveSmallIntegerField(
        _("months between reports"),
        default=6,
        help_text=_("Months from one promised progress report to the next."),
    )
    eu_grants = models.BigIntegerField(
        _("European grants"), null=True, blank=True, help_text=_("EUR")
    )
    eu_loans = models.BigIntegerField(
        _("European loans"), null=True, blank=True, help_text=_("EUR")
    )
    source = models.TextField(_("source"), blank=True, validators=[no_controls])
    demonstration = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("Shows the notice that part of the data is reconstructed."),
    )

    class Meta:
        verbose_name = _("plan")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_plan"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="plan_start_before_end"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"]), name="plan_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(eu_grants=None) | Q(eu_grants__gte=0))
                & (Q(eu_loans=None) | Q(eu_loans__gte=0)),
                name="plan_eu_money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: object, **options: object) -> None:
        self.pk = 1
        super().save(*args, **options)  # type: ignore[arg-type]

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split(";")

    @property
    def slug(self) -> str:
        """Its name, in the language in force, as files are called: 'nextgen-belgium'."""
        return slugify(self.name) or slugify(self.code)


class Text(models.Model):
    """A text of the site that belongs to this plan: Markdown, one row a page and language."""

    page = models.CharField(_("page"), max_length=40, validators=[valid_code])
    language = models.CharField(_("language"), max_length=2)
    title = models.CharField(_("title"), max_length=200, validators=[one_line])
    body = models.TextField(_("body"), validators=[no_controls])

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["page", "language"]
        constraints = [
            models.UniqueConstraint(fields=["page", "language"], name="text_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.language})"


class Pillar(models.Model):
    """One of the plan's thematic axes."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    slug = models.SlugField(_("name in addresses"), unique=True)
    name = text(_("name"), 120)
    short_name = text(_("short name"), 40)
    challenge = text(_("challenge"), 400)
    story = long_text(_("story"))

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.name)


class Component(models.Model):
    """A numbered part of a pillar, or of none."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[valid_code])
    name = text(_("name"), 120)
    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="components",
        verbose_name=_("pillar"),
    )

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Authority(models.Model):
    """A government that carries projects."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[valid_code])
    position = models.PositiveSmallIntegerField(_("place in lists"), unique=True)
    name = text(_("name"), 120)
    short_name = text(_("short name"), 60)
    story = long_text(_("story"))

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.short_name)


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


class Recipient(models.Model):
    """One of the largest final recipients (Regulation (EU) 2021/241, article 25a), a legal person.

    Article 25a(2), brought in by Regulation (EU) 2023/435: the full legal name and the number for
    VAT or tax, or another that is unique in the country; the amount received and the measures.
    """

    name = models.CharField(_("name"), max_length=200, validators=[one_line])
    identifier = models.CharField(_("identifier"), max_length=40, validators=[one_line])
    amount = models.BigIntegerField(_("amount"), help_text=_("EUR"))
    as_of = models.DateField(_("as of"))
    projects = models.ManyToManyField(
        Project, related_name="recipients", verbose_name=_("projects")
    )
    source = models.TextField(_("source"), blank=True, validators=[no_controls])
    search = SearchField(["name"], [], ["identifier"])

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("final recipient")
        verbose_name_plural = _("final recipients")
        ordering = ["-amount", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["identifier", "as_of"], name="recipient_once_a_date"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="recipient_not_negative"),
            models.CheckConstraint(condition=~Q(identifier=""), name="recipient_identified"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class NaturalRecipient(models.Model):
    """A final recipient who is a natural person: first and last name, and no number.

    A table of its own, so that nothing that exports recipients can meet one: a person is on the
    page alone, and only for a time. Article 25a(4) of Regulation (EU) 2021/241: personal data are
    removed two years after the end of the financial year in which the funding was paid.
    """

    name = models.CharField(_("first and last name"), max_length=200, validators=[one_line])
    amount = models.BigIntegerField(_("amount"), help_text=_("EUR"))
    as_of = models.DateField(_("as of"))
    paid_in = models.PositiveSmallIntegerField(
        _("paid in"), help_text=_("The financial year, from January to December.")
    )
    projects = models.ManyToManyField(
        Project, related_name="natural_recipients", verbose_name=_("projects")
    )
    search = SearchField(["name"])

    objects = NaturalRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("final recipient, natural person")
        verbose_name_plural = _("final recipients, natural persons")
        ordering = ["-amount", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="natural_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_in__range=(1900, 2200)), name="natural_paid_in_a_year"
            ),
        ]

    def __str__(self) -> str:
        """Without the name: this is what the history and the pages of the desk keep."""
        return gettext("natural person %(number)s") % {"number": self.pk}

    @property
    def until(self) -> date:
        """The last day on which the name is shown.

        A period in years ends with the last hour of the day on which it began: Regulation (EEC,
        Euratom) No 1182/71, article 3(2)(c).
        """
        return date(self.paid_in + 2, 12, 31)

    def clean(self) -> None:
        """Raises ValidationError where a day or a year is to come, contradicts or is long past."""
        today, faults = timezone.localdate(), {}
        if self.as_of and self.as_of > today:
            faults["as_of"] = _("This day is still to come.")
        if self.paid_in and self.as_of:  # else one of them was not understood
            if self.paid_in > self.as_of.year:
                faults["paid_in"] = _("This is after the date of the amount.")
            elif self.paid_in > today.year:
                faults["paid_in"] = _("This year is still to come.")
            elif self.until < today:
                faults["paid_in"] = _("Two years after this one, names are removed.")
        if faults:
            raise ValidationError(faults)
