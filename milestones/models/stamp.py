"""The stamp of the public data: by it a copy of a page knows whether it still holds."""

from django.db import models
from django.db.models import Q

from milestones.querysets import StampQuerySet


class Stamp(models.Model):
    """One row, whose random `token` every public change renews in its own transaction.

    Triggers renew it (milestones/stamping.py), so it does not matter who changed what, nor how.
    A token never names two states: one that a backup brings back names what it named before.
    """

    token = models.CharField(max_length=36)
    renewed_by = models.CharField(max_length=20, blank=True)

    objects = StampQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_stamp")]

    def __str__(self) -> str:
        return self.token
