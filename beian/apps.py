"""The application's place in Django."""

from django.apps import AppConfig


class BeianConfig(AppConfig):
    """Configuration of `beian`."""

    name = "beian"
    default_auto_field = "django.db.models.BigAutoField"
