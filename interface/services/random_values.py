"""Random values used before: accepted, unless a setting refuses them.

Existing clients resend identical bytes after a lost connection, and the specification knows no rule
against it; so even with the setting a repeated value counts only in a call that differs.
"""

from __future__ import annotations

import hashlib

from django.conf import settings

from beian.web.throttle import connection
from interface.models import ProviderAccount

KEPT_SECONDS = 24 * 3600


def is_reused(account: ProviderAccount, value: str, fingerprint: str) -> bool:
    """Tell whether the setting is on and the value came before with another call."""
    if not settings.ENV.refuse_reused_randval:
        return False
    before = connection().get(_key(account, value))
    return before is not None and before != fingerprint.encode()


def remember(account: ProviderAccount, value: str, fingerprint: str) -> None:
    """Keep the value for a day, of callers only that knew the password."""
    if settings.ENV.refuse_reused_randval:
        connection().set(_key(account, value), fingerprint, ex=KEPT_SECONDS, nx=True)


def _key(account: ProviderAccount, value: str) -> str:
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"interface:randval:{account.bureau_id}:{account.isp_id}:{digest}"
