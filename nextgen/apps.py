from django.apps import AppConfig
from django.contrib.admin import apps as admin


class NextgenConfig(AppConfig):
    """The roof: the website over both floors."""

    name = "nextgen"
    default = True


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the desk as its site."""

    default = False
    default_site = "nextgen.desk.site.Desk"
