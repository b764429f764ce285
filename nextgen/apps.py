from auditlog import apps as auditlog
from axes import apps as axes
from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class NextgenConfig(AppConfig):
    """The roof: the website over both floors."""

    name = "nextgen"
    default = True


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the desk as its site."""

    default = False
    default_site = "nextgen.desk.site.Desk"


class HistoryConfig(auditlog.AuditlogConfig):  # type: ignore[misc]
    """The history that auditors read, under a name that they understand."""

    default = False
    verbose_name = _("History")


class LoginsConfig(axes.AppConfig):  # type: ignore[misc]
    """Who came in and who was refused, likewise."""

    default = False
    verbose_name = _("Logins")
