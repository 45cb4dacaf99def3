"""Who may see the pages of the REST interface. The interface itself is for tokens, which it asks for."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import PUBLIC, Who, at_provider

ADMINISTRATORS = at_provider(Role.ADMINISTRATOR)

FOR_TOKENS = (
    "api_cases",
    "api_case",
    "api_draft",
    "api_submit",
    "api_abandon",
    "api_verify",
    "api_answers",
    "api_numbers",
    "api_pieces",
    "api_form",
    "api_close",
    "api_files",
    "api_holdings",
    "api_holding",
    "api_tasks",
    "api_cuts",
)
"""Views that ask for a token instead of a person: 401 without one."""

WHO_MAY: dict[str, Who] = {
    **{f"enterprise:{name}": PUBLIC for name in (*FOR_TOKENS, "api_root", "api_schema", "api_try")},
    "enterprise:systems": ADMINISTRATORS,
    "enterprise:make_token": ADMINISTRATORS,
    "enterprise:revoke_token": ADMINISTRATORS,
    "enterprise:add_webhook": ADMINISTRATORS,
    "enterprise:switch_webhook": ADMINISTRATORS,
    "enterprise:webhook": ADMINISTRATORS,
    "enterprise:send_delivery_again": ADMINISTRATORS,
}
