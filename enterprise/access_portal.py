"""Who may see the pages of the sponsors' portal."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import PUBLIC, SIGNED_IN, Who, at_provider

SPONSOR = at_provider(Role.SPONSOR, door="enterprise:sign_in")

WHO_MAY: dict[str, Who] = {
    "enterprise:front": PUBLIC,
    "enterprise:sign_in": PUBLIC,
    "enterprise:sign_in_code": PUBLIC,
    "enterprise:register": PUBLIC,
    "enterprise:register_confirm": PUBLIC,
    "enterprise:reset": PUBLIC,
    "enterprise:reset_confirm": PUBLIC,
    "enterprise:account": SPONSOR,
    "enterprise:account_email": SPONSOR,
    "enterprise:account_email_confirm": SPONSOR,
    "enterprise:account_second_factor": SPONSOR,
    "enterprise:account_second_factor_off": SPONSOR,
    "enterprise:settings": at_provider(Role.ADMINISTRATOR, Role.SUPERVISOR),
    "enterprise:regions": SIGNED_IN,
    "enterprise:apply": SPONSOR,
    "enterprise:apply_website": SPONSOR,
    "enterprise:apply_documents": SPONSOR,
    "enterprise:apply_document": SPONSOR,
    "enterprise:apply_file": SPONSOR,
    "enterprise:apply_review": SPONSOR,
    "enterprise:portal_home": SPONSOR,
    "enterprise:portal_start": SPONSOR,
    "enterprise:portal_begin": SPONSOR,
    "enterprise:portal_claim": SPONSOR,
    "enterprise:portal_case": SPONSOR,
    "enterprise:portal_case_progress": SPONSOR,
    "enterprise:portal_abandon": SPONSOR,
    "enterprise:portal_correct": SPONSOR,
    "enterprise:portal_hand_in": SPONSOR,
    "enterprise:portal_filing": SPONSOR,
    "enterprise:portal_change": SPONSOR,
    "enterprise:portal_new_website": SPONSOR,
    "enterprise:portal_cancel": SPONSOR,
}
