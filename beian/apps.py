"""The application's place in Django."""

from django.apps import AppConfig


class BeianConfig(AppConfig):
    """Configuration of `beian`."""

    name = "beian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make `beian.celery` the application that shared tasks belong to, in every process."""
        from beian import celery  # noqa: F401
