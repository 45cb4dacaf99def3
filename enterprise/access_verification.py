"""Who may see the pages of verification in person: verifiers write, clerks read, agents and sponsors do not."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_provider
from enterprise.access_portal import SPONSOR
from enterprise.workflow import OFFICE, VERIFIERS

READERS = at_provider(*OFFICE)
WRITERS = at_provider(*VERIFIERS)

WHO_MAY: dict[str, Who] = {
    "enterprise:counter_today": READERS,
    "enterprise:counter_case": READERS,
    "enterprise:counter_begin": WRITERS,
    "enterprise:counter_reuse": WRITERS,
    "enterprise:counter": READERS,
    "enterprise:counter_answer": WRITERS,
    "enterprise:counter_number": WRITERS,
    "enterprise:counter_form": READERS,
    "enterprise:counter_capture": WRITERS,
    "enterprise:counter_piece": READERS,
    "enterprise:counter_look": WRITERS,
    "enterprise:counter_keep": WRITERS,
    "enterprise:counter_drop": WRITERS,
    "enterprise:counter_passed": WRITERS,
    "enterprise:counter_failed": WRITERS,
    "enterprise:counter_correct": WRITERS,
    "enterprise:counter_appointment": READERS,
    "enterprise:counter_hours": at_provider(Role.SUPERVISOR, Role.ADMINISTRATOR),
    "enterprise:counter_records": READERS,
    "enterprise:appointment": SPONSOR,
}
