"""What the demo's offices say of themselves: usual accesses, when and where somebody can come."""

from __future__ import annotations

from beian.demo.filings import LOCATIONS
from beian.models import Node
from enterprise.models import CounterSettings, OfficeSettings

VIRTUAL_HOST = 3
"""The code of the way of access that most sponsors have."""


def load(provider: Node) -> None:
    """Create the settings that are missing; those that are there stay as they are."""
    OfficeSettings.objects.get_or_create(
        provider=provider,
        defaults={
            "default_ranges": [{"first": "198.18.100.1", "last": "198.18.100.254"}],
            "default_locations": [LOCATIONS[provider.province]],
            "default_methods": [VIRTUAL_HOST],
            "opening_hours": "工作日 9:00–12:00，13:30–17:30",
            "telephone": "400-000-0000",
        },
    )
    CounterSettings.objects.get_or_create(provider=provider, defaults={"place": "示例路1号备案服务大厅"})
