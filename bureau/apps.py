"""The application's place in Django."""

from importlib import import_module

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """Configuration of `bureau`."""

    name = "bureau"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this tier does with messages from other systems."""
        import_module("bureau.handlers")
