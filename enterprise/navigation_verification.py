"""The entries of verification in person in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "当面核验",
        "enterprise:counter_today",
        (
            "enterprise:counter_case",
            "enterprise:counter",
            "enterprise:counter_capture",
            "enterprise:counter_look",
            "enterprise:counter_failed",
            "enterprise:counter_correct",
            "enterprise:counter_appointment",
            "enterprise:counter_hours",
            "enterprise:counter_records",
        ),
    ),
)
