"""What was claimed from the European Commission, and what it found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models.milestone import Milestone
from projects.models import Sourced
from projects.translated import long_text, no_controls, one_line


class PaymentRequest(models.Model):
    """A numbered claim to the European Commission, with the milestones it lists."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    submitted_on = models.DateField(_("submitted on"))
    amount = models.BigIntegerField(_("amount"), null=True, blank=True, help_text=_("EUR"))
    note = long_text(_("note"))
    source = models.TextField(_("source"), blank=True, validators=[no_controls])
    milestones = models.ManyToManyField(
        Milestone, through="Claim", related_name="requests", verbose_name=_("milestones")
    )

    class Meta:
        verbose_name = _("payment request")
        verbose_name_plural = _("payment requests")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Claim(models.Model):
    """A milestone on a payment request's list; `sourced` tells if its place there was found."""

    request = models.ForeignKey(
        PaymentRequest, models.CASCADE, related_name="claims", verbose_name=_("payment request")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="claims", verbose_name=_("milestone")
    )
    sourced = models.BooleanField(_("its place was found"), default=True)

    class Meta:
        verbose_name = _("claimed milestone")
        verbose_name_plural = _("claimed milestones")
        ordering = ["request__number", "milestone__code"]
        constraints = [
            models.UniqueConstraint(fields=["request", "milestone"], name="claim_once_a_request")
        ]

    def __str__(self) -> str:
        return f"{self.request.number}, {self.milestone.code}"


class Outcome(models.TextChoices):
    """What came of a milestone or a project in the end; only a project is partly fulfilled."""

    FULFILLED = "fulfilled", _("fulfilled")
    PARTLY = "partly-fulfilled", _("partly fulfilled")
    NOT_FULFILLED = "not-fulfilled", _("not fulfilled")
    UNKNOWN = "unknown", _("outcome unknown")


class Verdict(Sourced):
    """What the Commission said of a claimed milestone; later verdicts are added, never replace."""

    class Outcome(models.TextChoices):
        FULFILLED = "fulfilled", _("fulfilled")
        NOT_FULFILLED = "not-fulfilled", _("not fulfilled")
        SUSPENDED = "suspended", _("suspended")
        REVERSED = "reversed", _("reversed")

    request = models.ForeignKey(
        PaymentRequest, models.PROTECT, related_name="verdicts", verbose_name=_("payment request")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="verdicts", verbose_name=_("milestone")
    )
    decided_on = models.DateField(_("decided on"))
    verdict = models.CharField(_("verdict"), max_length=15, choices=Outcome)
    document = models.URLField(
        _("document (a link)"), max_length=500, blank=True, validators=[one_line]
    )

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
