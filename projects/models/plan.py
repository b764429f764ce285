"""The plan, its texts, and the parts that its projects belong to."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from projects.querysets import TextQuerySet
from projects.translated import long_text, no_controls, one_line, text

valid_code = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, dots and hyphens; no spaces.")
)


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
    def closed(self) -> bool:
        """Whether it is over: then 'on track' means nothing, and pages show what came of it."""
        return self.state == self.State.CLOSED

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
