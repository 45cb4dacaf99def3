"""Who may see the pages on which a provider reads about itself."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_bureau

PROVIDERS = at_bureau(Role.PROVIDER_READER)

WHO_MAY: dict[str, Who] = {
    "bureau:mine": PROVIDERS,
    "bureau:my_records": PROVIDERS,
    "bureau:my_record": PROVIDERS,
    "bureau:my_uploads": PROVIDERS,
    "bureau:my_upload": PROVIDERS,
    "bureau:my_mailbox": PROVIDERS,
    "bureau:my_parcels": PROVIDERS,
    "bureau:my_parcel": PROVIDERS,
    "bureau:my_calls": PROVIDERS,
    "bureau:my_help": PROVIDERS,
}
