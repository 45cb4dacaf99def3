"""The application's place in Django."""

from importlib import import_module

from django.apps import AppConfig


class MinistryConfig(AppConfig):
    """Configuration of `ministry`."""

    name = "ministry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the ministry does with messages of other systems."""
        import_module("ministry.services.national_copy")
