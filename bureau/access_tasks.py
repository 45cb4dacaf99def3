"""Who may see the pages of supervision: inspectors do the work, barring and closing is for supervisors."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_bureau

INSPECTORS = at_bureau(Role.INSPECTOR, Role.SUPERVISOR)
SUPERVISORS = at_bureau(Role.SUPERVISOR)
SENDERS = at_bureau(Role.PROVIDER_MANAGER, Role.SUPERVISOR)

WHO_MAY: dict[str, Who] = {
    "bureau:check_tasks": INSPECTORS,
    "bureau:check_task_new": INSPECTORS,
    "bureau:check_task": INSPECTORS,
    "bureau:check_task_seen": INSPECTORS,
    "bureau:check_task_reveal": INSPECTORS,
    "bureau:check_task_withdraw": INSPECTORS,
    "bureau:unfiled_websites": INSPECTORS,
    "bureau:unfiled_new": INSPECTORS,
    "bureau:unfiled_import": INSPECTORS,
    "bureau:unfiled_template": INSPECTORS,
    "bureau:unfiled_website": INSPECTORS,
    "bureau:unfiled_withdraw": INSPECTORS,
    "bureau:notices": INSPECTORS,
    "bureau:notice_new": INSPECTORS,
    "bureau:blacklist": INSPECTORS,
    "bureau:blacklist_new": SUPERVISORS,
    "bureau:blacklist_entry": SUPERVISORS,
    "bureau:blacklist_remove": SUPERVISORS,
    "bureau:closures": SUPERVISORS,
    "bureau:closure_new": SUPERVISORS,
    "bureau:closure_confirm": SUPERVISORS,
    "bureau:closure": SUPERVISORS,
    "bureau:provider_send_again": SENDERS,
}
