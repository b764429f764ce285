from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Ground floor: what the plan consists of."""

    name = "projects"
    verbose_name = _("The plan and its projects")

    def ready(self) -> None:
        from projects import history, migrating, models  # noqa: PLC0415 - not ready before

        history.register(models.Project, exclude_fields=["search"])
        history.register(
            models.NaturalRecipient,
            exclude_fields=["search"],
            mask_fields=["name", "amount"],
            mask_callable="projects.history.masked",
        )
        history.register(models.Recipient, exclude_fields=["search"])
        history.register(
            models.Plan, models.Text, models.Pillar, models.Component, models.Authority,
            models.Allocation,
        )  # fmt: skip
        pre_migrate.connect(migrating.before_migration, sender=self)
        post_migrate.connect(migrating.after_migration, sender=self)
