"""Who may see the pages of the connection to the bureau: the office reads, supervisors act, administrators set."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_provider

READERS = at_provider(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.CLERK)
SUPERVISORS = at_provider(Role.ADMINISTRATOR, Role.SUPERVISOR)
ADMINISTRATORS = at_provider(Role.ADMINISTRATOR)

WHO_MAY: dict[str, Who] = {
    "enterprise:connection": READERS,
    "enterprise:connection_status": READERS,
    "enterprise:connection_edit": ADMINISTRATORS,
    "enterprise:connection_try": ADMINISTRATORS,
    "enterprise:connection_act": SUPERVISORS,
    "enterprise:connection_sequence": READERS,
    "enterprise:connection_calls": READERS,
    "enterprise:connection_outgoing": READERS,
    "enterprise:connection_outgoing_document": READERS,
    "enterprise:connection_incoming": READERS,
    "enterprise:connection_incoming_document": READERS,
    "enterprise:connection_apply_again": SUPERVISORS,
    "enterprise:connection_history": READERS,
}
