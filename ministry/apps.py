"""The application's place in Django."""

from django.apps import AppConfig


class MinistryConfig(AppConfig):
    """Configuration of `ministry`."""

    name = "ministry"
    default_auto_field = "django.db.models.BigAutoField"
