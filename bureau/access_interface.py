"""Who may see the pages about providers' systems, and the bureau's own people."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_bureau

READERS = at_bureau(Role.PROVIDER_MANAGER, Role.SUPERVISOR, Role.ADMINISTRATOR)
MANAGERS = at_bureau(Role.PROVIDER_MANAGER)
ADMINISTRATORS = at_bureau(Role.ADMINISTRATOR)

WHO_MAY: dict[str, Who] = {
    "bureau:providers": READERS,
    "bureau:provider_new": MANAGERS,
    "bureau:provider": READERS,
    "bureau:provider_edit": MANAGERS,
    "bureau:provider_parameters": MANAGERS,
    "bureau:provider_address_add": MANAGERS,
    "bureau:provider_address_remove": MANAGERS,
    "bureau:provider_standing": MANAGERS,
    "bureau:provider_uploads": READERS,
    "bureau:provider_readers": READERS,
    "bureau:provider_reader_new": MANAGERS,
    "bureau:provider_reader_password": MANAGERS,
    "bureau:provider_reader_standing": MANAGERS,
    "bureau:mailbox": READERS,
    "bureau:mailbox_again": MANAGERS,
    "bureau:mailboxes": READERS,
    "bureau:calls": READERS,
    "bureau:people": ADMINISTRATORS,
    "bureau:person_new": ADMINISTRATORS,
    "bureau:person": ADMINISTRATORS,
    "bureau:person_password": ADMINISTRATORS,
    "bureau:person_standing": ADMINISTRATORS,
}
