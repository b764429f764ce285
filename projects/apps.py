from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Ground floor: what the plan consists of."""

    name = "projects"
    verbose_name = _("The plan and its projects")
