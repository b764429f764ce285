from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    """First floor: how it is going."""

    name = "milestones"
    verbose_name = _("Milestones and progress")

    def ready(self) -> None:
        import milestones.log  # noqa: F401, PLC0415 - connects the log to the floor below
