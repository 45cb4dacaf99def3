"""The application's place in Django."""

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    """Configuration of `interface`."""

    name = "interface"
    default_auto_field = "django.db.models.BigAutoField"
