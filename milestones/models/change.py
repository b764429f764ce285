"""The public log of what changed in the plan after it was published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.querysets import ChangeQuerySet
from projects.translated import long_text


class Change(models.Model):
    """A line of the public log: a decided revision of the plan, or the correction of an error."""

    class Kind(models.TextChoices):
        REVISION = "revision", _("revision")
        CORRECTION = "correction", _("correction")

    number = models.PositiveIntegerField(_("number"), unique=True)
    made_on = models.DateField(_("made on"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    record_type = models.CharField(_("kind of record"), max_length=20)
    record = models.CharField(_("record"), max_length=60)
    field = models.CharField(_("field"), max_length=40)
    old = models.TextField(_("from"), blank=True)
    new = models.TextField(_("to"), blank=True)
    reason = long_text(_("why"))
    role = models.CharField(_("role"), max_length=40)
    document = models.URLField(_("document (a link)"), max_length=500, blank=True)

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
