from django.apps import AppConfig


class NextgenConfig(AppConfig):
    """The roof: the website over both floors."""

    name = "nextgen"
