"""`manage.py provider_api`: writes docs/provider-api.yaml, the REST interface of a provider's system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from enterprise.api.schema import as_yaml

PAGE = Path(settings.ROOT) / "docs" / "provider-api.yaml"


class Command(BaseCommand):
    """Write the schema document."""

    help = "Write docs/provider-api.yaml from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        PAGE.write_text(as_yaml(), encoding="utf-8")
        self.stdout.write(str(PAGE))
