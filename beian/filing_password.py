"""The filing password (备案密码): how it is written when it is sent, and whether it is the one that is kept.

Kept is a slow hash of the hex MD5 of it, because that is what callers may send.
"""

from __future__ import annotations

import hashlib
import re

from django.contrib.auth.hashers import check_password

_HEX_MD5 = re.compile(r"[0-9A-Fa-f]{32}")


def digest(password: str) -> str:
    """Give the lower-case hex MD5 of a filing password, which may be one already."""
    if _HEX_MD5.fullmatch(password):
        return password.lower()
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password as sent is the one whose slow hash is kept. Slow on purpose."""
    return kept is not None and check_password(digest(password), kept)
