"""The application's place in Django."""

from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    """Configuration of `enterprise`."""

    name = "enterprise"
    default_auto_field = "django.db.models.BigAutoField"
