"""The application's place in Django."""

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """Configuration of `bureau`."""

    name = "bureau"
    default_auto_field = "django.db.models.BigAutoField"
