"""Who may see the reviewers' pages, and what is on file."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_bureau

DESK = at_bureau(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
SUPERVISORS = at_bureau(Role.SUPERVISOR)
FILINGS = at_bureau(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.PROVIDER_MANAGER, Role.INSPECTOR)

WHO_MAY: dict[str, Who] = {
    "bureau:queue": DESK,
    "bureau:next": DESK,
    "bureau:bulk": DESK,
    "bureau:save_filter": DESK,
    "bureau:delete_filter": DESK,
    "bureau:application": DESK,
    "bureau:claim": DESK,
    "bureau:renew": DESK,
    "bureau:release": DESK,
    "bureau:take_over": SUPERVISORS,
    "bureau:decide": DESK,
    "bureau:withdraw": SUPERVISORS,
    "bureau:reveal": DESK,
    "bureau:attachment": DESK,
    "bureau:filings": FILINGS,
    "bureau:filings_cancelled": FILINGS,
    "bureau:filing": FILINGS,
    "bureau:filing_reveal": DESK,
    "bureau:filing_attachment": DESK,
    "bureau:reasons": SUPERVISORS,
    "bureau:add_reason": SUPERVISORS,
    "bureau:edit_reason": SUPERVISORS,
    "bureau:move_reason": SUPERVISORS,
    "bureau:switch_reason": SUPERVISORS,
}
