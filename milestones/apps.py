from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    """First floor: how it is going."""

    name = "milestones"
    verbose_name = _("Milestones and progress")

    def ready(self) -> None:
        from milestones import editions, frozen, models, stamping  # noqa: PLC0415 - not ready before
        from projects import history, indexing  # noqa: PLC0415

        history.register(models.Milestone, exclude_fields=["search"])
        history.register(
            models.Assessment, models.ProgressReport, models.PublishedFigure,
            models.PaymentRequest, models.Claim, models.Verdict,
        )  # fmt: skip
        history.register(models.Edition, include_fields=["report", "sha256"])
        history.register(
            models.User,
            exclude_fields=["last_login"],
            mask_fields=["password"],
            mask_callable="projects.history.masked",
        )
        post_migrate.connect(frozen.after_migration, sender=self)
        post_migrate.connect(stamping.after_migration, sender=self)
        post_migrate.connect(indexing.after_migration, sender=self)
        post_migrate.connect(editions.after_migration, sender=self)
